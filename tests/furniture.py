"""A domain with something in it of each kind, so that every page has a row to show and an address for each id."""

from collections.abc import Iterator
from dataclasses import dataclass

from oauth.applications import ClientTerms, connect_client
from oauth.connections import Author
from oauth.keys import KeyTerms, generate_key
from oauth.models import ApplicationSecret, Connection
from oauth.trusts import TrustTerms, connect_federation
from securelogin.directory.directory import GROUPS, USERS, Directory, Slice, Values
from securelogin.directory.domains import tenant
from securelogin.directory.ids import uuid7
from securelogin.directory.managers import Appointment
from securelogin.directory.models import Domain, Manager, Role
from securelogin.logbook import writer
from securelogin.logbook.exchange import Exchange
from securelogin.signin.invitations import invite
from tests.people import ACTOR

GUID = "5f1d2c3b-1111-4222-8333-444455556666"


@dataclass(frozen=True)
class Furniture:
    """The ids of what there is."""

    key_line: Connection
    client: Connection
    federation: Connection
    key_id: str
    secret_id: str
    invitation_id: str
    manager_id: str  # one of those who are there
    entry_id: str
    user_id: str
    group_id: str
    tombstone_id: str

    def address_of(self, page: str) -> str:
        """Fill the ids into an address of the URL table: those of the kind that its page is for."""
        connection = self.key_line
        if "/secrets/" in page:
            connection = self.client
        if "/trust/" in page:
            connection = self.federation
        page = page.replace("<uuid:connection_id>", str(connection.pk))
        page = page.replace("<uuid:domain_id>", str(connection.domain_id)).replace("<int:application_id>", "1")
        ids = ("key_id", "secret_id", "invitation_id", "manager_id", "entry_id", "user_id", "group_id", "tombstone_id")
        for name in ids:
            page = page.replace(f"<uuid:{name}>", getattr(self, name))
        return page


def furnish(domain: Domain, name: str = "Something", author: Author | None = None) -> Furniture:
    """Make a connection of each kind that a manager sets up herself, all called alike."""
    author = author or Author(None, "The tests", None)
    key, _text = generate_key(domain, KeyTerms(name), author)
    client, _secret = connect_client(domain, ClientTerms(name), author)
    terms = TrustTerms(tenant_id=GUID, subject=GUID, audiences=[f"api://{GUID}"])
    federation = connect_federation(domain, name, "scim", terms, author)
    secret = ApplicationSecret.objects.get(application=client.application)
    address = f"invited.{secret.pk.hex[-8:]}.{name.replace(' ', '-').lower()}@acme.example"
    invited = Appointment(address, Role.ADMIN, "nl", author.name)
    invitation = invite(domain, invited).invitation
    manager = Manager.objects.filter(domain=domain).order_by("id").first()
    ids = (key.pk, secret.pk, invitation.pk, manager.pk if manager else uuid7(), _line(key.connection, name))
    return Furniture(key.connection, client, federation, *map(str, ids), *_people(domain, name))


def _people(domain: Domain, name: str) -> Iterator[str]:
    """Yield the ids of a user and a group, those that there are or else new ones, and of a user in the trash."""
    door = Directory(tenant(domain), ACTOR)
    for table, label in ((USERS, "user_name"), (GROUPS, "display_name")):
        there = door.select(table, None, Slice(limit=1)) or [door.create(table, Values({label: name}))]
        yield there[0]["id"]
    gone = door.create(USERS, Values({"user_name": f"{name}-gone"}))["id"]
    door.delete(USERS, gone)
    yield gone


def _line(connection: Connection, name: str) -> str:
    """Leave a line of a refused change in the logbook, with what was said; return its id."""
    exchange = Exchange(uuid7(), "PATCH", f"/scim/v2/Users/{GUID}", status=400, error_id="SL-PATH-SYNTAX", detail=name)
    exchange.domain_id, exchange.connection_id, exchange.actor_label = connection.domain_id, connection.pk, name
    exchange.about("User", GUID, name)
    exchange.request = {"title": name}
    exchange.warn(name)
    writer.record(exchange)
    writer.transcribe(exchange, b"{}")
    return str(exchange.id)
