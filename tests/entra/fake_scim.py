"""A small SCIM server in memory, on loopback, that does what Entra needs, or commits one fault on purpose."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from entra.targets import ENTERPRISE, Target
from tests.entra.faults import Fault

Json = dict[str, Any]
Answer = tuple[int, Json | None]

TOKEN = "the-secret-token"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
TERM = re.compile(r'(\S+) eq (?:"(.*?)"(?= and |$)|(\S+))(?: and |$)')
BOOLEANS = {"True": True, "False": False}


class FakeScim:
    """`seen` has the request lines and headers as they came over the wire, `bodies` what came with them."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = frozenset(faults)
        self.rows: dict[str, dict[str, Json]] = {"Users": {}, "Groups": {}}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.bodies: list[Json] = []
        self.lock = Lock()

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Json) -> Answer:
        kind, identifier = (*[part for part in path.split("/") if part], "", "")[:2]
        if Fault.NO_GROUPS in self.faults and kind == "Groups":
            return self.error(404, "There is no such page.")
        if kind not in self.rows:
            return self.discovery(kind)
        if not identifier:
            return self.create(kind, body) if method == "POST" else self.search(kind, query)
        if identifier not in self.rows[kind]:
            return self.error(404, f"There is no {identifier} in {kind}.")
        return self.one(method, kind, identifier, (query, body))

    def one(self, method: str, kind: str, identifier: str, asked: tuple[dict[str, list[str]], Json]) -> Answer:
        query, body = asked
        row = self.rows[kind][identifier]
        if method == "DELETE":
            self.remove(kind, identifier)
            return 204, None
        if method == "PATCH":
            for operation in body["Operations"]:
                self.operate(row, operation)
            return (200, self.shown(row, query)) if kind == "Users" else (204, None)
        return 200, self.shown(row, query)

    def error(self, status: int, detail: str, **more: str) -> Answer:
        shown = status if Fault.NUMERIC_STATUS in self.faults else str(status)
        schema = "urn:ietf:params:scim:api:messages:2.0:Error"
        return status, {"schemas": [schema], "status": shown, "detail": detail, **more}

    def discovery(self, endpoint: str) -> Answer:
        schemas = [schema("User", USER_ATTRIBUTES), schema("Group", {"displayName": (), "members": ("value",)})]
        schemas.append({"id": ENTERPRISE, "attributes": attributes(ENTERPRISE_ATTRIBUTES)})
        return (200, listed(schemas)) if endpoint == "Schemas" else (200, {"schemas": [f"{CORE}{endpoint}"]})

    def create(self, kind: str, body: Json) -> Answer:
        name = "userName" if kind == "Users" else "displayName"
        taken = any(row[name].casefold() == body[name].casefold() for row in self.rows[kind].values())
        if taken and Fault.TAKES_DUPLICATES not in self.faults:
            return self.error(409, f"{body[name]} exists.", scimType="uniqueness")
        identifier = str(uuid4())
        row = {key: value for key, value in body.items() if value not in (None, [])}
        location = f"http://127.0.0.1/scim/{kind}/{identifier}"
        times = {"created": "2026-01-01T00:00:00Z", "lastModified": "2026-01-01T00:00:00Z"}
        row |= {"id": identifier, "meta": {"resourceType": kind[:-1], "location": location, **times}}
        row["active"] = BOOLEANS.get(row.get("active", True), row.get("active", True))
        self.rows[kind][identifier] = row
        return 201, self.shown(row, {})

    def remove(self, kind: str, identifier: str) -> None:
        del self.rows[kind][identifier]
        for group in self.rows["Groups"].values():
            group["members"] = [each for each in group.get("members", []) if each["value"] != identifier]

    def search(self, kind: str, query: dict[str, list[str]]) -> Answer:
        condition = query.get("filter", [""])[0]
        terms = [(path, quoted or bare) for path, quoted, bare in TERM.findall(condition)]
        if Fault.IGNORES_FILTERS in self.faults:
            terms = []
        found = [row for row in self.rows[kind].values() if all(self.holds(row, *term) for term in terms)]
        start, count = (int(query.get(name, [default])[0]) for name, default in (("startIndex", "1"), ("count", "999")))
        first = 0 if Fault.ONE_PAGE in self.faults else start - 1
        page = [self.shown(row, query) for row in found[first : first + count]]
        return 200, listed(page, total=len(found), start=start)

    def holds(self, row: Json, path: str, value: str) -> bool:
        if Fault.HIDES_DISABLED in self.faults and row.get("active") is False:
            return False
        if path == "members":
            return any(each["value"] == value for each in row.get("members", []))
        shown = row.get(ENTERPRISE, {}).get("manager", {}).get("value") if path == "manager" else row.get(path)
        if path in ("userName", "displayName") and shown and Fault.CASE_MATTERS not in self.faults:
            return bool(shown.casefold() == value.casefold())
        return bool(shown == value)

    def operate(self, row: Json, operation: Json) -> None:
        path, value = operation.get("path"), operation.get("value")
        if path is None:
            for each, new in value.items():
                self.operate(row, {"op": operation["op"], "path": each, "value": new})
        elif path.startswith("members"):
            self.members(row, operation)
        elif path.split(":")[-1] == "manager":
            self.manager(row, value or "")
        else:
            self.assign(row, Target.parse(path), value)

    def members(self, group: Json, operation: Json) -> None:
        present = {each["value"]: each for each in group.get("members", [])}
        named = re.search(r'"(.+)"', operation["path"])
        values = [named[1]] if named else [each["value"] for each in operation["value"]]
        if operation["op"].lower() == "replace" and Fault.ONLY_ADDS_MEMBERS not in self.faults:
            present = {}
        if operation["op"].lower() != "remove":
            present |= {value: {"value": value} for value in values}
        elif Fault.WIPES_MEMBERS in self.faults:
            present = {}
        else:
            present = {value: each for value, each in present.items() if value not in values}
        group["members"] = list(present.values())

    def manager(self, row: Json, value: Any) -> None:
        value = value[0] if isinstance(value, list) else value
        identifier = value["value"] if isinstance(value, dict) else value
        row.setdefault(ENTERPRISE, {}).pop("manager", None)
        if identifier and Fault.FORGETS_MANAGER not in self.faults:
            row[ENTERPRISE]["manager"] = {"value": identifier}

    def assign(self, row: Json, target: Target, value: Any) -> None:
        if target.path == "displayName" and Fault.LOSES_GROUP_RENAMES in self.faults and "userName" not in row:
            return
        holder = row.setdefault(target.schema, {}) if target.schema else row
        if target.selector:
            key, literal = target.selector
            elements = holder.setdefault(target.attribute, [])
            if not any(str(each.get(key)) == literal for each in elements) and Fault.NO_UPSERT not in self.faults:
                elements.append({key: BOOLEANS.get(literal, literal)})
            holder = next((each for each in elements if str(each.get(key)) == literal), {})
        elif target.sub:
            holder = holder.setdefault(target.attribute, {})
        name = target.sub or target.attribute
        if value not in ("", None):
            holder[name] = BOOLEANS.get(value, value) if target.path == "active" else value
        elif Fault.KEEPS_CLEARED not in self.faults:
            holder.pop(name, None)

    def shown(self, row: Json, query: dict[str, list[str]]) -> Json:
        if query.get("attributes") == ["id"]:
            return {"schemas": row["schemas"], "id": row["id"]}
        document = json.loads(json.dumps(row))
        document["schemas"] = [CORE + row["meta"]["resourceType"]] + [ENTERPRISE] * bool(row.get(ENTERPRISE))
        if not document.get(ENTERPRISE):
            document.pop(ENTERPRISE, None)
        if query.get("excludedAttributes") == ["members"] and Fault.SHOWS_MEMBERS not in self.faults:
            document.pop("members", None)
        return self.spoilt(document)

    def garbled(self, document: Json) -> Json:
        if Fault.GARBLES not in self.faults or len(self.seen) < 4 or len(self.seen) % 5:
            return document
        rubbish = (None, 5, "x", ["x"], {"x": None}, [[]], "")
        return {name: rubbish[(len(self.seen) // 5 + place) % 7] for place, name in enumerate(document)}

    def spoilt(self, document: Json) -> Json:
        if Fault.ACTIVE_AS_STRING in self.faults:
            document["active"] = str(document["active"])
        if Fault.SHOWS_NULL in self.faults:
            document["title"] = document.get("title")
        if Fault.TRANSFORMS_PHONES in self.faults:
            for phone in document.get("phoneNumbers", []):
                phone["value"] = phone["value"].replace(" ", "")
        return document


USER_ATTRIBUTES = {
    **dict.fromkeys(("userName", "active", "displayName", "preferredLanguage", "title", "nickName", "locale"), ()),
    "name": ("givenName", "familyName", "formatted"),
    "roles": ("value", "display", "type", "primary"),
    "emails": ("value", "type"),
    "phoneNumbers": ("value", "type"),
}
ENTERPRISE_ATTRIBUTES = {"department": (), "employeeNumber": (), "manager": ("value",)}


def schema(name: str, described: dict[str, tuple[str, ...]]) -> Json:
    return {"id": CORE + name, "attributes": attributes(described)}


def attributes(described: dict[str, tuple[str, ...]]) -> list[Json]:
    return [{"name": name, "subAttributes": [{"name": sub} for sub in subs]} for name, subs in described.items()]


def listed(resources: list[Json], total: int | None = None, start: int = 1) -> Json:
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": len(resources) if total is None else total,
        "Resources": resources,
        "startIndex": start,
        "itemsPerPage": len(resources),
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    scim: FakeScim

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        scim, parts = self.scim, urlsplit(self.path.replace("//", "/"))
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length) or b"{}")
        with scim.lock:
            scim.seen.append((self.requestline, dict(self.headers)))
            scim.bodies.append(body)
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                status, document = scim.error(401, "The token is not valid.")
            else:
                path = unquote(parts.path).removeprefix("/scim")
                status, document = scim.answer(self.command, path, parse_qs(parts.query), body)
        if Fault.REDIRECTS in scim.faults:
            status = 308
        self.reply(status, document)

    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names http.server looks for

    def reply(self, status: int, document: Json | None) -> None:
        shown = document and self.scim.garbled(document)
        raw = b"" if document is None else json.dumps(shown).encode()
        media_type = "application/json" if Fault.PLAIN_JSON in self.scim.faults else "application/scim+json"
        if Fault.HTML in self.scim.faults:
            raw, media_type = b"<h1>Welcome</h1>", "text/html"
        self.send_response(status)
        if raw:
            self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(raw)))
        if status == 201 and document and Fault.NO_LOCATION not in self.scim.faults:
            self.send_header("Location", document["meta"]["location"])
        if status == 401:
            self.send_header("WWW-Authenticate", 'Bearer error="invalid_token"')
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server on loopback that lives as long as the block."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def serving_scim(scim: FakeScim) -> Iterator[str]:
    """The Tenant URL of `scim`."""
    with serving(type("Handler", (_Handler,), {"scim": scim})) as address:
        yield f"{address}/scim"
