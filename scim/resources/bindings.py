"""The kinds of place an attribute can live in. A resource is a table of these, one for every declared attribute."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """In a column of the row. `default` is what a whole resource (POST, PUT) has that does not name the attribute."""

    column: str
    default: bool | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """In the JSON `attributes`, its comparison keys in `comparable`; `looked_up`: its values have index rows too."""

    looked_up: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """On the other side of memberships, read beside the row as `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Computed:
    """Made by the server from the row when it is shown."""


@dataclass(frozen=True, slots=True)
class Discarded:
    """Recognised and not kept."""


Binding = Column | Kept | Related | Computed | Discarded
