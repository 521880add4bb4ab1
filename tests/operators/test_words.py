"""Every text of an operators' page went through gettext, but for what has the same name everywhere."""

import re

import pytest
from django.test import Client

from oauth.applications import create_entra_application
from oauth.models import ApplicationSecret
from securelogin.directory.models import Domain, User
from tests.addresses import OF_OPERATORS
from tests.console.crowd import fill
from tests.console.test_words import bracketed, unspoken
from tests.furniture import furnish

__all__ = ["bracketed"]
SAME_EVERYWHERE = re.compile("Microsoft Entra ID|Python|Django|SQLite|PostgreSQL|https://portal.example/a/?")


@pytest.mark.parametrize("page", OF_OPERATORS)
def test_every_text_of_an_operators_page_can_be_translated(
    operator: Client, alice: User, acme: Domain, page: str
) -> None:
    fill(acme, 3)
    application, _secret = create_entra_application()
    secret = ApplicationSecret.objects.get(application=application)
    address = page.replace("<int:application_id>", str(application.pk)).replace("<uuid:secret_id>", str(secret.pk))
    answer = operator.get(furnish(acme).address_of(address))
    if answer.status_code == 405:
        return  # nothing to look at: a form leads there
    assert answer.status_code == 200
    shown = SAME_EVERYWHERE.sub("", answer.content.decode()).replace(application.client_id, "")
    assert "⟦" in shown
    assert unspoken(shown) == []
