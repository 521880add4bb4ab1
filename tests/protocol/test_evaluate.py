"""What filters mean: RFC 7644 §3.4.2.2, with the decisions the RFC leaves open."""

from typing import Any

import pytest

from scim.protocol.errors import InvalidFilter
from scim.protocol.evaluate import matches
from scim.protocol.filters import BoundCompare, BoundNot, BoundPresent, resolve
from scim.protocol.grammar import parse_filter
from scim.protocol.schemas import GROUP, USER
from scim.protocol.syntax import Op

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

BABS: dict[str, Any] = {
    "id": "2819c223-7f76-453a-919d-413861904646",
    "externalId": "Babs-1",
    "userName": "bjensen@example.com",
    "active": True,
    "displayName": "Bärbel Straße",
    "name": {"familyName": "Jensen", "givenName": "Barbara"},
    "emails": [
        {"value": "bjensen@example.com", "type": "work", "primary": True},
        {"value": "babs@jensen.org", "type": "home"},
    ],
    "roles": [{"value": "admin", "primary": True}],
    "meta": {"lastModified": "2011-05-13T04:42:34.123Z"},
    ENTERPRISE: {"employeeNumber": "701984", "manager": {"value": "m-1"}},
}


def holds(text: str, document: dict[str, Any] | None = None) -> bool:
    return matches(resolve(parse_filter(text), USER), BABS if document is None else document)


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "BJENSEN@example.COM"',
        'USERNAME sw "bj"',
        'name.familyName co "ENS"',
        'userName ew ".com"',
        "title pr or userName pr",
        "not (title pr)",
        'title ne "x"',
        'displayName eq "bärbel STRASSE"',
        'externalId eq "Babs-1"',
        "active eq true",
        'active eq "True"',
        'roles[primary eq "True"]',
        'emails[type eq "work" and value co "@example.com"]',
        'emails[type eq "work"].value eq "bjensen@example.com"',
        'emails co "jensen.org"',
        'emails.type eq "home"',
        "emails pr",
        "name pr",
        'meta.lastModified ge "2011-05-13T04:42:34Z"',
        'meta.lastModified eq "2011-05-13T06:42:34.1230000+02:00"',
        'meta.lastModified gt "0001-01-03T00:00:00.0000000Z"',
        f'{ENTERPRISE}:manager eq "m-1"',
        'manager eq "m-1"',
        'name[familyName eq "jensen" and givenName pr]',
        "employeeNumber eq 701984",
        f'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "bj" and {ENTERPRISE}:employeeNumber pr',
        "title eq null",
        "userName ne null",
        'userName gt "bj"',
        'id eq 2819c223-7f76-453a-919d-413861904646 and manager eq "m-1"',
    ],
)
def test_the_filter_holds(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        'externalId eq "babs-1"',
        'id eq "2819C223-7F76-453A-919D-413861904646"',
        'title eq "x"',
        'title lt "x"',
        "title pr",
        'emails[type eq "home" and value co "@example.com"]',
        'emails.type ne "work"',
        "active eq false",
        "active ne true",
        "title ne null",
        'not (userName sw "bj")',
        'userName eq ""',
        'meta.lastModified lt "2011-05-13T04:42:34Z"',
    ],
)
def test_the_filter_does_not_hold(text: str) -> None:
    assert not holds(text)


@pytest.mark.parametrize("value", [None, "", [], {}, [{}], [{"value": ""}]])
def test_what_is_unassigned_is_not_present(value: Any) -> None:
    assert not holds("emails.value pr", {"emails": value})
    assert holds('emails.value ne "x"', {"emails": value})


def test_ne_is_the_negation_of_eq_also_with_several_values() -> None:
    assert not holds('emails.value ne "babs@jensen.org"')
    assert holds('emails.value ne "nobody@jensen.org"')


@pytest.mark.parametrize(
    "text,word",
    [
        ('nonsense eq "x"', "nonsense"),
        ('emails[nonsense eq "x"]', "nonsense"),
        ('name eq "x"', "name.formatted"),
        ('password eq "x"', "password"),
        ("active gt true", "active"),
        ('active co "t"', "active"),
        ('active eq "yes"', "active"),
        ('x509Certificates gt "x"', "x509Certificates"),
        ('meta.lastModified co "2011"', "meta.lastModified"),
        ('meta.lastModified gt "yesterday"', "meta.lastModified"),
        ('meta.lastModified gt "0001-01-01T00:00:00+14:00"', "meta.lastModified"),
        ("userName co 12", "userName"),
        ("title gt null", "title"),
        ('userName[value eq "x"]', "userName"),
        ('emails.value[value eq "x"]', "emails"),
        ('emails[addresses[type eq "x"]]', "addresses"),
        (f'{ENTERPRISE}:nonsense eq "x"', "nonsense"),
        ('urn:nobody:2.0:User:tag eq "x"', "tag"),
    ],
)
def test_a_filter_that_means_nothing_is_refused_by_name(text: str, word: str) -> None:
    with pytest.raises(InvalidFilter, match=word):
        resolve(parse_filter(text), USER)


def test_members_compare_by_their_value() -> None:
    bound = resolve(parse_filter('id eq "g" and members eq "u-1"'), GROUP)
    assert matches(bound, {"id": "g", "members": [{"value": "u-1"}]})
    assert not matches(bound, {"id": "g", "members": [{"value": "u-2"}]})


def test_a_bound_comparison_carries_the_key_and_the_spelling() -> None:
    bound = resolve(parse_filter('userName ne "STRAßE"'), USER)
    assert isinstance(bound, BoundNot)
    assert isinstance(bound.term, BoundCompare)
    assert (bound.term.op, bound.term.value, bound.term.given) == (Op.EQ, "strasse", "STRAßE")


def test_null_becomes_presence() -> None:
    found = BoundPresent(USER.attributes[3])
    assert found.target.name == "userName"
    assert resolve(parse_filter("userName eq null"), USER) == BoundNot(found)
    assert resolve(parse_filter("userName ne null"), USER) == found
