"""Workload identity federation: is an assertion what a domain's trust expects (RFC 7523 §3)? Pure, on joserfc.

All checks are made and kept, whichever fails, so that a manager sees at once all that is wrong. What an assertion says
of itself is compared and shown, short and printable; it counts for nothing unless every check is passed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _  # the client hears English; a page translates
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

ALGORITHM = "RS256"  # the only one: with a choice, whoever writes the token would make it (RFC 8725 §3.1)
LONGEST = 8 * 1024  # characters of an assertion; Entra's have about 1,500
SKEW = timedelta(seconds=60)
LONGEST_LIFE = timedelta(hours=30)  # Entra's live for an hour or so, its longest for 28

_LONGEST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Expected:
    """Whom a domain trusts: one workload identity of one Entra tenant, speaking to one of these audiences."""

    tenant_id: str
    issuer: str
    subject: str
    audiences: Sequence[str]


@dataclass(frozen=True, slots=True)
class Keys:
    """An issuer's public keys by `kid`; `remark` says that they are old, or why none are here."""

    by_id: Mapping[str, RSAKey] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    check: str  # a key of SENTENCES
    expected: str
    received: str
    passed: bool


# What a check that was not passed means, for whoever set up the trust; ASCII without quotes (RFC 6749 §5.2).
SENTENCES = {
    "form": _("The assertion is not a signed JWT of the usual size."),
    "algorithm": _("The assertion is not signed with RS256."),
    "key": _("The assertion is signed with a key that its issuer does not publish, or whose keys cannot be fetched."),
    "signature": _("The signature of the assertion is not right."),
    "issuer": _("The assertion comes from another issuer."),
    "tenant": _("The assertion comes from another Entra tenant."),
    "audience": _("The assertion is meant for another audience."),
    "subject": _("The assertion is about another subject."),
    "object": _("The object id in the assertion is another than its subject."),
    "expiry": _("The assertion has expired, or does not say when it does."),
    "beginning": _("The assertion is not valid yet."),
    "issue": _("The assertion was issued in the future."),
    "lifetime": _("The assertion lives for longer than an assertion should."),
}
# With these passed, the sender has shown that the issuer itself speaks, and may be told what else is wrong.
_AUTHENTIC = frozenset({"form", "algorithm", "key", "signature", "issuer"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """All checks in the order in which they count."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def authentic(self) -> bool:
        return all(check.passed for check in self.checks if check.check in _AUTHENTIC)

    @property
    def failed(self) -> Check | None:
        """The first check that was not passed."""
        return next((check for check in self.checks if not check.passed), None)

    def document(self) -> list[dict[str, Any]]:
        return [asdict(check) for check in self.checks]


@dataclass(frozen=True, slots=True)
class _Token:
    """An assertion taken apart, and nothing of it believed; what cannot be taken apart says nothing."""

    fault: str = ""
    signed: jws.CompactSignature | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)

    @property
    def header(self) -> Mapping[str, Any]:
        return {} if self.signed is None else self.signed.protected


def verify(assertion: str, expected: Expected, keys: Keys, now: datetime) -> Verdict:
    """Judge an assertion at this moment. It may be used again while it lives: Entra's have no `jti` to tell them by."""
    token = _read(assertion)
    received = token.fault or f"one of {len(assertion):,}"
    form = Check("form", f"a signed JWT of at most {LONGEST:,} characters", received, not token.fault)
    return Verdict(
        (
            form,
            *_signature(token, keys),
            *_identity(token.claims, expected),
            *_lifetime(token.claims, now.astimezone(UTC)),
        )
    )


def key_id(assertion: str) -> str:
    """Return the id of the key that an assertion claims to be signed with, or nothing."""
    named = _read(assertion).header.get("kid")
    return named if isinstance(named, str) else ""


class _Registry(jws.JWSRegistry):
    max_header_length = 2048  # characters: an x5t and more beside the three members that matter


# Not strict: RFC 7515 §4 wants members that nobody knows ignored, and those in `crit` refused.
_REGISTRY = _Registry(algorithms=[ALGORITHM], strict_check_header=False)


def _read(assertion: str) -> _Token:
    if len(assertion) > LONGEST:
        return _Token(f"{len(assertion):,} characters")
    try:
        signed = jws.extract_compact(assertion.encode("ascii"), registry=_REGISTRY)
        claims = json.loads(signed.payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        return _Token("something else")
    header: Any = signed.protected  # whatever JSON the sender wrote there
    if not isinstance(header, dict) or not isinstance(claims, dict) or "crit" in header:
        return _Token("a JWT that cannot be understood")
    return _Token("", signed, claims)


def _signature(token: _Token, keys: Keys) -> Iterator[Check]:
    algorithm, named = token.header.get("alg"), token.header.get("kid")
    key = keys.by_id.get(named) if isinstance(named, str) else None
    yield _equal("algorithm", ALGORITHM, algorithm)
    remark = f"; {keys.remark}" if keys.remark else ""
    yield Check("key", f"one that the issuer publishes{remark}", _shown(named), key is not None)
    if token.signed is None or key is None:
        yield Check("signature", "made with that key", "not compared", passed=False)
    else:
        signed = _is_signed(token.signed, key)
        yield Check("signature", "made with that key", "is" if signed else "is not", signed)


def _is_signed(signed: jws.CompactSignature, key: RSAKey) -> bool:
    try:
        return jws.validate_compact(signed, key, registry=_REGISTRY)
    except (JoseError, ValueError, TypeError):
        return False


def _identity(claims: Mapping[str, Any], expected: Expected) -> Iterator[Check]:
    yield _equal("issuer", expected.issuer, claims.get("iss"))
    # Said by the issuer already, but some tenants' issuers differ in nothing else.
    yield _equal("tenant", expected.tenant_id, claims.get("tid"))
    named = claims.get("aud")
    audiences = named if isinstance(named, list) else [named]  # RFC 7519 §4.1.3: one, or several
    meant = any(audience in expected.audiences for audience in audiences)
    yield Check("audience", " or ".join(expected.audiences), _shown(named), meant)
    yield _equal("subject", expected.subject, claims.get("sub"))
    # An application's token names its object id twice; one that does not is about a person or is no Entra's.
    named = claims.get("oid")
    yield Check("object", f"{expected.subject}, or absent", _shown(named), named in (None, expected.subject))


def _lifetime(claims: Mapping[str, Any], now: datetime) -> Iterator[Check]:
    """RFC 7523 §3 (4) to (6): `exp` must be there, `nbf` and `iat` may."""
    ends, begins, issued = (_moment(claims.get(name)) for name in ("exp", "nbf", "iat"))
    yield Check("expiry", f"after {_told(now)}", _time(claims, "exp"), ends is not None and ends > now - SKEW)
    for check, name, moment in (("beginning", "nbf", begins), ("issue", "iat", issued)):
        past = moment is not None and moment <= now + SKEW
        yield Check(check, f"before {_told(now)}, or absent", _time(claims, name), past or name not in claims)
    life = None if ends is None else ends - (issued or now)
    yield Check(
        "lifetime",
        f"at most {LONGEST_LIFE}",
        "none" if life is None else str(life),
        life is not None and timedelta() <= life <= LONGEST_LIFE,
    )


def _moment(claim: Any) -> datetime | None:
    """A NumericDate (RFC 7519 §2), or None for what is none."""
    if not isinstance(claim, int | float) or isinstance(claim, bool):
        return None
    try:
        return datetime.fromtimestamp(claim, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _time(claims: Mapping[str, Any], name: str) -> str:
    moment = _moment(claims.get(name))
    return _shown(claims.get(name)) if moment is None else _told(moment)


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _equal(check: str, expected: str, received: Any) -> Check:
    return Check(check, expected, _shown(received), isinstance(received, str) and received == expected)


def _shown(claim: Any) -> str:
    """Return a claim as a page may show it, whoever wrote it."""
    text = _text(claim)
    legible = "".join(character if character.isprintable() else "?" for character in text[:_LONGEST_SHOWN])
    return legible + ("…" if len(text) > _LONGEST_SHOWN else "")


def _text(claim: Any) -> str:
    match claim:
        case None:
            return "absent"
        case dict():
            return "an object"
        case list():
            return " and ".join(each if isinstance(each, str) else "something" for each in claim) or "an empty list"
    return str(claim)
