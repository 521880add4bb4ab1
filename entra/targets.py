"""A target attribute as Entra's mapping page names it, and how to read and write it in a document.

RFC 7644 section 3.5.2.
"""

import re
from dataclasses import dataclass
from typing import Any

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
Value = str | bool

_PATH = re.compile(
    r"(?:(?P<schema>urn:.+):)?(?P<attribute>[^\[.:]+)"
    r'(?:\[(?P<key>\w+) eq "(?P<literal>[^"]*)"\])?(?:\.(?P<sub>\w+))?'
)


@dataclass(frozen=True, slots=True)
class Target:
    """`name.givenName`, `emails[type eq "work"].value`, `urn:…:User:department`."""

    path: str
    schema: str | None
    attribute: str
    selector: tuple[str, str] | None
    sub: str | None

    @classmethod
    def parse(cls, path: str) -> "Target":
        """Raises ValueError when `path` has none of the three forms."""
        found = _PATH.fullmatch(path)
        if not found:
            raise ValueError(f"{path!r} is not a target attribute of Entra's mappings.")
        selector = (found["key"], found["literal"]) if found["key"] else None
        return cls(path, found["schema"], found["attribute"], selector, found["sub"])

    def read(self, resource: dict[str, Any]) -> Any:
        """The value, or None when any part of the way is missing."""
        value = _member(resource.get(self.schema, {}) if self.schema else resource, self.attribute)
        if self.selector:
            value = _element(value, *self.selector)
        return _member(value, self.sub) if self.sub else value

    def write(self, resource: dict[str, Any], value: Value) -> None:
        holder = resource.setdefault(self.schema, {}) if self.schema else resource
        if self.selector:
            key, literal = self.selector
            elements = holder.setdefault(self.attribute, [])
            elements.append({"primary": not elements, key: literal, self.sub or "value": value})
        elif self.sub:
            holder.setdefault(self.attribute, {})[self.sub] = value
        else:
            holder[self.attribute] = value


def _member(document: object, name: str) -> Any:
    return document.get(name) if isinstance(document, dict) else None


def _element(elements: object, key: str, literal: str) -> object:
    """Entra's `roles[primary eq "True"]` means the boolean."""
    rows = elements if isinstance(elements, list) else []
    return next((row for row in rows if str(_member(row, key)) == literal), None)
