"""What happens behind the pages while a browser waits: run inside the installation, never in the test's own process."""

import json
import random
import sys
import time
from dataclasses import replace
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from oauth.applications import create_entra_application
from oauth.connections import Author
from oauth.models import ApplicationSecret, Connection
from securelogin.directory.domains import set_password
from securelogin.directory.ids import earliest_id, uuid7
from securelogin.directory.managers import Appointment
from securelogin.directory.models import Domain, Group, Role, Tombstone, User
from securelogin.directory.text import comparison_key
from securelogin.logbook import writer
from securelogin.logbook.exchange import Exchange
from securelogin.logbook.models import Cycle, Entry
from securelogin.logbook.upkeep import note_upkeep
from securelogin.signin import errands
from securelogin.signin.invitations import invite
from tests.addresses import OF_A_DOMAIN, OF_OPERATORS
from tests.furniture import furnish


def give_password(domain: str, user_name: str, password: str) -> None:
    """Let somebody whom Entra provisioned sign in here too, without making her a manager."""
    set_password(User.objects.get(domain__name=domain, user_name_key=comparison_key(user_name)), password)


def suspend(domain: str) -> None:
    Domain.objects.filter(name=domain).update(state=Domain.State.SUSPENDED)


def resume(domain: str) -> None:
    Domain.objects.filter(name=domain).update(state=Domain.State.ACTIVE)


def make_errands_too_old() -> None:
    """Let the ten minutes of every errand that waits in a session pass."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        parked = session.get("errands", {})
        session["errands"] = {
            name: errand | {"since": time.time() - errands.LIFETIME - 1} for name, errand in parked.items()
        }
        session.save()


def furnish_acme() -> None:
    """Make a connection of each kind, and print the address of every page of the console."""
    furniture = furnish(Domain.objects.get(name="acme"), "Furniture")
    addresses = {furniture.address_of(page) for page in OF_A_DOMAIN}
    sys.stdout.write("\n" + json.dumps(sorted(addresses)))


def _refusal(domain: Domain) -> Entry:
    """Return the latest line of a name that was taken; the server writes it within a second or two."""
    refused = Entry.objects.filter(domain_id=domain.pk, status=409)
    for _ in range(50):
        if refused.exists():
            break
        time.sleep(0.1)
    return refused.latest("id")


def show_acme() -> None:
    """As `furnish_acme`, for people to look at: things have names, and much has happened to somebody."""
    domain = Domain.objects.get(name="acme")
    alice = User.objects.get(domain=domain, user_name_key="alice@acme.example")
    made = furnish(domain, "Entra ID, staging", Author(alice, "Alice de Boer", None))
    writer.flush()
    Entry.objects.filter(pk=made.entry_id).delete()  # a made-up line, beside those that Entra's requests left
    furniture = replace(
        made,
        entry_id=str(_refusal(domain).pk),
        user_id=str(User.objects.get(domain=domain, user_name_key="a.bakker@acme.example").pk),
        group_id=str(Group.objects.filter(domain=domain).earliest("id").pk),
        tombstone_id=str(Tombstone.objects.filter(domain=domain, subject_type="User").earliest("deleted").pk),
    )
    sys.stdout.write("\n" + json.dumps(sorted({furniture.address_of(page) for page in OF_A_DOMAIN})))


def invite_somebody() -> None:
    """Invite a manager of acme, and print the address in her mail."""
    appointment = Appointment("fleur@acme.example", Role.ADMIN, "en", "Alice de Boer")
    sys.stdout.write("\n" + invite(Domain.objects.get(name="acme"), appointment).address)


def live_for_weeks() -> None:
    """Let acme's first connection have synced every forty minutes for a fortnight, in some weeks' worth of cycles."""
    domain = Domain.objects.get(name="acme")
    connection = Connection.objects.filter(domain=domain).order_by("id").first()
    if connection is None:
        raise LookupError("acme has no connection")
    dice, now = random.Random(14), timezone.now()  # noqa: S311  # pictures need no secrecy
    began = now - timedelta(days=13, hours=5)
    cycles = []
    while began < now - timedelta(minutes=50):
        busy = 8 <= began.hour < 18 and began.weekday() < 5
        counts = {
            "created": dice.choice((0, 0, 0, 1, 2)) if busy else 0,
            "changed": dice.randrange(9) if busy else dice.choice((0, 0, 0, 1)),
            "disabled": int(busy and dice.random() < 0.15),
            "removed": int(busy and dice.random() < 0.05),
            "failed": int(dice.random() < 0.04),
        }
        ended = began + timedelta(seconds=20 + 3 * sum(counts.values()))
        of = {"domain_id": domain.pk, "connection_id": connection.pk, "began": began, "ended": ended}
        calls = 25 + 2 * sum(counts.values())
        cycles.append(Cycle(id=earliest_id(began), calls=calls, probes=1, **of, **counts))
        began += timedelta(minutes=40)
    Cycle.objects.bulk_create(cycles, ignore_conflicts=True)


def _keep_a_logbook(operators: Domain) -> None:
    """Let operators have done something, housekeeping have run, and strangers have been refused."""
    acme = Domain.objects.get(name="acme")
    for act, sentence in (("suspend", "The domain was suspended."), ("resume", "The domain was resumed.")):
        line = Exchange(uuid7(), "POST", f"/operator/domains/{acme.pk}/{act}/", domain_id=operators.pk, changed=True)
        line.actor_label = "Operator Olga"
        line.about("domain", acme.pk, acme.name)
        line.warn(sentence)
        writer.record(line)
    note_upkeep(uuid7(), operators.pk, {"sessions": "12", "logbook_lines": "431"})
    line = Exchange(uuid7(), "GET", "/scim/v2/Users", status=401, error_id="SL-CREDENTIAL")
    line.detail = "Send an access token as a bearer."
    writer.record(line)
    line = Exchange(uuid7(), "POST", "/d/operators/login", status=401, error_id="sign_in")
    line.detail = "A sign-in from 192.0.2.7 was refused."
    writer.record(line)
    writer.flush()


def tour() -> None:
    """Print the address of every operators' page, about acme and an application of its own; their logbook has lines."""
    _keep_a_logbook(Domain.objects.get(kind=Domain.Kind.OPERATORS))
    application, _secret = create_entra_application(name="Furniture")
    secret = ApplicationSecret.objects.get(application=application)
    ids = {
        "<uuid:domain_id>": Domain.objects.get(name="acme").pk,
        "<int:application_id>": application.pk,
        "<uuid:secret_id>": secret.pk,
    }
    addresses = set(OF_OPERATORS)
    for converter, value in ids.items():
        addresses = {address.replace(converter, str(value)) for address in addresses}
    sys.stdout.write("\n" + json.dumps(sorted(addresses)))
