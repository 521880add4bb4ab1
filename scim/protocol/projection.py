"""What of a resource is shown: `attributes`, `excludedAttributes` and `returned`. RFC 7644 §3.9, RFC 7643 §7.

Asked twice: before reading (`wants`: must the members be read at all?) and after (`show`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from scim.protocol.attributes import JsonValue, Returned, Schemas
from scim.protocol.errors import InvalidValue
from scim.protocol.evaluate import is_unassigned
from scim.protocol.grammar import parse_attribute

Json = Mapping[str, JsonValue]
# By the key of an attribute: the names of the parts that are meant, or WHOLE.
Selection = Mapping[str, frozenset[str]]

MAX_LENGTH = 8_192
WHOLE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Which attributes to show: those of `selected`, or, where it is None, all but those of `excluded`.

    `id` and `schemas` are always shown. Equal only to itself; without parameters it is the same one each time.
    """

    schemas: Schemas
    selected: Selection | None
    excluded: Selection

    @staticmethod
    @lru_cache(maxsize=64)
    def parse(attributes: str | None, excluded: str | None, schemas: Schemas) -> "Projection":
        """Read the two parameters, comma-separated, in any case. Names nobody declares are ignored.

        They exclude each other (RFC 7644 §3.9); where a client sends both, `attributes` decides, as it shows less.
        """
        if attributes:
            always = dict.fromkeys(_keys(schemas, Returned.ALWAYS), WHOLE)
            return Projection(schemas, _selection(attributes, schemas) | always, {})
        return _excluding(excluded, schemas) if excluded else default_projection(schemas)

    @property
    def is_default(self) -> bool:
        return self.selected is None and not self.excluded

    def wants(self, name: str) -> bool:
        """Whether anything of the attribute with that canonical name, as `members`, is shown."""
        if self.selected is not None:
            return name in self.selected
        return self.excluded.get(name) != WHOLE

    def takes_apart(self, name: str) -> bool:
        """Whether a part of each value of that attribute is shown, and another part is not."""
        chosen = self.excluded if self.selected is None else self.selected
        return bool(chosen.get(name))

    def show(self, document: Json) -> dict[str, Any]:
        """Return what of a document is shown, under the `schemas` of what is left in it."""
        shown = document if self.is_default else dict(_each(document, self._members_of))
        # Declared ones first, and then in one order: PostgreSQL keeps none of the keys of jsonb.
        declared = self.schemas.extension_urns
        urns = [name for name in shown if ":" in name]
        if len(urns) > 1:
            urns.sort(key=lambda name: (name not in declared, name))
        return {"schemas": [self.schemas.core.id, *urns], **shown}

    def _members_of(self, name: str, value: JsonValue) -> JsonValue:
        """Project one member of the document: an attribute, or the object of an extension."""
        if name not in self.schemas.extension_urns:
            return self._part(name, value)
        return dict(_each(value, lambda inner, item: self._part(f"{name}:{inner}", item)))

    def _part(self, key: str, value: JsonValue) -> JsonValue:
        """Project one attribute; None where nothing of it is shown."""
        if self.selected is not None:
            parts = self.selected.get(key)
            return value if parts == WHOLE else parts and _pick(value, lambda name: name in parts)
        hidden = self.excluded.get(key)
        if hidden is None:
            return value
        return None if hidden == WHOLE else _pick(value, lambda name: name not in hidden)


@lru_cache(maxsize=256)
def default_projection(schemas: Schemas) -> Projection:
    """Return the projection of a request without parameters."""
    return Projection(schemas, None, dict.fromkeys(_keys(schemas, Returned.REQUEST), WHOLE))


def _excluding(excluded: str, schemas: Schemas) -> Projection:
    always = _keys(schemas, Returned.ALWAYS)
    named = {key: parts for key, parts in _selection(excluded, schemas).items() if key not in always}
    return Projection(schemas, None, {**default_projection(schemas).excluded, **named})


def _keys(schemas: Schemas, returned: Returned) -> set[str]:
    return {found.key for found in schemas.attributes if found.attribute.returned is returned}


def _each(members: Json, project: Callable[[str, JsonValue], JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    """Project every member of an object, and leave out those of which nothing is left."""
    for name, value in members.items():
        part = project(name, value)
        if not is_unassigned(part):
            yield name, part


def _pick(value: JsonValue, keep: Callable[[str], bool]) -> JsonValue:
    """Keep some parts of an object, or of each object in a list."""
    if isinstance(value, list):
        return [picked for item in value if (picked := _pick(item, keep))]
    if isinstance(value, dict):
        return {name: item for name, item in value.items() if keep(name)}
    return None


def _selection(text: str, schemas: Schemas) -> dict[str, frozenset[str]]:
    if len(text) > MAX_LENGTH:
        raise InvalidValue(
            f"attributes and excludedAttributes hold at most {MAX_LENGTH:,} characters.", "SL-PROJECTION-LENGTH"
        )
    selection: dict[str, frozenset[str]] = {}
    for name in _without_brackets(text).split(","):
        for key, part in _meanings(name.strip(), schemas):
            known = selection.get(key)
            whole = part is None or known == WHOLE
            selection[key] = WHOLE if whole else (known or WHOLE) | {str(part)}
    return selection


def _meanings(name: str, schemas: Schemas) -> Iterator[tuple[str, str | None]]:
    """Give the keys, and parts, a name stands for; the URN of a schema stands for all its attributes."""
    path = parse_attribute(name)
    if declared := schemas.attributes_of(name):
        yield from ((found.key, None) for found in declared)
    elif path is not None and (found := schemas.resolve(path)) is not None:
        yield found.key, found.sub.name if found.sub else None
    elif path is not None and path.urn is not None:  # kept as sent: the extension as a whole, or a part of it
        yield name, None
        yield path.urn, name[len(path.urn) + 1 :]


def _without_brackets(text: str) -> str:
    """Cut filters off: `emails[type eq "work"].value` shows what `emails.value` shows."""
    kept = []
    depth = 0
    for char in text:
        depth += char == "["
        if depth == 0:
            kept.append(char)
        depth -= char == "]" and depth > 0
    return "".join(kept)
