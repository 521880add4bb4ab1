"""From what a client sent to what is kept: coerced by type, in canonical spelling. RFC 7643 §2.3 to §2.5.

Strings stay exactly as they were sent: whatever is changed here, Entra would send again for ever.
"""

from collections.abc import Callable
from typing import Any

from scim.protocol.attributes import JsonValue, Resolved, Type
from scim.protocol.errors import InvalidValue
from scim.protocol.evaluate import is_unassigned
from scim.protocol.filters import parse_moment, storable

MAX_ELEMENTS = 10_000
MAX_OPAQUE_DEPTH = 16
MAX_OPAQUE_NODES = 10_000
MAX_OPAQUE_STRING = 65_536
MAX_NOTES = 50


class Notes:
    """Sentences for the provisioning log about what was accepted and not kept; each once, and not endless."""

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}

    def add(self, sentence: str) -> None:
        if len(self._sentences) < MAX_NOTES:
            self._sentences[sentence] = None

    def unknown(self, name: str) -> None:
        readable = name[:200] if name[:200].isprintable() else ascii(name[:200])
        self.add(f"{readable} is not an attribute known here and was ignored; remove its mapping.")

    def read_only(self, name: str) -> None:
        self.add(f"{name} is set by this server and was ignored; remove its mapping.")

    def discarded(self, name: str) -> None:
        self.add(f"{name} was discarded: provisioning never touches a password; remove its mapping.")

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(self._sentences)


def clean(target: Resolved, value: JsonValue, notes: Notes) -> JsonValue:
    """Return the canonical form of a value, or None where it is unassigned.

    Raises InvalidValue naming the attribute: another type, too long, a character that cannot be kept.
    """
    if is_unassigned(value):
        return None
    leaf = target.leaf
    if leaf.multi_valued:
        return _clean_elements(target, value, notes)
    if leaf.opaque:
        check_opaque(target.name, value)
        return value
    return _clean_single(target, value, notes)


def clean_element(target: Resolved, value: JsonValue, notes: Notes) -> JsonValue:
    """Return the canonical form of one element of a multi-valued attribute; None if unassigned."""
    return None if is_unassigned(value) else _clean_single(target, value, notes)


def _clean_single(target: Resolved, value: JsonValue, notes: Notes) -> JsonValue:
    if isinstance(value, list) and is_unassigned(value := only_element(target.name, value)):
        return None
    if target.leaf.textual:  # a reference too: the validator sends random words as profileUrl
        return _clean_text(target, value)
    if target.leaf.complex:
        return _clean_complex(target, value, notes)
    return _SCALARS[target.leaf.type](target, value)


def only_element(name: str, value: JsonValue) -> JsonValue:
    """Return the one value of a list where a single value is due."""
    if not isinstance(value, list):
        return value
    if len(value) > 1:
        raise InvalidValue(f"{name} holds one value, {len(value)} were sent.", "SL-VALUE-SINGLE")
    return value[0] if value else None  # Entra's documentation sends manager as a list of one


def _clean_elements(target: Resolved, value: JsonValue, notes: Notes) -> list[Any] | None:
    items = value if isinstance(value, list) else [value]  # a single object where a list is due
    check_count(target.name, len(items))
    elements = [element for item in items if (element := clean_element(target, item, notes)) is not None]
    return one_primary(elements) or None


def check_count(name: str, count: int) -> None:
    if count > MAX_ELEMENTS:
        raise InvalidValue(f"{name} holds at most {MAX_ELEMENTS:,} values.", "SL-VALUE-COUNT")


def one_primary(elements: list[Any]) -> list[Any]:
    """Keep the first primary and demote the others; RFC 7643 §2.4 allows one, refusing would block the person."""
    primaries = [element for element in elements if is_primary(element)]
    return elements if len(primaries) < 2 else demoted(elements, primaries[0])


def demoted(elements: list[Any], primary: JsonValue) -> list[Any]:
    """Return the elements with no other primary than this one."""
    return [{**each, "primary": False} if is_primary(each) and each is not primary else each for each in elements]


def is_primary(element: JsonValue) -> bool:
    return isinstance(element, dict) and element.get("primary") is True


