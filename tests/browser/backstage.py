"""What happens behind the pages while a browser waits: run inside the installation, never in the test's own process."""

import json
import sys
import time

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from oauth.applications import create_entra_application
from oauth.models import ApplicationSecret
from securelogin.directory.domains import set_password
from securelogin.directory.models import Domain, User
from securelogin.directory.text import comparison_key
from securelogin.signin import errands
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


def tour() -> None:
    """Print the address of every operators' page, about acme and an application of its own."""
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
