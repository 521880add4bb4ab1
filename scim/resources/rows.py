"""Row → document and document → row, by the bindings. Columns, JSON and memberships meet here and nowhere else."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson

from scim.protocol.attributes import Attribute, JsonValue, Resolved, Type
from scim.protocol.filters import parse_moment, text_key
from scim.resources.bindings import Column
from scim.resources.resource import Places, Resource, at, path_of, put
from securelogin.directory.dialect import Dialect
from securelogin.directory.keys import Lookup, Values
from securelogin.directory.statements import Row
from securelogin.directory.text import comparison_key

Json = Mapping[str, JsonValue]

# Characters of the ids of a thousand members, each 36 long and followed by a comma.
_PART = 37 * 1_000


def document(resource: Resource, row: Row) -> dict[str, Any]:
    """Return what a client may read and write of a row: no id, no meta, no memberships."""
    result: dict[str, Any] = orjson.loads(row["attributes"])
    for path, place in resource.columns:
        if (value := row[place.column]) is not None:
            put(result, path, value)
    return result


def shown(resource: Resource, row: Row, base_url: str, dialect: Dialect) -> dict[str, Any]:
    """Return the whole resource as an answer shows it, but for `schemas`, which follow from what is shown.

    Members are JSON text already: see `taken_apart`.
    """
    result: dict[str, Any] = {"id": row["id"], **document(resource, row)}
    if stored := row.get(resource.related):
        make: Callable[[str, str], Any] = _groups if resource.related == "groups" else _members
        if related := make(stored, base_url):
            result[resource.related] = related
    result["meta"] = {
        "resourceType": resource.name,
        "created": _moment(row["created"], dialect),
        "lastModified": _moment(row["modified"], dialect),
        "location": f"{base_url}/{resource.endpoint}/{row['id']}",
        "version": version_tag(row),
    }
    return result


def version_tag(row: Row) -> str:
    """Return the weak entity tag of a row (RFC 7644 §3.14): its version counts its changes."""
    return f'W/"{row["version"]}"'


def with_defaults(resource: Resource, source: dict[str, Any], row: Row | None) -> dict[str, Any]:
    """Return a whole resource with what it does not speak of: as it is in the row it replaces, or else the default.

    A PUT that leaves `active` out must neither let somebody in nor lock her out.
    """
    result = dict(source)
    for path, place in resource.columns:
        if place.default is not None and path[-1] not in result:
            put(result, path, place.default if row is None else row[place.column])
    return result


def values(resource: Resource, source: dict[str, Any]) -> Values:
    """Return a document as a row stores it."""
    columns: dict[str, Any] = {place.column: None for _, place in resource.columns}
    attributes, comparable = _placed(source, resource.places, columns)
    return Values(columns, attributes, comparable, tuple(_lookups(resource, comparable)), resource.looked_up)


def written(resource: Resource, source: dict[str, Any], targets: Iterable[Resolved]) -> Values:
    """Return what a row stores of a document of which these targets alone were written: often some columns."""
    columns = {}
    for target in targets:
        place = resource.bindings.get(target.name)
        if not isinstance(place, Column):
            return values(resource, source)
        columns[place.column] = at(source, path_of(target))
    return Values(columns)


def _placed(source: Json, places: Places, columns: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Put what lives in columns there; return what is kept, and the comparable twin of it."""
    kept: dict[str, Any] = {}
    comparable: dict[str, Any] = {}
    for name, value in source.items():
        place = places.get(name)
        if isinstance(place, Column):
            columns[place.column] = value
        elif isinstance(place, Attribute):
            kept[name], comparable[name] = value, _keyed(place, value)
        elif place is None:  # an extension that nobody declared
            kept[name] = value
        else:
            inner, keys = _placed(value, place, columns)
            if inner:
                kept[name] = inner
            if keys:
                comparable[name] = keys
    return kept, comparable


def _keyed(attribute: Attribute, value: JsonValue) -> Any:
    """Return a value as it is compared: keys of text, moments in one spelling, booleans as words."""
    if isinstance(value, str) and attribute.textual:
        return text_key(attribute, value)
    if isinstance(value, list):
        return [_keyed(attribute, item) for item in value]
    if isinstance(value, dict):
        return {name: _keyed(sub, item) for name, item in value.items() if (sub := attribute.sub(name)) is not None}
    if isinstance(value, bool):
        return "true" if value else "false"
    if attribute.type is Type.DATE_TIME:
        return moment_key(parse_moment(str(value)))
    return text_key(attribute, str(value))


def moment_key(moment: datetime | None) -> str:
    """Return a moment as text whose order is that of time."""
    return "" if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _lookups(resource: Resource, comparable: dict[str, Any]) -> Iterable[Lookup]:
    found = ((name, item) for name in resource.looked_up for item in comparable.get(name, ()) if item.get("value"))
    for position, (name, item) in enumerate(found):
        kind = item.get("type")
        yield Lookup(name, position, item["value"], None if kind is None else comparison_key(kind))


def _groups(related: str, base_url: str) -> list[dict[str, str]]:
    return [
        {"value": group_id, "$ref": f"{base_url}/Groups/{group_id}", "display": display, "type": "direct"}
        for group_id, display in orjson.loads(related)
    ]


def _members(related: str, base_url: str) -> orjson.Fragment:
    # A group may have a hundred thousand: no look-up, no parsing, one pass, and only a few texts at a time for each.
    link = orjson.dumps(f"{base_url}/Users/").decode().removesuffix('"')
    parts = (related[start : start + _PART].rstrip(",") for start in range(0, len(related), _PART))
    written = [
        ",".join([f'{{"value":"{each}","$ref":{link}{each}","type":"User"}}' for each in part.split(",")]).encode()
        for part in parts
    ]
    return orjson.Fragment(b"[%b]" % b",".join(written))


def taken_apart(resource: Resource, shown: dict[str, Any]) -> dict[str, Any]:
    """Return a shown resource whose memberships are a list again: only some part of each is to be shown."""
    if resource.related not in shown:
        return shown
    return {**shown, resource.related: orjson.loads(orjson.dumps(shown[resource.related]))}


def _moment(value: Any, dialect: Dialect) -> str:
    return dialect.read_moment(value).isoformat(timespec="milliseconds").replace("+00:00", "Z")
