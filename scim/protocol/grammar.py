"""From text to filters and paths: the ABNF of RFC 7644 §3.4.2.2 (figure 1) and §3.5.2 (figure 7).

A hand-written recursive descent, linear in the text: every method reads forward, under its production.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NoReturn, TypeVar

from scim.protocol.errors import InvalidFilter, InvalidPath
from scim.protocol.strings import read_string
from scim.protocol.syntax import (
    And,
    AttrPath,
    Compare,
    Filter,
    Literal,
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

__all__ = [
    "And",
    "AttrPath",
    "Compare",
    "Filter",
    "Literal",
    "Not",
    "Number",
    "Op",
    "Or",
    "Path",
    "Present",
    "ValuePath",
    "parse_attribute",
    "parse_filter",
    "parse_path",
    "print_filter",
    "print_path",
]

MAX_FILTER_LENGTH = 8_192
MAX_PATH_LENGTH = 4_096
MAX_DEPTH = 32
MAX_TERMS = 200

_SPACES = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r'[^ \t\r\n()\[\]"]*')
_BARE_VALUE = re.compile(r"[^ \t\r\n)\]]+")
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")
_NAME_BEHIND_URN = re.compile(r"[A-Za-z0-9_$-]+")
_SUB = re.compile(r"(?!\.)[A-Za-z0-9_$.-]+")
_URN = re.compile(r"[A-Za-z][!-~]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?")
_OPERATORS = {op.value: op for op in Op}
_KEYWORDS: dict[str, Literal] = {"true": True, "false": False, "null": None}

Node = TypeVar("Node")


class _SyntaxError(Exception):
    """What is wrong with the text, as the end of a sentence; the entrances below turn it into an answer."""


def parse_filter(text: str) -> Filter:
    """Parse a filter. Raises InvalidFilter with the reason and the place."""
    try:
        return _parse_all(text, MAX_FILTER_LENGTH, _Parser.filter)
    except _SyntaxError as error:
        raise InvalidFilter(f"The filter cannot be read: {error}.", "SL-FILTER-SYNTAX") from None


def parse_path(text: str) -> Path:
    """Parse the path of a PATCH operation. Raises InvalidPath with the reason and the place."""
    try:
        return _parse_all(text, MAX_PATH_LENGTH, _Parser.path)
    except _SyntaxError as error:
        raise InvalidPath(f"The path cannot be read: {error}.", "SL-PATH-SYNTAX") from None


@lru_cache(maxsize=1_024)
def parse_attribute(text: str) -> AttrPath | None:
    """Parse one attribute's name, as in `attributes=` and `sortBy=`; None where it cannot be one."""
    try:
        return _attribute(text)
    except _SyntaxError:
        return None


def _parse_all(text: str, limit: int, production: "Callable[[_Parser], Node]") -> Node:
    if len(text) > limit:
        raise _SyntaxError(f"it is too long, at most {limit} characters are read")
    parser = _Parser(text)
    node = production(parser)
    if parser.peek():
        parser.fail("nothing more is expected")
    return node


# attrPath = [URI ":"] ATTRNAME *1subAttr
def _attribute(word: str) -> AttrPath:
    urn, colon, rest = word.rpartition(":")
    name, dot, sub = rest.partition(".")
    name_rule = _NAME_BEHIND_URN if colon else _NAME
    well_formed = name_rule.fullmatch(name) and (not colon or _URN.fullmatch(urn))
    if not well_formed or (dot and not _SUB.fullmatch(sub)):
        raise _SyntaxError(f"{word[:100]!r} is not the name of an attribute")
    return AttrPath(urn if colon else None, name, sub if dot else None)


def _joined(kind: type[And] | type[Or], terms: list[Filter]) -> Filter:
    """One node of `kind` for the terms; the terms of a nested one of the same kind join their neighbours."""
    flat: list[Filter] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, kind) else (term,))
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


