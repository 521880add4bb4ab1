"""What is answered is what was committed; where the two part ways, the logbook tells both."""

from typing import Any

import pytest
from django.db import connection

from scim.shelf import Shelf
from securelogin.directory.directory import Directory
from securelogin.logbook.models import Entry
from tests.scim.conftest import ENTERPRISE, PATCH_OP, Scim


def test_the_members_that_are_shown_are_read_before_the_transaction_ends(
    scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = scim.user("ann")
    team = scim.group("Team")

    def inside(self: Directory, *arguments: Any, **options: Any) -> Any:
        assert connection.savepoint_ids, "outside the transaction the group may be gone"
        return get(self, *arguments, **options)

    get = Directory.get
    monkeypatch.setattr(Directory, "get", inside)
    add = {"op": "add", "path": "members", "value": [{"value": ann}]}
    shown = scim.patch(f"/Groups/{team}", add, Prefer="return=representation")
    assert [member["value"] for member in shown.json()["members"]] == [ann]
    assert scim.put(f"/Groups/{team}", {"displayName": "Team"}).json()["members"][0]["value"] == ann
    assert scim.post("/Groups", {"displayName": "Other", "members": [{"value": ann}]}).json()["members"]


def test_a_failure_after_the_commit_has_a_line_of_its_own(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Shelf, "_shown", fail)
    assert scim.post("/Users", {"userName": "ann"}).status_code == 500
    lines = Entry.objects.order_by("id").values_list("status", "changed", "error_id")
    assert list(lines) == [(201, True, ""), (500, False, "SL-INTERNAL")]


@pytest.mark.parametrize("before, after", [(True, 1), (1, True), (0, False), (1, 1.5)])
def test_true_and_one_are_different_values_of_an_extension(scim: Scim, before: Any, after: Any) -> None:
    urn = "urn:my:ext:2.0:User"
    ann = scim.user("ann", **{urn: {"a": before}, ENTERPRISE: {"department": "Sales"}})
    body = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": f"{urn}:a", "value": after}]}
    answer = scim.call("PATCH", f"/Users/{ann}", body)
    assert answer.status_code == 200
    for shown in (answer, scim.get(f"/Users/{ann}")):
        value = shown.json()[urn]["a"]
        assert (value, type(value)) == (after, type(after))
