"""Documents and filters for the comparison of SQL with the law: every attribute, every operator, awkward text."""

import re
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from scim.protocol.attributes import Resolved, Schemas, Type
from scim.protocol.syntax import And, AttrPath, Compare, Filter, Not, Op, Or, Present, ValuePath

# What databases and languages disagree about: case without a pair, composed and decomposed, wildcards, quotes.
WORDS = (
    *("ann", "ANN", "Anna", "Straße", "STRASSE", "İstanbul", "istanbul", "ς", "Σ", "σας", "ﬁn", "FIN"),  # on purpose
    *("e\u0301", "é", "É", "O'Brien", "100%", "10_0", "1000", "a\\b", 'say "hi"', "\\", "'", "%", "_", "*", "?", "[a]"),
    *(
        "😀",
        "z",
        "Z",
        "aZ",
        "true",
        "False",
        "null",
        "0",
        "-1",
        "a b",
        " a",
        "b ",
        "\t",
        "\ufffd",
        "\U0010ffff",
        "\ue000",
    ),
    *(
        "work",
        "home",
        "other",
        "WORK",
        "2020-01-01T00:00:00Z",
        "ann@acme.example",
        "Ann@Acme.Example",
        "日本",
        "user",
        "direct",
    ),
)
MOMENTS = (
    *("2020-01-01T00:00:00Z", "2999-01-01T00:00:00.0000001+14:00", "0001-01-03T00:00:00.0000000Z"),
    *("9999-12-31T23:59:59Z", "2026-06-01"),
)
# Nobody filters by an address of ours, or by a name that only the other side knows: those are refused, in words.
REFUSED = {
    "schemas",
    "meta.location",
    "meta.version",
    "groups.$ref",
    "groups.display",
    "members.$ref",
    "members.display",
}
_SERVER_SETS = {"id", "meta", "schemas", "groups", "members", "password", "manager.displayName"}

_FORMS = {"whole": slice(0, None), "head": slice(0, 13), "tail": slice(-4, None)}
_ID = re.compile("<([0-9]+)/([a-z]+)>")


def make_document(random: Random, number: int, schemas: Schemas) -> dict[str, Any]:
    """Return the body of a POST with a random choice of everything that a client may set."""
    body: dict[str, Any] = {"schemas": [schemas.core.id]}
    for found in schemas.attributes:
        if found.key not in _SERVER_SETS and random.random() < 0.55:
            holder = body if found.urn is None else body.setdefault(found.urn, {})
            holder[found.attribute.name] = _value(random, found)
    name = "userName" if "userName" in {found.key for found in schemas.attributes} else "displayName"
    return body | {name: f"{random.choice(WORDS)}{number}"}


def _value(random: Random, found: Resolved) -> Any:
    attribute = found.attribute
    if attribute.multi_valued:
        return [_element(random, found) for _ in range(random.choice((0, 1, 1, 2, 3)))]
    return _element(random, found) if attribute.type is Type.COMPLEX else _leaf(random, attribute.type)


def _element(random: Random, found: Resolved) -> dict[str, Any]:
    settable = [sub for sub in found.attribute.sub_attributes if not sub.read_only]
    return {sub.name: _leaf(random, sub.type) for sub in settable if random.random() < 0.6}


def _leaf(random: Random, kind: Type) -> Any:
    return random.choice((True, False, "True", "false")) if kind is Type.BOOLEAN else random.choice(WORDS)


def with_ids(text: str, ids: list[str]) -> str:
    """Put ids, or pieces of them, where a filter speaks of the n-th: strategies are older than the rows."""
    return _ID.sub(lambda found: ids[int(found[1]) % len(ids)][_FORMS[found[2]]], text)


def filters(schemas: Schemas) -> SearchStrategy[Filter]:
    """Return a strategy for whole filters: leaves of every kind, negated and joined."""
    leaf = st.one_of(_leaves(schemas), _value_paths(schemas))
    return st.recursive(leaf, _joined, max_leaves=6)


def _joined(inner: SearchStrategy[Filter]) -> SearchStrategy[Filter]:
    terms = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(inner.map(Not), terms.map(And), terms.map(Or))


def _leaves(schemas: Schemas) -> SearchStrategy[Filter]:
    subs = [found.with_sub(sub) for found in schemas.attributes for sub in found.attribute.sub_attributes]
    named = [found for found in (*schemas.attributes, *subs) if found.name not in {*REFUSED, "password"}]
    return st.one_of([_tests(found, _path(found)) for found in named])


def _value_paths(schemas: Schemas) -> SearchStrategy[Filter]:
    containers = [found for found in schemas.attributes if found.attribute.sub_attributes and found.key != "meta"]
    return st.one_of([_value_path(found) for found in containers])


def _value_path(container: Resolved) -> SearchStrategy[Filter]:
    subs = [container.with_sub(sub) for sub in container.attribute.sub_attributes]
    subs = [found for found in subs if found.name not in REFUSED]
    inside = st.one_of([_tests(found, AttrPath(None, found.leaf.name)) for found in subs])
    whole = st.recursive(inside, _joined, max_leaves=4)
    return whole.map(lambda inner: ValuePath(_path(container), inner))


def _path(found: Resolved) -> AttrPath:
    return AttrPath(found.urn, found.attribute.name, None if found.sub is None else found.sub.name)


def _tests(found: Resolved, path: AttrPath) -> SearchStrategy[Filter]:
    value = found.attribute.sub("value") if found.sub is None else None
    leaf = value or found.leaf
    presence: SearchStrategy[Filter] = st.just(Present(path))
    if leaf.type is Type.COMPLEX:
        return presence
    nulls = st.sampled_from((Op.EQ, Op.NE)).map(lambda op: Compare(path, op, None))
    operators = st.sampled_from(_operators(leaf.type))
    literals = _literals(leaf.type, found)
    return st.one_of(presence, nulls, *[st.builds(Compare, st.just(path), operators, literals)] * 6)


def _operators(kind: Type) -> tuple[Op, ...]:
    if kind is Type.BOOLEAN:
        return (Op.EQ, Op.NE)
    substrings, order = (Op.CO, Op.SW, Op.EW), (Op.GT, Op.GE, Op.LT, Op.LE)
    without = {Type.DATE_TIME: substrings, Type.BINARY: order}.get(kind, ())
    return tuple(op for op in Op if op not in without)


def _literals(kind: Type, found: Resolved) -> SearchStrategy[Any]:
    if kind is Type.BOOLEAN:
        return st.sampled_from((True, False, "True", "false"))
    if kind is Type.DATE_TIME:
        return st.sampled_from(MOMENTS)
    words = st.sampled_from(WORDS)
    pieces = st.tuples(words, st.integers(0, 3), st.integers(1, 4)).map(lambda cut: cut[0][cut[1] : cut[1] + cut[2]])
    if found.name in {"id", "groups", "groups.value", "members", "members.value"} or "manager" in found.name:
        return st.one_of(st.builds("<{}/{}>".format, st.integers(0, 200), st.sampled_from(tuple(_FORMS))), words)
    return st.one_of(words, pieces, words.map(str.swapcase), st.text(max_size=3))