def _clean_complex(target: Resolved, value: JsonValue, notes: Notes) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        if target.part("value") is None:
            raise InvalidValue(
                f"{target.name} has parts and must be an object; map its parts one by one.", "SL-VALUE-TYPE"
            )
        value = {"value": value}  # Entra sends manager as a bare id
    result = {}
    for key, item in value.items():
        part = target.part(key)
        if part is None:
            notes.unknown(f"{target.name}.{key}")
        elif not part.leaf.read_only and (cleaned := clean(part, item, notes)) is not None:
            result[part.leaf.name] = cleaned
    return result or None


def _clean_text(target: Resolved, value: JsonValue) -> str:
    text = value if isinstance(value, str) else _as_text(target.name, value)
    _check_text(target.name, text, target.leaf.max_length)
    if target.leaf.required and not text.strip():
        raise InvalidValue(f"{target.name} is required and cannot be blank.", "SL-VALUE-REQUIRED")
    return text


def _as_text(name: str, value: JsonValue) -> str:
    """A number or boolean where text is due is kept as its JSON text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) or (isinstance(value, int) and value.bit_length() <= 1_024):
        return str(value)
    raise InvalidValue(f"{name} is text and cannot hold {_kind(value)}; check its mapping.", "SL-VALUE-TYPE")


def _check_text(name: str, text: str, max_length: int) -> None:
    if len(text) > max_length:
        raise InvalidValue(f"{name} holds at most {max_length:,} characters.", "SL-VALUE-LENGTH")
    if not storable(text):
        raise InvalidValue(
            f"{name} contains U+0000 or half of a surrogate pair, which no text can hold.",
            "SL-VALUE-CHARACTER",
        )


def _clean_boolean(target: Resolved, value: JsonValue) -> bool:
    # Entra sends booleans as the strings "True" and "False".
    word = value.lower() if isinstance(value, str) else value
    if word is True or word == "true":
        return True
    if word is False or word == "false":
        return False
    raise InvalidValue(f"{target.name} is true or false, not {_kind(value)}.", "SL-VALUE-TYPE")


def _clean_integer(target: Resolved, value: JsonValue) -> int:
    number = _as_number(target.name, value)
    if number != int(number):
        raise InvalidValue(f"{target.name} is a whole number.", "SL-VALUE-TYPE")
    return int(number)


def _clean_decimal(target: Resolved, value: JsonValue) -> float:
    return _as_number(target.name, value)


def _as_number(name: str, value: JsonValue) -> float:
    """A number may come as a string: the legacy dialect of Entra writes every value so."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= 63:
        return value
    try:
        number = float(value) if isinstance(value, (str, float)) else float("nan")
    except ValueError:
        number = float("nan")
    if number - number != 0:  # neither infinite nor "not a number"
        raise InvalidValue(f"{name} is a number, not {_kind(value)}.", "SL-VALUE-TYPE")
    return number


def _clean_moment(target: Resolved, value: JsonValue) -> str:
    text = _clean_text(target, value)
    if parse_moment(text) is None:
        raise InvalidValue(f"{target.name} is a moment, as in 2026-01-31T12:00:00Z.", "SL-VALUE-TYPE")
    return text


_SCALARS: dict[Type, Callable[[Resolved, Any], Any]] = {
    Type.BOOLEAN: _clean_boolean,
    Type.INTEGER: _clean_integer,
    Type.DECIMAL: _clean_decimal,
    Type.DATE_TIME: _clean_moment,
}


def check_opaque(name: str, value: JsonValue) -> None:
    """Raise InvalidValue for JSON that nobody declared, unless its depth, size and content are sensible."""
    pending = [(value, 1)]
    nodes = 0
    while pending:
        node, depth = pending.pop()
        nodes += 1
        if depth > MAX_OPAQUE_DEPTH or nodes + len(pending) > MAX_OPAQUE_NODES:
            raise InvalidValue(f"{name[:200]} is too deep or too large to be kept.", "SL-VALUE-OPAQUE")
        if isinstance(node, str):
            _check_text(name[:200], node, MAX_OPAQUE_STRING)
        elif isinstance(node, (int, float)):
            _as_number(name[:200], float(node) if isinstance(node, bool) else node)
        elif isinstance(node, list):
            pending.extend((item, depth + 1) for item in node)
        elif isinstance(node, dict):
            pending.extend((item, depth + 1) for pair in node.items() for item in pair)


def without_nulls(value: JsonValue) -> JsonValue:
    """Leave nulls out: they mean "unassigned", and no answer may hold one (RFC 7643 §2.5)."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value if item is not None]
    return value


def _kind(value: JsonValue) -> str:
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, list) else repr(value)[:100]
