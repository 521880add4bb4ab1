"""Pages of a long list by key: what comes after a row, or before it. The hundredth page costs what the first does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

PER_PAGE = 50
_BETWEEN = "~"  # in the address, between the values of a key

_Row = TypeVar("_Row")
_Instance = TypeVar("_Instance", bound=Model)
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """By which columns a list goes; together they are unique, and an index has them."""

    columns: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Part(Generic[_Row]):
    """One page; `before` and `after` are the keys to ask for its neighbours by, empty where there is none."""

    rows: Sequence[_Row]
    before: str
    after: str
    is_first: bool  # asked for without a key: that nothing is on it means that there is nothing


def part_of(rows: QuerySet[_Instance], order: Order, query: QueryDict) -> Part[_Instance]:
    """Return the page that the address asks for, from a list that has been narrowed down but not sorted."""
    columns = [rows.model._meta.get_field(name) for name in order.columns]  # noqa: SLF001  # Django documents it

    def fetch(key: Key | None, *, backwards: bool) -> list[_Instance]:
        descending = order.descending != backwards
        found = rows if key is None else rows.filter(beyond(order.columns, key, descending=descending))
        return list(found.order_by(*(f"-{name}" if descending else name for name in order.columns))[: PER_PAGE + 1])

    def key_of(row: _Instance) -> Key:
        return tuple(getattr(row, column.attname) for column in columns)  # type: ignore[union-attr]  # all are columns

    return part_by(fetch, key_of, query, [column.to_python for column in columns])  # type: ignore[union-attr]  # as above


def part_by(
    fetch: Callable[..., list[_Row]],
    key_of: Callable[[_Row], Key],
    query: QueryDict,
    readers: Sequence[Callable[[str], Any]],
) -> Part[_Row]:
    """As `part_of`, for what is no table: `fetch` returns up to one row more than a page, away from the key."""
    key, backwards = _key(query.get("after", ""), readers), False
    if key is None:
        key = _key(query.get("before", ""), readers)
        backwards = key is not None
    found = fetch(key, backwards=backwards)
    has_more, found = len(found) > PER_PAGE, found[:PER_PAGE]
    if backwards:
        found.reverse()
    has_before, has_after = (has_more, True) if backwards else (key is not None, has_more)
    return Part(
        found,
        _text(key_of(found[0])) if found and has_before else "",
        _text(key_of(found[-1])) if found and has_after else "",
        key is None,
    )


def beyond(columns: Sequence[str], key: Key, *, descending: bool) -> Q:
    """Return the condition on what follows a key. The first column alone is named too, for its index to be used."""
    beside, follows = ("lte", "lt") if descending else ("gte", "gt")
    first, *rest = columns
    if not rest:
        return Q(**{f"{first}__{follows}": key[0]})
    inner = Q(**{f"{first}__{follows}": key[0]}) | beyond(rest, key[1:], descending=descending)
    return Q(**{f"{first}__{beside}": key[0]}) & inner


def _key(text: str, readers: Sequence[Callable[[str], Any]]) -> Key | None:
    """Read a key from the address; one that cannot be read is none, and leads to the first page."""
    parts = text.replace("\x00", "").split(_BETWEEN, len(readers) - 1)
    if not text or len(parts) != len(readers):
        return None
    try:
        key = tuple(read(part) for read, part in zip(readers, parts, strict=True))
    except (ValidationError, ValueError, OverflowError):
        return None
    return None if None in key else key


def _text(key: Key) -> str:
    return _BETWEEN.join(value.isoformat() if hasattr(value, "isoformat") else str(value) for value in key)
