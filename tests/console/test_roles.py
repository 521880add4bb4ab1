"""Every page of the console and every role: who may connect the domain may do all there is, an auditor may look."""

import pytest
from django.test import Client

from securelogin.directory.models import Domain, Role, User
from tests.addresses import OF_A_DOMAIN
from tests.console.conftest import browser_of
from tests.furniture import furnish
from tests.people import make_user

# What an auditor may open; a new page goes in here, or is for those who may connect the domain.
FOR_LOOKING = {
    *("/d/acme/", "/d/acme/users/", "/d/acme/groups/", "/d/acme/profile/", "/d/acme/profile/access-key/"),
    *("/d/acme/connection/", "/d/acme/connection/<uuid:connection_id>/"),
}


@pytest.fixture
def browsers(acme: Domain, alice: User) -> dict[str, Client]:
    """Somebody of each role; Alice is the owner."""
    people = {role: make_user(acme, f"{role}@acme.example", role) for role in Role.values if role != Role.OWNER}
    return {role: browser_of(person) for role, person in (people | {Role.OWNER: alice}).items()}


def test_what_an_auditor_may_open_is_there() -> None:
    assert set(OF_A_DOMAIN) > FOR_LOOKING


@pytest.mark.parametrize("page", OF_A_DOMAIN)
@pytest.mark.parametrize("role", Role.values)
def test_a_page_opens_to_those_who_may(acme: Domain, browsers: dict[str, Client], page: str, role: str) -> None:
    address = furnish(acme).address_of(page)
    opened = browsers[role].get(address).status_code
    refused = role == Role.AUDITOR and page not in FOR_LOOKING
    assert opened == 405 or (opened == 403) is refused


@pytest.mark.parametrize("page", sorted(set(OF_A_DOMAIN) - FOR_LOOKING))
def test_who_may_not_is_told_whom_to_ask(acme: Domain, browsers: dict[str, Client], page: str) -> None:
    answer = browsers[Role.AUDITOR].post(furnish(acme).address_of(page))
    assert answer.status_code == 403
    words = answer.content.decode()
    assert "Your role in acme, Auditor, does not allow this." in words
    for name in ("alice@acme.example", "admin@acme.example", "connector@acme.example"):
        assert name in words
    assert "auditor@acme.example" not in words.partition("Ask one of them")[2].partition("</p>")[0]
