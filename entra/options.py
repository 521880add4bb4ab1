"""What a run is told: where the server is, how to sign in, how big the source is, and how Entra behaves."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from entra.dialect import Style
from entra.directory import Size


class Placement(StrEnum):
    """Entra's "How credentials are sent"."""

    HEADER = "header"
    BODY = "body"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Client:
    """An OAuth client at a token endpoint."""

    token_url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    placement: Placement = Placement.BODY
    scope: str = ""


@dataclass(frozen=True, slots=True)
class SecretToken:
    """A long-lived token, pasted into Entra's *Secret Token*."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Authorize:
    """The *Authorize* button: a manager signs in for her domain (RFC 6749 section 4.1)."""

    url: str
    client: Client
    domain: str
    username: str
    password: str = field(repr=False)
    redirect_uri: str = "https://portal.azure.com/TokenAuthorize"


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """Client ID and client secret, typed into Entra (RFC 6749 section 4.4)."""

    client: Client


@dataclass(frozen=True, slots=True)
class Federation:
    """A workload identity: an assertion signed by Entra stands in for a secret (RFC 7523 section 2.2)."""

    client: Client
    assertion_file: Path


Login = SecretToken | Authorize | ClientCredentials | Federation


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`cycles` is the number of incremental cycles with changes; `match` the attribute with matching precedence 1."""

    tenant_url: str
    login: Login
    size: Size = field(default_factory=Size)
    style: Style = field(default_factory=Style)
    mapping: str = "full"
    match: str = "userName"
    member_batch: int = 1
    concurrency: int = 4
    cycles: int = 2
    always_refresh: bool = False
    clean_up: bool = False
    quiet: bool = False
