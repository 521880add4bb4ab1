"""What a request reads first is read together with its credential: for the price of one, and never instead of it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oauth.models import Connection
from securelogin.logbook import writer
from tests.scim.conftest import Scim

pytestmark = pytest.mark.django_db(transaction=True)
AHEAD = connection.vendor == "postgresql"


@pytest.fixture(autouse=True)
def _nothing_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server writes lines of reads, and transcripts, in batches."""
    monkeypatch.setattr(writer, "_enter", lambda _model, _line: None)


def spent(scim: Scim, method: str, path: str, body: Any = None) -> list[str]:
    """Return the statements of a request, which may fail."""
    scim.get("/Users?count=0")  # the connection's use is noted once in five minutes
    with CaptureQueriesContext(connection) as queries:
        scim.call(method, path, body)
    return [query["sql"] for query in queries]


@pytest.mark.parametrize(
    "path",
    [
        "/Users/{ann}",
        "/Users/{ann}?attributes=userName",
        "/Groups/{team}",
        '/Users?filter=userName eq "ANN"',
        '/Users?filter=externalId eq "e-ann"',
        '/Users?filter=emails[type eq "work"].value eq "ann@x.example"',
        '/Groups?excludedAttributes=members&filter=displayName eq "team"',
    ],
)
def test_a_read_and_its_credential_are_one_statement(scim: Scim, path: str) -> None:
    ann = scim.post(
        "/Users", {"userName": "ann", "externalId": "e-ann", "emails": [{"type": "work", "value": "ann@x.example"}]}
    ).json()["id"]
    team = scim.group("Team", ann)
    path = path.format(ann=ann, team=team)
    answer = scim.get(path).json()
    assert answer.get("totalResults", 1) == 1
    assert answer.get("Resources", [answer])[0]["id"] in {ann, team}
    assert len(spent(scim, "GET", path)) == (1 if AHEAD else 2)


def test_who_is_not_there_is_found_missing_by_the_same_statement(scim: Scim) -> None:
    nobody = "/Users/01900000-0000-7000-8000-000000000007"
    assert scim.get(nobody).status_code == 404
    assert scim.get('/Users?filter=userName eq "nobody"').json()["totalResults"] == 0
    assert len(spent(scim, "GET", nobody)) == (1 if AHEAD else 2)


def test_several_are_found_in_their_order(scim: Scim) -> None:
    ids = [scim.user(f"ann{number}", displayName="Ann") for number in range(3)]
    path = '/Users?filter=displayName eq "ANN"'
    assert [one["id"] for one in scim.get(path).json()["Resources"]] == ids
    assert len(spent(scim, "GET", path)) == (1 if AHEAD else 2)


@pytest.mark.parametrize(
    "path, operation",
    [
        ("/Users/{ann}", {"op": "add", "path": "title", "value": "T"}),
        ("/Groups/{team}", {"op": "replace", "path": "displayName", "value": "T"}),
        ("/Groups/{team}", {"op": "remove", "path": 'members[value eq "{ann}"]'}),
    ],
)
def test_what_is_changed_is_read_with_the_credential(scim: Scim, path: str, operation: dict[str, str]) -> None:
    ann = scim.user("ann")
    ids = {"ann": ann, "team": scim.group("team", ann)}
    body = {"Operations": [operation | {"path": operation["path"].format(**ids)}]}
    assert len(spent(scim, "PATCH", path.format(**ids), body)) <= (2 if AHEAD else 9)


def test_members_are_not_read_ahead_of_a_change(scim: Scim) -> None:
    team = scim.group("team", scim.user("ann"))
    body = {"Operations": [{"op": "add", "path": "members", "value": [{"value": scim.user("bob")}]}]}
    statements = spent(scim, "PATCH", f"/Groups/{team}", body)
    assert not any("string_agg" in sql or "group_concat" in sql for sql in statements)


@pytest.mark.parametrize(
    "path", ["/Users?filter=title eq 1", '/Users?filter=title eq "x"', "/Users?count=1", "/Users?filter=)"]
)
def test_what_may_take_long_waits_for_the_credential(scim: Scim, path: str) -> None:
    scim.user("ann")
    first = spent(scim, "GET", path)[0]
    assert "directory_user" not in first


def test_another_domains_rows_are_not_read_ahead(scim: Scim, neighbour: Scim) -> None:
    ann, other = scim.user("ann"), neighbour
    assert other.get(f"/Users/{ann}").status_code == 404
    assert other.get('/Users?filter=userName eq "ann"').json()["totalResults"] == 0
    assert other.patch(f"/Users/{ann}", {"op": "add", "path": "title", "value": "T"}).status_code == 404


def test_a_credential_that_is_refused_hears_of_nothing_that_was_read(scim: Scim) -> None:
    ann = scim.user("ann")
    Connection.objects.update(state="paused")
    for path in (f"/Users/{ann}", '/Users?filter=userName eq "ann"'):
        answer = scim.get(path)
        assert answer.status_code == 503
        assert b"userName" not in answer.content


@pytest.mark.parametrize(
    "path",
    [
        "/Users/nonsense",
        "/Users?filter=(",
        "/Users?count=x",
        "/Users?count=1&count=2",
        '/Users?filter=userName eq "%00"',
    ],
)
def test_nobody_hears_what_is_wrong_before_she_is_known(scim: Scim, path: str) -> None:
    assert Scim(None).get(path).status_code == 401
    assert scim.get(path).status_code in {400, 404}
    Connection.objects.update(state="revoked")
    assert scim.get(path).status_code == 401
