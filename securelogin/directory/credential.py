"""Credential and Actor: the frozen values by which the whole house knows who calls and who acts."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Tenant:
    """What a request needs to know of its domain; `schema_version` tells whether cached schemas still hold."""

    id: UUID
    name: str
    schema_version: int = 1


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changed something, as plain values that outlive the row they came from."""

    kind: str  # "connection", "manager", "operator" or "command"
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Credential:
    """What a SCIM request was authenticated with: one domain, one connection, its scopes."""

    tenant: Tenant
    connection_id: UUID
    actor: Actor
    scopes: frozenset[str]

    def may_read(self) -> bool:
        return "scim" in self.scopes or "scim:read" in self.scopes

    def may_write(self) -> bool:
        return "scim" in self.scopes


class RefusedCredentialError(Exception):
    """A credential is known and refused all the same. What the caller hears is what the exception says as another one;
    whose the credential is, and why it is refused, is for the logbook of its domain.
    """

    credential: Credential
    reason: str

    def of(self, credential: Credential, reason: str) -> Self:
        self.credential, self.reason = credential, reason
        return self
