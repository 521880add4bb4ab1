"""Filters and paths that are alike but for the names in them: what was understood of one serves all of its shape.

A client sends the same few for ever, each time about somebody else. Caches hold shapes, and so nobody's name.
RFC 7644 §3.4.2.2 and §3.5.2.
"""

from collections.abc import Mapping, Sequence

from scim.protocol.filters import (
    Bound,
    BoundAnd,
    BoundCompare,
    BoundElement,
    BoundNot,
    BoundOr,
    BoundPresent,
    storable,
    text_key,
)
from scim.protocol.syntax import Filter, Number, literals

# A text split at its quotes, with nothing between them where a name was.
Shape = tuple[str, ...]

MAX_LENGTH = 512
# Each stands for a name. Their comparison keys differ from them, which tells how a place compares its name.
_NONCHARACTER = "\ufdd0"
MARKS = tuple(f"{_NONCHARACTER}N{number}" for number in range(8))
_WORDS = frozenset({"true", "false"})  # nobody's name, and a boolean where one is due: roles[primary eq "True"]


class UnsharedError(Exception):
    """A text that must be understood by itself: what holds of it need not hold of all texts of its shape."""


def shape_of(text: str) -> tuple[Shape, Sequence[str]]:
    """Take the names out of a text.

    Raises UnsharedError where only reading tells what they are: a quote too many, a backslash, nothing between quotes.
    """
    if '"' not in text and len(text) <= MAX_LENGTH:
        return (text,), ()
    pieces = text.split('"')
    names = [piece for piece in pieces[1::2] if piece.lower() not in _WORDS]
    plain = len(text) <= MAX_LENGTH and len(pieces) % 2 and len(names) <= len(MARKS) and "\\" not in text
    if not plain or not all(name and storable(name) for name in names):
        raise UnsharedError
    pieces[1::2] = [piece if piece.lower() in _WORDS else "" for piece in pieces[1::2]]
    return tuple(pieces), names


def marked(shape: Shape) -> str:
    """Return the text of that shape whose names are the marks, to be understood in place of all."""
    if any(_NONCHARACTER in piece for piece in shape):
        raise UnsharedError
    pieces = list(shape)
    places = (place for place in range(1, len(pieces), 2) if not pieces[place])
    for place, mark in zip(places, MARKS, strict=False):
        pieces[place] = mark
    return '"'.join(pieces)


def check_marked(node: Filter) -> None:
    """Raise UnsharedError where a filter compares with anything but marks: names without quotes are in the shape."""
    for literal in literals(node):
        named = isinstance(literal, str) and literal not in MARKS and literal.lower() not in _WORDS
        if named or isinstance(literal, Number):
            raise UnsharedError


def named(bound: Bound, names: Sequence[str]) -> Bound:
    """Put the names in the places of their marks."""
    return _named(bound, dict(zip(MARKS, names, strict=False))) if names else bound


def _named(bound: Bound, names: Mapping[object, str]) -> Bound:
    match bound:
        case BoundCompare(target, op, _, given):
            name = names.get(given)
            return bound if name is None else BoundCompare(target, op, text_key(target.leaf, name), name)
        case BoundAnd(terms):
            return BoundAnd(tuple(_named(term, names) for term in terms))
        case BoundOr(terms):
            return BoundOr(tuple(_named(term, names) for term in terms))
        case BoundNot(term):
            return BoundNot(_named(term, names))
        case BoundElement(target, inner):
            return BoundElement(target, _named(inner, names))
        case BoundPresent():
            return bound
