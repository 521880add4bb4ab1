"""Target attributes are read, written and compared as Entra does it."""

from dataclasses import replace
from typing import Any

import pytest

from entra.directory import Registrar
from entra.mapping import differences, named
from entra.targets import ENTERPRISE, Target

FULL = named("full", "userName", managers=True)


@pytest.mark.parametrize(
    "path,document",
    [
        ("userName", {"userName": "x"}),
        ("name.givenName", {"name": {"givenName": "x"}}),
        ('emails[type eq "work"].value', {"emails": [{"primary": True, "type": "work", "value": "x"}]}),
        (f"{ENTERPRISE}:department", {ENTERPRISE: {"department": "x"}}),
        (f"{ENTERPRISE}:manager.value", {ENTERPRISE: {"manager": {"value": "x"}}}),
    ],
)
def test_a_target_is_written_where_it_is_read(path: str, document: dict[str, Any]) -> None:
    target, written = Target.parse(path), dict[str, Any]()
    target.write(written, "x")
    assert written == document
    assert target.read(document) == "x"


@pytest.mark.parametrize(
    "document", [{}, {"emails": None}, {"emails": "text"}, {"emails": [{"type": "home", "value": "x"}]}]
)
def test_a_missing_value_reads_as_none(document: dict[str, Any]) -> None:
    assert Target.parse('emails[type eq "work"].value').read(document) is None


@pytest.mark.parametrize("path", ["", "a.b.c", "emails[type eq work].value", "emails[]"])
def test_what_is_no_target_attribute_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is not a target attribute"):
        Target.parse(path)


def test_an_attribute_that_does_not_come_back_is_sent_again() -> None:
    person = Registrar(1).person()
    shown = FULL.document(person)
    del shown["name"]
    assert FULL.changes(person, shown).keys() == {"name.givenName", "name.familyName", "name.formatted"}


def test_a_person_shown_as_sent_needs_no_change() -> None:
    person = Registrar(1).person()
    assert FULL.changes(person, FULL.document(person)) == {}


def test_null_values_are_skipped_and_empty_ones_clear() -> None:
    person = Registrar(1).person()
    shown = FULL.document(person)
    assert FULL.changes(replace(person, mobile=None, job_title=""), shown) == {"title": ""}


@pytest.mark.parametrize("wanted,shown", [(True, "True"), ("1", 1), ("a", "A"), ("+5 5", "+55"), ("a", None)])
def test_a_value_in_another_form_is_a_difference(wanted: Any, shown: Any) -> None:
    assert differences({"path": wanted}, {"path": shown}) == {"path": wanted}


def test_an_empty_value_and_an_absent_one_are_alike() -> None:
    assert differences({"title": ""}, {"title": None}) == {}


def test_the_tutorials_have_the_tables_they_print() -> None:
    assert len(named("securelogin", "userName", managers=True).paths) == 8
    assert len(named("logicgate", "userName", managers=True).paths) == 5
    assert not named("logicgate", "userName", managers=True).groups


def test_matching_needs_a_mapped_attribute() -> None:
    with pytest.raises(ValueError, match="no attribute 'externalId' to match by"):
        named("logicgate", "externalId", managers=True)
