"""A filter compiled for its shape sets the condition that it sets by itself, whatever the names in it."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from scim import conditions
from scim.conditions import condition_of
from scim.protocol.errors import ScimError
from scim.protocol.filters import resolve
from scim.protocol.grammar import parse_filter
from scim.protocol.shapes import MARKS
from scim.protocol.syntax import Op
from scim.queries import compile_filter
from scim.resources.catalogue import GROUP_RESOURCE, RESOURCES, USER_RESOURCE
from scim.resources.resource import Resource
from securelogin.directory.dialect.postgresql import PostgreSQL
from securelogin.directory.dialect.sqlite import SQLite

DIALECTS = (PostgreSQL(), SQLite())
ID = "01890a5d-ac96-774b-bcce-b302099a8057"
NAMES = ["Ann", "ß", "İ", "True", "", " ", "x and y", 'The "Big" and Team', r"CONTOSO\ann", "a\x00", MARKS[0], "direct"]
NAMES += [ID, ID.upper(), "2026-01-31T12:00:00Z", "x" * 600]


def names_of_attributes(resource: Resource) -> Iterator[str]:
    for found in resource.schemas.attributes:
        yield found.name
        yield from (part.name for part in found.parts)


def alone(text: str, resource: Resource, dialect: Any) -> Any:
    return compile_filter(resolve(parse_filter(text), resource.schemas), resource, dialect)


def outcome(compiler: Any, *arguments: Any) -> Any:
    try:
        return compiler(*arguments)
    except ScimError as error:
        return type(error), error.id, error.detail


@pytest.mark.parametrize("op", list(Op))
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_every_comparison(resource: Resource, op: Op) -> None:
    for attribute, name, dialect in product(names_of_attributes(resource), NAMES, DIALECTS):
        text = f'{attribute} {op} "{name}"'
        assert outcome(condition_of, text, resource, dialect) == outcome(alone, text, resource, dialect), text


@pytest.mark.parametrize(
    "shape",
    [
        'emails[type eq "{0}"].value eq "{1}"',
        'emails[value sw "{0}" or not (type eq "{1}")]',
        'userName eq "{0}" or (externalId eq "{0}" and active eq true)',
        'roles[primary eq "True" and value eq "{0}"] and title pr',
        'id eq "{0}" and groups eq "{1}"',
        'userName eq {0} and title eq "{1}"',
        'userName eq "{0}" and title eq null',
        'userName eq "{0}" and nickName co "{1}" and shoeSize eq "{1}"',
    ],
)
def test_several_names_in_one_filter(shape: str) -> None:
    for name, other, dialect in product(NAMES, NAMES, DIALECTS):
        text = shape.format(name, other)
        assert outcome(condition_of, text, USER_RESOURCE, dialect) == outcome(alone, text, USER_RESOURCE, dialect), text


def test_filters_that_differ_by_a_name_are_compiled_once() -> None:
    conditions._compiled.cache_clear()
    for number in range(50):
        condition = condition_of(f'displayName eq "Team {number}"', GROUP_RESOURCE, DIALECTS[0])
        assert condition.parameters == (f"team {number}",)
    assert conditions._compiled.cache_info().misses == 1


@pytest.mark.parametrize("text", ["userName eq {0}", 'userName eq {0} and title eq "x"', '{0} eq "x"'])
def test_a_name_without_quotes_is_not_kept(text: str) -> None:
    conditions._compiled.cache_clear()
    conditions._bound.cache_clear()
    for number in range(50):
        outcome(condition_of, text.format(f"ann{number}@x.example"), USER_RESOURCE, DIALECTS[0])
    assert conditions._compiled.cache_info().currsize == conditions._bound.cache_info().currsize == 0
