"""Every page that can be opened, with what people look for on it, in a domain that tests/filling.py has filled."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oauth.applications import create_entra_application
from oauth.models import ApplicationSecret
from securelogin.directory.ids import earliest_id
from securelogin.directory.models import Domain, Role
from securelogin.directory.operators import create_operator
from securelogin.logbook.models import Bookmark, Cycle, Entry
from tests.addresses import OF_A_DOMAIN, OF_OPERATORS
from tests.filling import Filled, Size
from tests.furniture import Furniture, furnish
from tests.people import ACTOR, PASSWORD, make_user

# A domain that is small, and has something of everything.
VILLAGE = Size(people=10, groups=3, lines=1_500, cycles=30, deleted=60)

_LOG = (
    *("view=requests", "kind=changed", "kind=removed", "kind=restored", "result=done", "result=failed", "period=day"),
    *("cause=SL-NAME-TAKEN", "cause=SL-BUSY", "whom=person000007", "whom=p", "whom=nobody", "whom=group 000001"),
    *("who={entra}", "who={rare}", "who=here", "who={rare}&view=requests", "who=here&view=requests"),
    *("who={rare}&kind=removed", "who={rare}&result=failed", "who={entra}&cause=SL-PATH-SYNTAX", "before={deep}"),
    *("view=requests&before={deep}", "after={deep}", "who={rare}&before={deep}", "kind=removed&period=month"),
)
_PEOPLE = ("q=person000007", "q=p", "q=named 000007", "q=mail000007", "q=e000007", "q=nobody")
# What is asked of a page beside its bare address.
ASKED: dict[str, tuple[str, ...]] = {
    "/d/acme/users/": (
        *_PEOPLE,
        *("status=active", "status=disabled", "status=unassigned", "changed=3600", "changed=2592000"),
        *("group={crowd}", "group={crowd}&q=person000007", "group={crowd}&q=p", "group={crowd}&status=disabled"),
        *("q=p&status=disabled", "q=p&changed=2592000", "changed=2592000&status=unassigned", "changed=604800&q=f"),
        *("after={person}", "before={person}", "q=p&after={person}", "format=csv", "q=p&format=csv"),
    ),
    "/d/acme/groups/": ("q=group 000003", "q=g", "q=nobody", "after=group 000001"),
    "/d/acme/groups/<uuid:group_id>/": (*_PEOPLE, "after={user}"),
    "/d/acme/groups/<uuid:group_id>/timeline/": ("after={deep}", "before={deep}"),
    "/d/acme/users/<uuid:user_id>/timeline/": ("after={deep}",),
    "/d/acme/trash/": ("q=gone 000007", "q=g", "kind=User", "kind=Group", "after={moment}~{deep}"),
    "/d/acme/guard/": ("after={user}",),
    "/d/acme/log/": _LOG,
    "/d/acme/log/export/": ("", "who={rare}", "view=requests&before={deep}"),
    "/d/acme/connection/": ("page=2",),
    "/operator/": ("q=v", "after=c"),
    "/operator/log/": ("q=domain", "q={deep}", "after={deep}", "before={deep}"),
    "/operator/log/refused/": ("q=scim", "q={deep}", "after={deep}", "before={deep}"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One page as somebody opens it: its address in the URL table, that with what is asked, and where it really is."""

    page: str
    name: str
    address: str
    browser: Client

    def open(self) -> int:
        """Open it and read it, of a file that is sent in parts the first; return the status."""
        answer = self.browser.get(self.address)
        if isinstance(answer, StreamingHttpResponse):
            parts: Iterator[Any] = iter(answer)  # type: ignore[call-overload]  # it is no asynchronous one
            next(parts)
            next(parts, None)  # of a CSV the first was the names of its columns
        return answer.status_code


def visits(filled: Filled) -> list[Visit]:
    """Return the visits of a domain's owner to all of its pages, and those of an operator to hers."""
    return [*_of_owner(filled), *_of_operator(filled)]


def _of_owner(filled: Filled) -> Iterator[Visit]:
    domain, browser = filled.domain, Client()
    browser.force_login(make_user(domain, "owner@city.example", Role.OWNER))
    furniture = replace(_furnished(domain), user_id=str(filled.user_id), group_id=str(filled.crowd_id))
    crowd = replace(furniture, tombstone_id=str(filled.gone_crowd_id))
    said = _said(filled)
    for page in OF_A_DOMAIN:
        yield from _visits(page, furniture.address_of(page).replace("/d/acme/", f"/d/{domain.name}/"), said, browser)
        if "tombstone_id" in page:
            address = crowd.address_of(page).replace("/d/acme/", f"/d/{domain.name}/")
            yield Visit(page, f"{page} of a crowd", address, browser)


def _furnished(domain: Domain) -> Furniture:
    """Furnish the domain, and let the lines that this leaves be counted: when a page would, depends on the clock."""
    furniture = furnish(domain)
    newest = Entry.objects.filter(domain_id=domain.pk).order_by("-id")[0]
    Bookmark.objects.filter(domain_id=domain.pk).update(entry_id=newest.pk)
    return furniture


def _said(filled: Filled) -> dict[str, str]:
    """Return the words for what is asked, by their names in ASKED."""
    cycles = list(Cycle.objects.filter(domain_id=filled.domain.pk).order_by("id"))
    middle = cycles[len(cycles) // 2]
    return {
        "crowd": str(filled.crowd_id),
        "user": str(filled.user_id),
        "entra": str(filled.connection_id),
        "rare": str(filled.rare_id),
        "deep": str(earliest_id(middle.began)),
        "moment": middle.began.isoformat().replace("+", "%2B"),
        "person": "person000005@city.example",
    }


def _of_operator(filled: Filled) -> Iterator[Visit]:
    domain, browser = filled.domain, Client()
    browser.force_login(create_operator(f"of-{domain.name}@hosting.example", PASSWORD, ACTOR).user)
    application, _secret = create_entra_application(name=f"Of {domain.name}")
    ids = {
        "<uuid:domain_id>": domain.pk,
        "<int:application_id>": application.pk,
        "<uuid:secret_id>": ApplicationSecret.objects.get(application=application).pk,
    }
    said = _said(filled)
    for page in OF_OPERATORS:
        address = page
        for converter, value in ids.items():
            address = address.replace(converter, str(value))
        yield from _visits(page, address, said, browser)


def _visits(page: str, address: str, said: dict[str, str], browser: Client) -> Iterator[Visit]:
    for asked in ("", *ASKED.get(page, ())):
        name = f"{page}?{asked}" if asked else page
        yield Visit(page, name, f"{address}?{asked.format(**said)}", browser)


def statements_of(visit: Visit) -> list[str]:
    """Return what a visit asks the database."""
    with CaptureQueriesContext(connection) as asked:
        status = visit.open()
    assert status in {200, 302, 405}, (visit.name, status)
    return [str(query["sql"]) for query in asked.captured_queries]


def milliseconds_of(visit: Visit) -> float:
    since = time.perf_counter()
    visit.open()
    return (time.perf_counter() - since) * 1000
