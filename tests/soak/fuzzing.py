"""A seeded fuzzer of the SCIM API: requests that are nearly right, and requests that are nothing at all."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

NAMES = [
    *("userName", "externalId", "active", "displayName", "name", "name.givenName", "emails", "emails.value", "members"),
    *("groups", "id", "meta", "meta.lastModified", "schemas", "password", "phoneNumbers", "roles", "roles.primary"),
    *("addresses.type", ENTERPRISE, f"{ENTERPRISE}:manager", f"{ENTERPRISE}:department", "manager", "nickName"),
    *("__class__", "_state", "password__x", "is_superuser", "domain_id", "x" * 300, "a.b.c", "urn:x:y", "urn:x:y:z"),
    *("", " ", "é", "\u0000", "members.value", "members.$ref", "emails.primary", "X", "USERNAME", "$ref", "t.id"),
]
TEXTS = [
    *("ann@acme.example", "", " ", "True", "false", "null", "0", "-1", "1e400", "'", '"', "\\", "%", "_", "%zz", "%00"),
    *(
        "\u0000",
        "\ud800",
        "ß",
        "İstanbul",
        "ς",
        "\U0001d49c",
        "\u202e",
        "a" * 2000,
        "\n",
        "'; DROP TABLE x; --",
        "{{7*7}}",
    ),
    *("2026-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000Z", "9999-12-31T23:59:59+14:00", "work", "mobile", "*"),
    *("00000000-0000-7000-8000-000000000000", "../../etc/passwd", '{"a":1}', "[]", "${jndi:x}", "\U0010ffff"),
]
OPERATORS = ["eq", "ne", "co", "sw", "ew", "pr", "gt", "ge", "lt", "le", "EQ", "xx", "", "=="]
METHODS = [*["GET"] * 8, *["POST"] * 6, *["PATCH"] * 14, *["PUT"] * 4, "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"]
CONTENT_TYPES = [
    "application/scim+json",
    "application/json",
    "text/xml",
    "application/scim+json; charset=utf-8",
    "",
    "\x01",
]


@dataclass(frozen=True, slots=True)
class Shot:
    """One request: `path` may hold a query."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str]
    content_type: str


def shots(seed: int, count: int, ids: list[str]) -> Iterator[Shot]:
    """Give `count` requests, always the same for a seed; `ids` are of resources; it may grow on the way."""
    random = Random(seed)  # noqa: S311  # repeatable, not secret
    for _ in range(count):
        yield _Gun(random, ids).shot()


