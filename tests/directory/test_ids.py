"""Ids are in the order of their making."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from securelogin.directory.ids import earliest_id, is_id, parse_id, uuid7


def test_ids_rise_also_where_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns()
    clock = iter([now, now, now - 600_000_000_000, now + 1_000_000])
    monkeypatch.setattr("securelogin.directory.ids.time.time_ns", lambda: next(clock))
    ids = [uuid7() for _ in range(4)]
    assert ids == sorted(ids)
    assert {one.version for one in ids} == {7}


def test_a_moments_ids_are_from_its_earliest_on() -> None:
    before = datetime.now(UTC)
    made = uuid7()
    assert earliest_id(before) <= made < earliest_id(before + timedelta(minutes=1))


@pytest.mark.parametrize("change", [str, str.upper, "{{{}}}".format, "urn:uuid:{}".format, "{}\n".format, " {}".format])
def test_an_id_has_one_spelling(change: Callable[[str], str]) -> None:
    made = uuid7()
    spelled = change(str(made))
    expected = made if spelled == str(made) else None
    assert (parse_id(spelled), is_id(spelled)) == (expected, expected is not None)
    assert not is_id(made.hex)
