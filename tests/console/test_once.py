"""A form counts once, also when it is sent twice at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from oauth.models import AccessKey
from tests.console.forms import fill_in, ticket

GENERATE = "/d/acme/profile/access-key/generate/"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite writes one at a time")
def test_a_double_click_makes_one_key(transactional_db: None, manager: Client) -> None:
    assert fill_in(manager, GENERATE, name="First", scope="scim").status_code == 200  # the password is known now
    form = {"name": "Entra", "scope": "scim", "ticket": ticket(manager, GENERATE)}

    def send(_number: int) -> int:
        try:
            browser = Client()
            browser.cookies = manager.cookies
            return browser.post(GENERATE, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(send, range(4)))
    assert answers == [200, 302, 302, 302]
    assert AccessKey.objects.count() == 2


def test_as_many_forms_as_tabs_may_be_open_and_the_oldest_is_opened_anew(manager: Client) -> None:
    tickets = [ticket(manager, GENERATE) for _ in range(11)]
    form = {"name": "Entra", "scope": "scim", "password": "correct horse battery"}
    answers = [manager.post(GENERATE, form | {"ticket": each}).status_code for each in tickets]
    assert answers == [302, *[200] * 10]
