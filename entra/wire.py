"""The URLs of Entra's requests, spelt as Microsoft's own query composer spells them (RFC 7644 section 3.4.2)."""

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from entra import operations
from entra.dialect import Chaos, Style
from entra.operations import Kind, Operation

Json = dict[str, Any]

UNESCAPED = "-_.!*()"
RESERVED = ";/?:@&=+$,#[]!'()*"
SINGLE_WORD = re.compile(r"[A-Za-z0-9._@-]+")
LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
URI_SAFE = "%+-_.!*()~;/?:@&=$,#[]'"
FLAG = "aadOptscim062020"


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `path` continues the Tenant URL and carries the query."""

    operation: Operation
    method: str
    path: str
    body: Json | None = None

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def meant_as(self, operation: Operation) -> "Request":
        """The same bytes, with another answer expected."""
        return replace(self, operation=operation)


def encode(text: str) -> str:
    """`HttpUtility.UrlEncode` of .NET: a space is `+`, hexadecimal digits are small, `( ) ! * - _ .` stay."""
    return "".join(_encode_byte(byte) for byte in text.encode())


def _encode_byte(byte: int) -> str:
    character = chr(byte)
    if byte < 128 and (character.isalnum() or character in UNESCAPED):
        return character
    return "+" if character == " " else f"%{byte:02x}"


def encode_value(value: str) -> str:
    """A filter's value: only reserved characters are encoded; Entra escapes neither quotes nor backslashes."""
    return "".join(encode(c) if c in RESERVED or c == " " else c for c in value)


def term(attribute: str, value: str, style: Style) -> str:
    """`attribute eq "value"`, encoded."""
    unquoted = style.has(Chaos.UNQUOTED_FILTERS) and SINGLE_WORD.fullmatch(value)
    mark = "" if unquoted else '"' if style.has(Chaos.RAW_QUOTES) else "%22"
    return f"{encode(f'{attribute} eq ')}{mark}{encode_value(value)}{mark}"


def address(style: Style, *segments: str, query: str = "") -> str:
    """The path below the Tenant URL; ids are escaped as `Uri.EscapeDataString` does."""
    path = ("//" if style.has(Chaos.DOUBLE_SLASH) else "/") + "/".join(quote(s, safe="") for s in segments)
    parameters = [FLAG] * style.has(Chaos.FLAG_IN_QUERY) + [_as_uri(query, style)] * bool(query)
    ending = "/" if style.has(Chaos.TRAILING_SLASH) else ""
    return f"{path}{ending}?{'&'.join(parameters)}" if parameters else path + ending


def _as_uri(query: str, style: Style) -> str:
    """The last step, `Uri` of .NET: what may not stand in a URL at all is escaped, a lone `%` too."""
    unquoted = LONE_PERCENT.sub("%25", query)
    return quote(unquoted, safe=URI_SAFE + '"' * style.has(Chaos.RAW_QUOTES))


def probe(kind: Kind, attribute: str, style: Style) -> Request:
    """Test Connection, and the start of every activity: nobody has this name."""
    return match(kind, attribute, str(uuid4()), style).meant_as(operations.PROBE[kind])


def match(kind: Kind, attribute: str, value: str, style: Style) -> Request:
    query = _without_members(kind) + "filter=" + term(attribute, value, style)
    return Request(operations.MATCH[kind], "GET", address(style, kind, query=query))


def read(kind: Kind, identifier: str, style: Style) -> Request:
    """Entra never reads a group's members."""
    query = _without_members(kind).rstrip("&")
    return Request(operations.READ[kind], "GET", address(style, kind, identifier, query=query))


def read_with_members(identifier: str, style: Style) -> Request:
    """For the read-back only: the one place where members are looked at."""
    return Request(operations.READ[Kind.GROUP], "GET", address(style, Kind.GROUP, identifier))


def _without_members(kind: Kind) -> str:
    return "excludedAttributes=members&" if kind is Kind.GROUP else ""


def check_manager(identifier: str, manager: str, style: Style) -> Request:
    path = _reference_check(Kind.USER, [("id", identifier), ("manager", manager)], style)
    return Request(operations.CHECK_MANAGER, "GET", path)


def check_member(identifier: str, member: str, style: Style) -> Request:
    path = _reference_check(Kind.GROUP, [("id", identifier), ("members", member)], style)
    return Request(operations.CHECK_MEMBER, "GET", path)


def _reference_check(kind: Kind, pairs: list[tuple[str, str]], style: Style) -> str:
    """Entra: the two terms come in either order."""
    ordered = pairs[::-1] if style.has(Chaos.SWAPPED_TERMS) else pairs
    condition = "+and+".join(term(attribute, value, style) for attribute, value in ordered)
    return address(style, kind, query=f"attributes=id&filter={condition}")


def page(kind: Kind, start: int, count: int, style: Style) -> Request:
    query = f"{_without_members(kind)}startIndex={start}&count={count}"
    return Request(operations.LIST[kind], "GET", address(style, kind, query=query))


def create(kind: Kind, body: Json, style: Style) -> Request:
    return Request(operations.CREATE[kind], "POST", address(style, kind), body)


def update_user(identifier: str, body: Json, style: Style) -> Request:
    return Request(operations.UPDATE_USER, "PATCH", address(style, Kind.USER, identifier), body)


def update_group(identifier: str, body: Json, style: Style) -> Request:
    return Request(operations.UPDATE_GROUP, "PATCH", address(style, Kind.GROUP, identifier), body)


def set_manager(identifier: str, body: Json, style: Style) -> Request:
    return update_user(identifier, body, style).meant_as(operations.SET_MANAGER)


def add_members(identifier: str, body: Json, style: Style) -> Request:
    return update_group(identifier, body, style).meant_as(operations.ADD_MEMBERS)


def remove_member(identifier: str, body: Json, style: Style) -> Request:
    return update_group(identifier, body, style).meant_as(operations.REMOVE_MEMBER)


def delete(kind: Kind, identifier: str, style: Style) -> Request:
    return Request(operations.DELETE[kind], "DELETE", address(style, kind, identifier))


def discover(endpoint: str, style: Style) -> Request:
    return Request(operations.DISCOVER, "GET", address(style, endpoint))
