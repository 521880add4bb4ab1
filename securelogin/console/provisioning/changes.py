"""What a change was, in words: attribute by attribute, before and after; and for a group who joined and who left."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Names of columns and of SCIM's attributes; what is not here is called as SCIM calls it.
LABELS: dict[str, Promise] = {
    "user_name": _("username"),
    "display_name": _("display name"),
    "given_name": _("first name"),
    "family_name": _("last name"),
    "active": _("active"),
    "manager_ref": _("line manager"),
    "title": _("job title"),
    "department": _("department"),
    "division": _("division"),
    "organization": _("organisation"),
    "costCenter": _("cost centre"),
    "employeeNumber": _("employee number"),
    "preferredLanguage": _("language"),
    "emails": _("e-mail"),
    "phoneNumbers": _("phone"),
    "addresses": _("address"),
    "nickName": _("nickname"),
    "userType": _("kind of user"),
    "timezone": _("time zone"),
    "formatted": _("full name"),
    "middleName": _("middle name"),
}
_NAMES = {"external_id": "externalId"}
# Told apart from the attributes, or not told at all: the groups that somebody is deleted from go on to say it.
_APART = {"members", "groups"}
_LONGEST = 200


class Difference(NamedTuple):
    """One attribute that changed; "" stands for nothing there."""

    label: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what differs between the two sides of a journal's line, in the order in which it stands there."""
    old, new = (dict(_flat(_without_members(side))) for side in (before, after))
    names = list(dict.fromkeys([*old, *new]))
    pairs = [(name, old.get(name, ""), new.get(name, "")) for name in names]
    return [Difference(_label(name), one, other) for name, one, other in pairs if one != other]


def _without_members(side: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in side.items() if name not in _APART}


def _flat(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each leaf with its name: the parts of an extension or a name, and plural values by their type."""
    for name, part in value.items():
        if isinstance(part, Mapping):
            yield from _flat(part)
        elif isinstance(part, list):
            yield from _elements(name, part)
        else:
            yield name, _text(part)


def _elements(name: str, elements: list[Any]) -> Iterator[tuple[str, str]]:
    by_type: dict[str, list[str]] = {}
    for element in elements:
        kind = element.get("type") if isinstance(element, Mapping) else None
        by_type.setdefault(str(kind or ""), []).append(_element(element))
    for kind, texts in by_type.items():
        yield f"{name} ({kind})" if kind else name, ", ".join(texts)


def _element(element: Any) -> str:
    if not isinstance(element, Mapping):
        return _text(element)
    if "value" in element:
        return _text(element["value"])
    return ", ".join(_text(part) for name, part in element.items() if name not in {"type", "primary"})


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "" if value is None else str(value)[:_LONGEST]


def _label(name: str) -> str:
    base, bracket, kind = name.partition(" (")
    return f"{LABELS.get(base, _NAMES.get(base, base))}{bracket}{kind}"
