"""Attributes as people read them: a document taken apart into names and values, named as in Entra's mapping."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scim.resources.resource import Resource


@dataclass(frozen=True, slots=True)
class Fact:
    """One value as it was sent; `name` is short, `path` is whole, and `key` is what the journal calls it."""

    name: str
    path: str
    value: str
    key: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a value was and what it became; empty where there was, or is, none."""

    name: str
    path: str
    before: str
    after: str


def facts(resource: Resource, kept: Mapping[str, Any]) -> list[Fact]:
    """Return what a row, or a line of the journal, holds: by column, and by name what has none."""
    found = []
    columns = {place.column: path for path, place in resource.columns}
    for key, value in kept.items():
        if value is None or key == resource.related:
            continue
        path = columns.get(key, (key,))
        found += [Fact(short, whole, text, key) for short, whole, text in _flat(path, value)]
    order = {name: number for number, name in enumerate(resource.bindings)}
    return sorted(found, key=lambda fact: order.get(fact.path, order.get(fact.path.partition("[")[0], len(order))))


def differences(resource: Resource, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what differs between two sides of a line of the journal, name by name."""
    old, new = _by_path(facts(resource, before)), _by_path(facts(resource, after))
    names = {fact.path: fact.name for fact in (*facts(resource, before), *facts(resource, after))}
    return [
        Difference(name, path, old.get(path, ""), new.get(path, ""))
        for path, name in names.items()
        if old.get(path) != new.get(path)
    ]


def _by_path(found: list[Fact]) -> dict[str, str]:
    result: dict[str, str] = {}
    for fact in found:
        result[fact.path] = f"{result[fact.path]}, {fact.value}" if fact.path in result else fact.value
    return result


def _flat(path: tuple[str, ...], value: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the short name, the whole path and the text of each value at a path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat((*path, name), inner)
    elif isinstance(value, list):
        for item in value:
            yield from _element(path, item)
    else:
        yield _short(path), _whole(path), _text(value)


def _element(path: tuple[str, ...], item: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the parts of one of several values, which its type tells from the others."""
    if not isinstance(item, dict):
        yield _short(path), _whole(path), _text(item)
        return
    *parents, last = path
    kind = f'[type eq "{item["type"]}"]' if item.get("type") else ""
    for name, inner in item.items():
        if name != "type":
            yield from _flat((*parents, f"{last}{kind}", name), inner)


def _whole(path: tuple[str, ...]) -> str:
    first, *rest = path
    return f"{first}:{'.'.join(rest)}" if first.startswith("urn:") and rest else ".".join(path)


def _short(path: tuple[str, ...]) -> str:
    return ".".join(path[1:] if path[0].startswith("urn:") and len(path) > 1 else path)


def _text(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
