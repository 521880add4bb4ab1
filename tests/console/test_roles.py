"""Every page of the console and every role: it opens to those who may, and the others are told whom to ask."""

import pytest
from django.test import Client

from securelogin.directory.models import Domain, Role, User
from securelogin.directory.permissions import Permission, allows
from tests.addresses import OF_A_DOMAIN
from tests.console.conftest import browser_of
from tests.furniture import furnish
from tests.people import make_user

# What an auditor may open; a new page goes in here, or below, or is for those who may connect the domain.
FOR_LOOKING = {
    *("/d/acme/", "/d/acme/users/", "/d/acme/groups/", "/d/acme/profile/", "/d/acme/profile/access-key/"),
    *("/d/acme/connection/", "/d/acme/connection/<uuid:connection_id>/", "/d/acme/trash/"),
    *(f"/d/acme/users/<uuid:user_id>/{page}" for page in ("", "groups/", "timeline/", "scim/", "access/")),
    *(f"/d/acme/groups/<uuid:group_id>/{page}" for page in ("", "timeline/", "scim/")),
    *("/d/acme/guard/", "/d/acme/settings/", "/d/acme/managers/", "/d/acme/profile/password/"),
    *("/d/acme/log/", "/d/acme/log/export/", "/d/acme/log/<uuid:entry_id>/"),
}
NEEDED = {
    **{page: Permission.EDIT_MANAGERS for page in OF_A_DOMAIN if page.startswith("/d/acme/managers/")},
    **dict.fromkeys(FOR_LOOKING, Permission.VIEW_DIRECTORY),
    "/d/acme/users/<uuid:user_id>/access/end-sessions/": Permission.EDIT_DIRECTORY,
    "/d/acme/trash/<uuid:tombstone_id>/restore/": Permission.EDIT_DIRECTORY,
    "/d/acme/trash/<uuid:tombstone_id>/purge/": Permission.PURGE,
    "/d/acme/settings/change/": Permission.EDIT_SETTINGS,
    **{f"/d/acme/guard/{verb}/": Permission.EDIT_DIRECTORY for verb in ("release", "reject", "watch")},
}


def needed(page: str) -> Permission:
    return NEEDED.get(page, Permission.CONNECT)


@pytest.fixture
def browsers(acme: Domain, alice: User) -> dict[str, Client]:
    """Somebody of each role; Alice is the owner."""
    people = {role: make_user(acme, f"{role}@acme.example", role) for role in Role.values if role != Role.OWNER}
    return {role: browser_of(person) for role, person in (people | {Role.OWNER: alice}).items()}


def test_what_an_auditor_may_open_is_there() -> None:
    assert set(OF_A_DOMAIN) > FOR_LOOKING
    assert set(OF_A_DOMAIN) >= NEEDED.keys()


@pytest.mark.parametrize("page", OF_A_DOMAIN)
def test_a_page_opens_to_those_who_may(acme: Domain, browsers: dict[str, Client], page: str) -> None:
    address = furnish(acme).address_of(page)
    for role, browser in browsers.items():
        opened = browser.get(address).status_code
        assert opened == 405 or (opened == 403) is not allows(role, needed(page)), role


@pytest.mark.parametrize("page", sorted(set(OF_A_DOMAIN) - FOR_LOOKING))
def test_who_may_not_is_told_whom_to_ask(acme: Domain, browsers: dict[str, Client], page: str) -> None:
    answer = browsers[Role.AUDITOR].post(furnish(acme).address_of(page))
    assert answer.status_code == 403
    words = answer.content.decode()
    assert "Your role in acme, Auditor, does not allow this." in words
    told = words.partition("Ask one of them")[2].partition("</p>")[0]
    for role in Role.values:
        name = "alice@acme.example" if role == Role.OWNER else f"{role}@acme.example"
        assert (name in told) is allows(role, needed(page))
