"""What was understood of one filter or path holds of all of its shape, and nobody's name is kept."""

from typing import Any

import pytest

from scim.protocol import targets
from scim.protocol.errors import ScimError
from scim.protocol.grammar import parse_path
from scim.protocol.schemas import GROUP, USER
from scim.protocol.shapes import MARKS, MAX_LENGTH, UnsharedError, shape_of
from scim.protocol.targets import find, locate

NAMES = [
    "work",
    "Work",
    "ß",
    "True",
    "false",
    "",
    " ",
    "a b",
    "a and b",
    "a] b",
    "o\u2019brien",
    "a\x00",
    MARKS[1],
    "x" * MAX_LENGTH,
]
ESCAPED = [r"CONTOSO\ann", r"\u0061", r"a\"b", 'The "Big" Team']
PATHS = [
    'emails[type eq "{0}"].value',
    'emails[type eq "{0}" and value ne "{1}"].display',
    'emails[not (type sw "{0}" or display pr)]',
    'roles[primary eq "{0}"].value',
    'roles[primary eq true and value eq "{0}"]',
    'members[value eq "{0}"]',
    'members[value eq "{0}" or value eq "{1}"]',
    'title[type eq "{0}"]',
    'emails[nick eq "{0}"]',
    "emails[type eq {0}]",
    "urn:{0}:2.0:User:tag",
]


def outcome(understand: Any) -> Any:
    try:
        return understand()
    except ScimError as error:
        return type(error), error.id, error.detail


@pytest.mark.parametrize("schemas", [USER, GROUP], ids=["User", "Group"])
@pytest.mark.parametrize("path", PATHS)
def test_a_path_means_what_it_means_by_itself(path: str, schemas: Any) -> None:
    for name in NAMES + ESCAPED:
        for other in ("b", name):
            text = path.format(name, other)
            assert outcome(lambda: find(text, "v", schemas)) == outcome(lambda: locate(parse_path(text), "v", schemas))  # noqa: B023  # called at once


def test_paths_that_differ_by_a_name_are_kept_as_one() -> None:
    targets._find_declared.cache_clear()
    for number in range(50):
        assert find(f'members[value eq "id-{number}"]', None, GROUP) is not None
    assert targets._find_declared.cache_info().currsize == 1


@pytest.mark.parametrize(
    "path", ["members[value eq {0}]", "urn:x:2.0:User:{0}", "{0}", 'emails[type eq {0} or type eq "x"]']
)
def test_a_name_without_quotes_is_not_kept(path: str) -> None:
    targets._find_declared.cache_clear()
    for number in range(50):
        outcome(lambda: find(path.format(f"ann{number}@x.example"), None, USER))  # noqa: B023  # called at once
    assert targets._find_declared.cache_info().currsize == 0


def test_a_shape_holds_no_names() -> None:
    assert shape_of('emails[type eq "work" and primary eq "True"].value') == (
        ("emails[type eq ", "", " and primary eq ", "True", "].value"),
        ["work"],
    )


@pytest.mark.parametrize("text", ['userName eq "a', r'userName eq "a\"b"', 'userName eq ""', "x" * (MAX_LENGTH + 1)])
def test_what_only_reading_tells_has_no_shape(text: str) -> None:
    with pytest.raises(UnsharedError):
        shape_of(text)