class _Parser:
    """One text and the place that has been reached in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.depth = 0
        self.terms = 0

    # FILTER = attrExp / logExp / valuePath / *1"not" "(" FILTER ")"
    # logExp = FILTER SP ("and" / "or") SP FILTER, where `and` binds tighter than `or`
    def filter(self) -> Filter:
        terms = [self.conjunction()]
        while self.accept_word("or"):
            terms.append(self.conjunction())
        return _joined(Or, terms)

    def conjunction(self) -> Filter:
        terms = [self.term()]
        while self.accept_word("and"):
            terms.append(self.term())
        return _joined(And, terms)

    def term(self) -> Filter:
        self.count_term()
        if self.peek() == "(":
            return self.nested("(", ")")
        word = self.word()
        if word.lower() == "not" and self.peek() == "(":
            return Not(self.nested("(", ")"))
        if not word:
            self.fail("the name of an attribute is expected")
        path = _attribute(word)
        return self.value_path(path) if self.peek() == "[" else self.comparison(path)

    # valuePath = attrPath "[" valFilter "]"
    # Entra asks for emails[type eq "work"].value eq "x": the comparison joins the terms in the brackets.
    def value_path(self, path: AttrPath) -> Filter:
        inner = self.nested("[", "]")
        if sub := self.sub_attribute():
            inner = _joined(And, [inner, self.comparison(AttrPath(None, sub))])
        return ValuePath(path, inner)

    # attrExp = (attrPath SP "pr") / (attrPath SP compareOp SP compValue)
    def comparison(self, path: AttrPath) -> Filter:
        self.peek()
        word = self.word().lower()
        if word == "pr":
            return Present(path)
        operator = _OPERATORS.get(word)
        if operator is None:
            self.fail(f"an operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr) is expected behind {path}")
        return Compare(path, operator, self.value(operator))

    # compValue = false / null / true / number / string
    def value(self, operator: Op) -> Literal:
        if self.peek() == '"':
            return self.string()
        bare = _BARE_VALUE.match(self.text, self.position)
        if bare is None:
            self.fail(f"a value is expected behind {operator}")
        self.position = bare.end()
        return self.bare_value(bare.group(), operator)

    def bare_value(self, word: str, operator: Op) -> Literal:
        if word.lower() in _KEYWORDS:
            return _KEYWORDS[word.lower()]
        if _NUMBER.fullmatch(word):
            return Number(word)
        if operator is not Op.EQ:
            self.fail(f"put the value behind {operator} in double quotes")
        return word  # Entra's own samples leave the quotes out: userName eq ann@contoso.com

    def string(self) -> str:
        found = read_string(self.text, self.position)
        if found is None:
            self.fail("a double quote is opened and never closed")
        value, self.position = found
        return value

    # PATH = attrPath / valuePath [subAttr]
    def path(self) -> Path:
        self.peek()
        attribute = _attribute(self.word())
        if self.peek() != "[":
            return Path(attribute)
        return Path(attribute, self.nested("[", "]"), self.sub_attribute())

    # subAttr = "." ATTRNAME
    def sub_attribute(self) -> str | None:
        word = self.word()
        if not word:
            return None
        if word[0] != "." or not _NAME.fullmatch(word, 1):
            self.fail("a dot and the name of a sub-attribute are expected behind the bracket")
        return word[1:]

    def nested(self, opening: str, closing: str) -> Filter:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _SyntaxError(f"it is nested too deep, at most {MAX_DEPTH} brackets may stand in each other")
        self.position += len(opening)
        inner = self.filter()
        if self.peek() != closing:
            self.fail(f"{closing!r} is expected")
        self.position += len(closing)
        self.depth -= 1
        return inner

    def count_term(self) -> None:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise _SyntaxError(f"it has too many terms, at most {MAX_TERMS} are read")

    def peek(self) -> str:
        """Return the next character that is not a space, and stand before it; empty at the end."""
        spaces = _SPACES.match(self.text, self.position)
        self.position = spaces.end() if spaces else self.position
        return self.text[self.position : self.position + 1]

    def word(self) -> str:
        """Read up to the next space, bracket or quote, from here and not behind any space."""
        word = _WORD.match(self.text, self.position)
        found = word.group() if word else ""
        self.position += len(found)
        return found

    def accept_word(self, keyword: str) -> bool:
        """Read `keyword` if it is the next word, in any case."""
        self.peek()
        start = self.position
        if self.word().lower() == keyword:
            return True
        self.position = start
        return False

    def fail(self, expectation: str) -> NoReturn:
        raise _SyntaxError(f"{expectation}, at character {self.position + 1}")
