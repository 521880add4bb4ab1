"""Two changes of one user at once: both are kept, whichever writes first."""

from typing import Any

import pytest

from securelogin.directory.directory import Directory
from tests.scim.conftest import Scim

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_patch_that_is_overtaken_is_worked_out_anew(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = scim.user("ann")
    get, rivals = Directory.get, iter(["the rival's"])

    def overtaken(self: Directory, *arguments: Any, **options: Any) -> Any:
        row = get(self, *arguments, **options)
        for title in rivals:  # once, between the reading and the writing of the other
            scim.patch(f"/Users/{ann}", {"op": "replace", "path": "title", "value": title})
        return row

    monkeypatch.setattr(Directory, "get", overtaken)
    answer = scim.patch(f"/Users/{ann}", {"op": "replace", "path": "nickName", "value": "mine"}).json()
    assert (answer["title"], answer["nickName"]) == ("the rival's", "mine")
    assert answer["meta"]["version"] == 'W/"3"'