@dataclass(frozen=True, slots=True)
class _Gun:
    random: Random
    ids: list[str]

    def shot(self) -> Shot:
        method = self.random.choice(METHODS)
        asks = 0.9 if method == "GET" else 0.1
        path = self._path(method) + (self._query() if self.random.random() < asks else "")
        body = self._body(method) if method in {"POST", "PATCH", "PUT"} else b""
        kind = CONTENT_TYPES[0] if self.random.random() < 0.9 else self.random.choice(CONTENT_TYPES)
        return Shot(method, path, body, self._headers(), kind)

    def _path(self, method: str) -> str:
        random = self.random
        endpoint = random.choice(["Users", "Groups"])
        if random.random() < 0.06:
            strange = ["users", "Schemas", "Bulk", "Me", "", "%zz", "a/b", "ServiceProviderConfig", self._text()]
            endpoint = quote(random.choice(strange).encode("utf-8", "replace"), safe="%/")
        if method == "POST":
            return f"/{endpoint}{'/.search' if random.random() < 0.3 else ''}"
        one = method in {"PATCH", "PUT", "DELETE"} or random.random() < 0.3
        slashes, tail = ("//", "/") if random.random() < 0.05 else ("/", "")
        return f"{slashes}{endpoint}{'/' + quote(self._id().encode('utf-8', 'replace'), safe='') if one else ''}{tail}"

    def _id(self) -> str:
        return self.random.choice(self.ids[-50:]) if self.random.random() < 0.9 else self._text()

    def _query(self) -> str:
        random = self.random
        names = [
            "filter",
            "attributes",
            "excludedAttributes",
            "sortBy",
            "sortOrder",
            "startIndex",
            "count",
            "filter",
            "x",
        ]
        chosen = random.sample(names, random.randint(1, 4))
        return "?" + "&".join(f"{name}={self._value_of(name)}" for name in chosen)

    def _value_of(self, name: str) -> str:
        if name == "filter":
            text = self.filter(self.random.randint(0, 4))
        elif name in {"startIndex", "count"}:
            text = str(self.random.choice([0, 1, 5, -1, 2**31, 10**30, "x", "1.5", "", " 3"]))
        else:
            text = ",".join(self.random.choice(NAMES) for _ in range(self.random.randint(0, 3)))
        raw = text.encode("utf-8", "replace").decode()
        return (
            quote(raw)
            if self.random.random() < 0.9
            else raw.replace("\u0000", "%00").replace("#", "").replace("\n", "")
        )

    def filter(self, depth: int) -> str:
        random = self.random
        kind = random.random()
        if depth == 0 or kind < 0.4:
            return f"{random.choice(NAMES)} {random.choice(OPERATORS)} {self._literal()}"
        if kind < 0.6:
            return f"({self.filter(depth - 1)}) {random.choice(['and', 'or', 'AND', 'xor'])} {self.filter(depth - 1)}"
        if kind < 0.75:
            return f"not ({self.filter(depth - 1)})"
        if kind < 0.95:
            inner = self.filter(depth - 1)
            return f"{random.choice(['emails', 'members', 'groups', 'addresses', 'name', 'x'])}[{inner}]"
        text = self.filter(depth - 1)
        place = random.randrange(len(text) + 1)
        return text[:place] + random.choice(['"', "(", ")", "]", "[", "\\", "\u0000", " "]) + text[place:]

    def _literal(self) -> str:
        random = self.random
        if random.random() < 0.7:
            return json.dumps(self._text(), ensure_ascii=random.random() < 0.5)
        return random.choice(["true", "false", "null", "1", "-1.5e3", "abc", "", '"open', self.random.choice(self.ids)])

    def _body(self, method: str) -> bytes:
        document = self._patch() if method == "PATCH" else self._resource()
        text = json.dumps(document)
        if self.random.random() < 0.1:
            place = self.random.randrange(len(text))
            text = text[:place] + self.random.choice(["", '"', "{", "}", "\u0000", "NaN", "1e999"]) + text[place + 1 :]
        return text.encode("utf-8", "replace")

    def _patch(self) -> Any:
        if self.random.random() < 0.05:
            return self._value(3)
        operations = [self._operation() for _ in range(self.random.choice([0, 1, 1, 1, 2, 3]))]
        return {"schemas": [PATCH_OP], self.random.choice(["Operations"] * 9 + ["operations"]): operations}

    def _operation(self) -> Any:
        random = self.random
        operation: dict[str, Any] = {"op": random.choice(["add", "Replace", "remove", "REMOVE", "Add", "move", None])}
        if random.random() < 0.8:
            operation["path"] = self._patch_path()
        if random.random() < 0.9:
            operation["value"] = self._value(2)
        return operation

    def _patch_path(self) -> Any:
        random = self.random
        name = random.choice(NAMES)
        if random.random() < 0.5:
            return name
        tail = random.choice(["", ".value", ".type", ".x", ".", "]"])
        return f"{name}[{self.filter(random.randint(0, 2))}]{tail}"

    def _resource(self) -> Any:
        if self.random.random() < 0.05:
            return self._value(3)
        document = {self.random.choice(NAMES): self._value(3) for _ in range(self.random.randint(0, 6))}
        if self.random.random() < 0.8:
            document |= {"userName": self._text() + str(self.random.randrange(10**6)), "displayName": self._text()}
        return document

    def _value(self, depth: int) -> Any:
        random = self.random
        kind = random.random()
        if depth == 0 or kind < 0.4:
            return random.choice([self._text(), True, False, None, 0, -1, 2**70, 1.5, random.choice(self.ids)])
        if kind < 0.7:
            return [self._value(depth - 1) for _ in range(random.randint(0, 4))]
        names = ["value", "type", "primary", "display", "$ref", "givenName", "familyName", *NAMES]
        return {random.choice(names): self._value(depth - 1) for _ in range(random.randint(0, 4))}

    def _headers(self) -> dict[str, str]:
        random = self.random
        offered = {
            "If-Match": ['W/"1"', "*", "x", '"' * 50],
            "If-None-Match": ['W/"1"', "*"],
            "Prefer": ["return=representation", "x"],
            "Host": ["127.0.0.1:8000", "evil.example", "127.0.0.1:8000, x"],
            "Accept": ["text/html", "*/*"],
            "X-Forwarded-For": ["x", "1.2.3.4"],
        }
        return {name: random.choice(values) for name, values in offered.items() if random.random() < 0.02}

    def _text(self) -> str:
        return self.random.choice(TEXTS)
