"""From the text of a filter to the condition it sets, compiled once for all filters of one shape: RFC 7644 §3.4.2.2.

Entra asks `userName eq "…"` of everybody: the same SQL, with another parameter.
"""

from collections.abc import Sequence
from functools import lru_cache

from scim.protocol.attributes import Schemas
from scim.protocol.errors import ScimError
from scim.protocol.filters import Bound, resolve
from scim.protocol.grammar import parse_filter
from scim.protocol.shapes import MARKS, Shape, UnsharedError, check_marked, marked, named, shape_of
from scim.queries import compile_filter
from scim.resources.resource import Resource
from securelogin.directory.dialect import Dialect
from securelogin.directory.directory import Condition
from securelogin.directory.text import comparison_key

_KEYS = tuple(comparison_key(mark) for mark in MARKS)


def condition_of(text: str, resource: Resource, dialect: Dialect) -> Condition:
    """Return the condition over `t` that a filter sets. Raises InvalidFilter."""
    if '"' not in text:  # the name is in the text itself, if there is one
        return compile_filter(resolve(parse_filter(text), resource.schemas), resource, dialect)
    try:
        shape, names = shape_of(text)
        if compiled := _compiled(shape, resource, dialect):
            return _filled(compiled, names)
        bound = named(_bound(shape, resource.schemas), names)
    except (UnsharedError, ScimError):
        bound = resolve(parse_filter(text), resource.schemas)
    return compile_filter(bound, resource, dialect)


@lru_cache(maxsize=512)
def _compiled(shape: Shape, resource: Resource, dialect: Dialect) -> Condition | None:
    """Compile a filter of marks; None where a name is more than a parameter, as the id of a row is: it must be one."""
    condition = compile_filter(_bound(shape, resource.schemas), resource, dialect)
    count = shape[1::2].count("")
    pairs = zip(MARKS[:count], _KEYS[:count], strict=True)
    return condition if all(set(pair) & set(condition.parameters) for pair in pairs) else None


@lru_cache(maxsize=512)
def _bound(shape: Shape, schemas: Schemas) -> Bound:
    node = parse_filter(marked(shape))
    check_marked(node)
    return resolve(node, schemas)


def _filled(compiled: Condition, names: Sequence[str]) -> Condition:
    """Put the names where their marks are, and their comparison keys where those of the marks are."""
    found: dict[object, str] = dict(zip(MARKS, names, strict=False))
    found |= zip(_KEYS, map(comparison_key, names), strict=False)
    return Condition(compiled.sql, tuple(found.get(each, each) for each in compiled.parameters))
