"""An independent judge: scim2-models evaluates the same filters and applies the same patches.

Where both are defined they must agree, over thousands of generated cases. Left out is where this server decided
otherwise: an element of which only its type is left (here it goes), a manager without an id (here nobody),
adding an element that is there but for a part of it (here the part joins it), making several primary at once
(here the first stays), and nulls.
"""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from scim2_models import EnterpriseUser, PatchOp, ScimFilter, ScimPolicy, User

from scim.protocol.evaluate import matches
from scim.protocol.filters import resolve
from scim.protocol.grammar import parse_filter
from scim.protocol.patch import apply, read_patch
from scim.protocol.schemas import ENTERPRISE_URN, USER
from scim.protocol.syntax import And, AttrPath, Compare, Filter, Not, Op, Or, Present, ValuePath, print_filter

Judge = User[EnterpriseUser]
POLICY = ScimPolicy(
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
)

words = st.sampled_from(["a", "B", "ab", "AB", "ba", "b a", "work"])
types = st.sampled_from(["work", "home", "Work"])
primaries = st.booleans()
roles = st.fixed_dictionaries({"value": words, "type": types}, optional={"display": words})
enterprise = st.fixed_dictionaries({}, optional={"department": words, "manager": st.builds(dict, value=words)})
names = st.fixed_dictionaries({}, optional={"givenName": words, "familyName": words})


def _distinct(elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({(each["value"].lower(), each["type"].lower()): each for each in elements}.values())


@st.composite
def role_lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    elements = _distinct(draw(st.lists(roles, max_size=3)))
    place = draw(st.integers(0, 5))
    return [{**each, "primary": True} if place == index else each for index, each in enumerate(elements)]


documents = st.fixed_dictionaries(
    {"userName": words},
    optional={
        "title": words,
        "externalId": words,
        "active": st.booleans(),
        "name": names,
        "roles": role_lists(),
        ENTERPRISE_URN: enterprise,
    },
).map(lambda document: {name: value for name, value in document.items() if value not in ({}, [])})

TEXTS = [
    "userName",
    "title",
    "externalId",
    "name.givenName",
    "roles.value",
    "roles.type",
    f"{ENTERPRISE_URN}:department",
]


def _path(text: str) -> AttrPath:
    urn, _, name = text.rpartition(":")
    name, _, sub = name.partition(".")
    return AttrPath(urn or None, name, sub or None)


def _leaves(texts: list[str], boolean: str) -> st.SearchStrategy[Filter]:
    comparisons = st.builds(Compare, st.sampled_from(texts).map(_path), st.sampled_from(list(Op)), words)
    booleans = st.builds(Compare, st.just(_path(boolean)), st.sampled_from([Op.EQ, Op.NE]), st.booleans())
    return comparisons | booleans | st.builds(Present, st.sampled_from([*texts, boolean]).map(_path))


def _trees(leaves: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    pairs = st.tuples
    return st.recursive(
        leaves,
        lambda each: st.one_of(each.map(Not), pairs(each, each).map(And), pairs(each, each).map(Or)),
        max_leaves=5,
    )


inside = _trees(_leaves(["value", "type", "display"], "primary"))
filters = _trees(_leaves(TEXTS, "active") | st.builds(ValuePath, st.just(_path("roles")), inside))


@settings(max_examples=1_000, deadline=None)
@given(filters, documents)
def test_both_agree_on_what_a_filter_means(tree: Filter, document: dict[str, Any]) -> None:
    text = print_filter(tree)
    theirs = ScimFilter[Judge](text).match(Judge.model_validate(document))
    assert matches(resolve(parse_filter(text), USER), document) is theirs


values: dict[str, st.SearchStrategy[Any]] = {
    "title": words,
    "externalId": words,
    "active": st.booleans(),
    "name": names.filter(bool),
    "name.givenName": words,
    f"{ENTERPRISE_URN}:department": words,
    f"{ENTERPRISE_URN}:manager.value": words,
    'roles[type eq "work"].value': words,
    'roles[type eq "work"].display': words,
    'roles[value eq "a" and type eq "home"].display': words,
    'roles[value eq "b a" and type eq "home"].primary': st.just(value=True),
    'roles[type eq "home"]': st.builds(dict, value=words, type=st.just("home")),
}
removals = [
    *("title", "externalId", "active", "name", "name.givenName", f"{ENTERPRISE_URN}:department"),
    *("roles", 'roles[type eq "work"]', 'roles[value sw "a" or type eq "home"]', "roles[not (primary eq true)]"),
]


def _operation(verb: str, path: str, value: Any) -> dict[str, Any]:
    return {"op": verb, "path": path, "value": value}


def _writes(path: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(_operation, st.sampled_from(["add", "replace"]), st.just(path), values[path])


pathless = st.dictionaries(st.sampled_from(["title", "externalId"]), words, min_size=1)
operations = st.one_of(
    st.sampled_from(list(values)).flatmap(_writes),
    st.builds(_operation, st.just("replace"), st.just("roles"), role_lists().filter(bool)),
    st.sampled_from(removals).map(lambda path: {"op": "remove", "path": path}),
    pathless.map(lambda value: {"op": "replace", "value": value}),
)


def _canonical(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out what neither side promises: `schemas`, and a primary that says false in place of nothing."""
    shown = {name: value for name, value in document.items() if name != "schemas"}
    if "roles" in shown:
        shown["roles"] = [
            {name: value for name, value in each.items() if value is not False} for each in shown["roles"]
        ]
    return shown


@settings(max_examples=1_000, deadline=None)
@given(documents, st.lists(operations, min_size=1, max_size=3))
def test_both_agree_on_what_a_patch_does(document: dict[str, Any], several: list[dict[str, Any]]) -> None:
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": several}
    theirs = Judge.model_validate(document)
    PatchOp[Judge].model_validate(body).patch(theirs, POLICY)
    ours = apply(document, read_patch(body, USER).operations)
    assert _canonical(ours) == _canonical(theirs.model_dump())
