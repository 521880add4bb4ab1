"""Filters and paths from text: RFC 7644 §3.4.2.2 and §3.5.2, with what clients write in their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.protocol.errors import InvalidFilter, InvalidPath
from scim.protocol.grammar import parse_filter, parse_path
from scim.protocol.syntax import (
    And,
    AttrPath,
    Compare,
    Filter,
    Not,
    Number,
    Op,
    Or,
    Path,
    Present,
    ValuePath,
    print_filter,
    print_path,
)

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

USER_NAME = AttrPath(None, "userName")


def equal(name: str, value: str) -> Compare:
    return Compare(AttrPath(None, name), Op.EQ, value)


def test_and_binds_tighter_than_or() -> None:
    tree = parse_filter('a eq "1" or b eq "2" and c eq "3"')
    assert tree == Or((equal("a", "1"), And((equal("b", "2"), equal("c", "3")))))


def test_parentheses_come_first() -> None:
    tree = parse_filter('(a eq "1" or b eq "2") and c eq "3"')
    assert tree == And((Or((equal("a", "1"), equal("b", "2"))), equal("c", "3")))


def test_needless_parentheses_mean_nothing() -> None:
    assert parse_filter('((( userName eq "x" )))') == equal("userName", "x")


def test_not_encloses_a_filter_in_parentheses() -> None:
    assert parse_filter('not(title pr)and NOT (a eq "1")') == And(
        (Not(Present(AttrPath(None, "title"))), Not(equal("a", "1")))
    )


@pytest.mark.parametrize("op", list(Op))
def test_every_operator_is_read_in_any_case(op: Op) -> None:
    assert parse_filter(f'userName {op.upper()} "x"') == Compare(USER_NAME, op, "x")


@pytest.mark.parametrize(
    "text,value",
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("12", Number("12")),
        ("-1.5e3", Number("-1.5e3")),
        (r'"a\"b\\c\/d\u00e9"', 'a"b\\c/dé'),
        (r'"\ud83d\ude00"', "😀"),
    ],
)
def test_a_literal_is_read_as_json(text: str, value: object) -> None:
    assert parse_filter(f"a eq {text}") == Compare(AttrPath(None, "a"), Op.EQ, value)  # type: ignore[arg-type]  # parametrized


@pytest.mark.parametrize("value", ["ann@contoso.com", "54D382A4-2050-4C03-94D1-E769F1D15682", "01", "a(b"])
def test_an_unquoted_value_is_read_as_a_string(value: str) -> None:
    assert parse_filter(f"userName eq {value}") == equal("userName", value)


def test_an_unquoted_value_ends_at_a_bracket() -> None:
    assert parse_filter("(emails[type eq work])") == ValuePath(AttrPath(None, "emails"), equal("type", "work"))


def test_an_unquoted_value_is_refused_behind_other_operators() -> None:
    with pytest.raises(InvalidFilter, match="double quotes"):
        parse_filter("userName co ann")


@pytest.mark.parametrize(
    "text,value",
    [
        ('"The "Big" Team"', 'The "Big" Team'),
        ('"CONTOSO\\ann"', "CONTOSO\\ann"),
        ('"ends in \\"', "ends in \\"),
        ('"say \\"hi\\""', 'say "hi"'),
        ('"O\'Brien & Sons"', "O'Brien & Sons"),
    ],
)
def test_quotes_and_backslashes_that_nobody_escaped_mean_themselves(text: str, value: str) -> None:
    assert parse_filter(f"displayName eq {text}") == equal("displayName", value)


def test_an_unescaped_quote_does_not_swallow_the_next_term() -> None:
    assert parse_filter('(displayName eq "The "Big" Team") and a pr') == And(
        (equal("displayName", 'The "Big" Team'), Present(AttrPath(None, "a")))
    )


def test_a_sub_attribute_behind_brackets_joins_the_terms_inside() -> None:
    tree = parse_filter('emails[type eq "work"].value eq "ann@contoso.com"')
    assert tree == ValuePath(AttrPath(None, "emails"), And((equal("type", "work"), equal("value", "ann@contoso.com"))))


def test_a_urn_is_split_behind_its_version() -> None:
    assert parse_filter(f"{ENTERPRISE}:manager.value pr") == Present(AttrPath(ENTERPRISE, "manager", "value"))


def test_a_path_has_a_filter_and_a_sub_attribute() -> None:
    path = parse_path('addresses[type eq "work"].streetAddress')
    assert path == Path(AttrPath(None, "addresses"), equal("type", "work"), "streetAddress")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "userName",
        "userName eq",
        'userName eq "x',
        'userName eq "x" and',
        'userName is "x"',
        '"x" eq userName',
        "(userName pr",
        "userName pr)",
        'emails[type eq "x"',
        "emails[] pr",
        'emails[type eq "x"] eq "y"',
        'emails[type eq "x"]value eq "y"',
        "not title pr",
        'a..b eq "x"',
        ': eq "x"',
        'naïve eq "x"',
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(InvalidFilter, match=r"^The filter cannot be read: .+\.$"):
        parse_filter(text)


@pytest.mark.parametrize("text", ["", "emails[", 'emails[type eq "x"]value', "a b", "a[b]c", "[type pr]", 'a["x"]'])
def test_a_path_that_cannot_be_read_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(InvalidPath, match=r"^The path cannot be read: .+\.$"):
        parse_path(text)


names = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True).filter(lambda name: name.lower() != "not")
urns = st.sampled_from([None, ENTERPRISE, "urn:ietf:params:scim:schemas:core:2.0:User", "urn:x:1.0"])
attr_paths = st.builds(AttrPath, urns, names, st.none() | names)
literals = st.one_of(
    st.text(),
    st.booleans(),
    st.none(),
    st.integers().map(lambda number: Number(str(number))),
    st.decimals(-999, 999, places=2).map(lambda number: Number(str(number))),
)
compares = st.builds(Compare, attr_paths, st.sampled_from(list(Op)), literals)
leaves = compares | st.builds(Present, attr_paths)


def _several(kind: type[And] | type[Or], terms: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    others = terms.filter(lambda term: not isinstance(term, kind))
    return st.lists(others, min_size=2, max_size=3).map(lambda each: kind(tuple(each)))


filters = st.recursive(
    leaves,
    lambda inner: st.one_of(
        _several(And, inner), _several(Or, inner), inner.map(Not), st.builds(ValuePath, attr_paths, inner)
    ),
    max_leaves=8,
)


@given(filters)
def test_a_printed_filter_is_read_as_the_same_filter(tree: Filter) -> None:
    assert parse_filter(print_filter(tree)) == tree


@given(st.builds(Path, attr_paths), st.none() | filters, st.none() | names)
def test_a_printed_path_is_read_as_the_same_path(path: Path, tree: Filter | None, sub: str | None) -> None:
    whole = path if tree is None else Path(path.attr, tree, sub)
    assert parse_path(print_path(whole)) == whole


@given(st.text(alphabet='ab "\\()[].:eqandornot\t1', max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        tree = parse_filter(text)
    except InvalidFilter:
        return
    assert parse_filter(print_filter(tree)) == tree
