"""The bodies of Entra's POST and PATCH requests, in both dialects (RFC 7644 sections 3.3 and 3.5.2)."""

from collections.abc import Mapping, Sequence

from entra.dialect import Chaos, Dialect, Style
from entra.targets import ENTERPRISE, Value
from entra.wire import Json

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ADSCIM_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
MANAGER = f"{ENTERPRISE}:manager"

UNKNOWN_PATHS = {"nickNameInHeaven": "Skye", "urn:example:params:scim:schemas:extension:Badge:2.0:User:colour": "red"}


def patch(operations: Sequence[Json], style: Style) -> Json:
    message: Json = {"schemas": [PATCH], "Operations": list(operations)}
    # Entra's sample for disabling a user has the members in this order.
    return dict(reversed(message.items())) if style.has(Chaos.OPERATIONS_FIRST) else message


def user_update(changes: Mapping[str, Value], existing: Mapping[str, Value | None], style: Style) -> Json:
    """A PATCH of `changes` (path to new value), given the values that the GET has just shown."""
    wanted = dict(changes)
    if style.has(Chaos.UNKNOWN_ATTRIBUTES):
        wanted |= UNKNOWN_PATHS
    if style.dialect is Dialect.LEGACY:
        return patch([_legacy(path, value, existing, style) for path, value in wanted.items()], style)
    return patch(_compliant(wanted, existing), style)


def _legacy(path: str, value: Value, existing: Mapping[str, Value | None], style: Style) -> Json:
    """One operation with a capital per attribute; booleans are strings."""
    verb = "Add" if existing.get(path) in (None, "") else "Replace"
    literal = isinstance(value, bool) and not style.has(Chaos.MIXED_DISABLE)
    return {"op": verb, "path": path, "value": str(value) if literal else value}


def _compliant(changes: Mapping[str, Value], existing: Mapping[str, Value | None]) -> list[Json]:
    """Valued paths and `active` alone, additions alone, the rest in one operation without a path."""
    together = {path: value for path, value in changes.items() if not _stands_alone(path, existing)}
    apart = [_compliant_alone(path, value) for path, value in changes.items() if path not in together]
    return apart + ([{"op": "replace", "value": together}] if together else [])


def _stands_alone(path: str, existing: Mapping[str, Value | None]) -> bool:
    return _is_replaced_alone(path) or existing.get(path) in (None, "")


def _is_replaced_alone(path: str) -> bool:
    return "[" in path or path == "active"


def _compliant_alone(path: str, value: Value) -> Json:
    return {"op": "replace" if _is_replaced_alone(path) else "add", "path": path, "value": value}


def group_rename(changes: Mapping[str, Value], style: Style) -> Json:
    if style.dialect is Dialect.LEGACY:
        return patch([{"op": "Replace", "path": path, "value": value} for path, value in changes.items()], style)
    return patch([{"op": "replace", "value": dict(changes)}], style)


def members_add(identifiers: Sequence[str], style: Style) -> Json:
    values = [_member(identifier, style) for identifier in identifiers]
    return patch([{"op": _verb("Add", style), "path": "members", "value": values}], style)


def member_remove(identifier: str, style: Style) -> Json:
    if style.dialect is Dialect.LEGACY:
        # Entra names the member in the value; it does not mean to empty the group.
        return patch([{"op": "Remove", "path": "members", "value": [_member(identifier, style)]}], style)
    return patch([{"op": "remove", "path": f'members[value eq "{identifier}"]'}], style)


def _member(identifier: str, style: Style) -> Json:
    return {"$ref": None, "value": identifier} if style.has(Chaos.REF_NULL) else {"value": identifier}


def _verb(name: str, style: Style) -> str:
    return name if style.dialect is Dialect.LEGACY else name.lower()


def manager_set(identifier: str, style: Style) -> Json:
    """The bare string; with the oddity switched on, a form that depends on the id."""
    forms: list[Json] = [
        {"op": "Add", "path": MANAGER, "value": identifier},
        {"op": "replace", "path": MANAGER, "value": {"value": identifier}},
        {"op": "Add", "path": "manager", "value": [{"$ref": f"/Users/{identifier}", "value": identifier}]},
    ]
    return patch([_in_turn(forms, identifier, style)], style)


def manager_clear(identifier: str, style: Style) -> Json:
    """`identifier` is whom the clearing is for."""
    forms: list[Json] = [
        {"op": "replace", "path": MANAGER, "value": ""},
        {"op": "replace", "path": MANAGER, "value": {"value": ""}},
        {"op": "remove", "path": MANAGER},
    ]
    return patch([_in_turn(forms, identifier, style)], style)


def _in_turn(forms: Sequence[Json], identifier: str, style: Style) -> Json:
    return forms[sum(identifier.encode()) % len(forms)] if style.has(Chaos.MANAGER_FORMS) else forms[0]


def new_group(name: str, external_id: str, style: Style) -> Json:
    """Groups are created without members; those follow."""
    return {
        "schemas": [GROUP, ADSCIM_GROUP] if style.has(Chaos.ADSCIM_URN) else [GROUP],
        "externalId": external_id,
        "displayName": name,
        "members": [],
        "meta": {"resourceType": "Group"},
    }


def new_user(document: Json, style: Style) -> Json:
    """The mapped attributes in Entra's envelope, with the oddities that are switched on."""
    schemas = [USER, ENTERPRISE]
    body: Json = {"schemas": schemas, **document, "meta": {"resourceType": "User"}, "roles": []}
    if style.has(Chaos.NULLS_IN_POST):
        body |= {"addresses": None, "nickName": None, "locale": None}
        schemas.append("urn:ietf:params:scim:schemas:extension:enterprise:2.0User")
    if style.has(Chaos.STRINGS_IN_POST) and "active" in body:
        body["active"] = str(body["active"])
    if style.has(Chaos.UNKNOWN_ATTRIBUTES):
        body |= {
            "favouriteColour": "green",
            "urn:example:params:scim:schemas:extension:Badge:2.0:User": {"colour": "red"},
        }
    return body
