"""The ways in that need nothing but a domain and its author: each gives a connection, and what to present to SCIM."""

from collections.abc import Callable

from oauth.applications import ClientTerms, connect_client, create_entra_application
from oauth.connections import Author
from oauth.keys import KeyTerms, generate_key
from oauth.models import Connection
from securelogin.directory.models import User
from tests.oauth.walk import Entra

Way = Callable[[User], tuple[Connection, Callable[[], str]]]


def by_authorize(author: User) -> tuple[Connection, Callable[[], str]]:
    entra = Entra(*create_entra_application())
    refresh_token = entra.connect(author)["refresh_token"]
    made = Connection.objects.get(domain=author.domain, kind="authorize", state="active")
    return made, lambda: str(entra.refresh(refresh_token).json().get("access_token", ""))


def by_client(author: User) -> tuple[Connection, Callable[[], str]]:
    made, secret = connect_client(author.domain, ClientTerms("A machine"), _signed(author))
    assert made.application is not None
    machine = Entra(made.application, secret)
    return made, lambda: str(machine.ask().json().get("access_token", ""))


def by_key(author: User) -> tuple[Connection, Callable[[], str]]:
    key, text = generate_key(author.domain, KeyTerms("A key"), _signed(author))
    return key.connection, lambda: text


def _signed(author: User) -> Author:
    return Author(author, author.user_name, "192.0.2.7")


# Each gives the connection, and a function that returns a fresh bearer for it, "" when the token endpoint refuses.
WAYS: dict[str, Way] = {"authorize": by_authorize, "client": by_client, "key": by_key}
