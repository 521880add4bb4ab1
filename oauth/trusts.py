"""Trusts, which connections of kind `federation` stand on: made, changed, and held against what Entra presents in place
of a secret (RFC 7521 §4.2, RFC 7523 §2.2).
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oauth import issuers, keyring, trace
from oauth.applications import own_application
from oauth.connections import Author, BadTermsError, check, set_up
from oauth.federation import SENTENCES, Check, Expected, Keys, Verdict, key_id, verify
from oauth.issuers import UnknownIssuerError
from oauth.models import AccessToken, Connection, FederationTrust
from securelogin.directory.models import Domain

logger = logging.getLogger(__name__)

MOST_AUDIENCES = 5
LONGEST_AUDIENCE = 200  # characters

_NOTED_AGAIN_AFTER = timedelta(minutes=5)
_UNDISTURBED_FOR = timedelta(hours=1)
# Whoever cannot show that the issuer speaks hears this, whatever is wrong: a stranger must not be told what would do.
REFUSED = "The assertion is not accepted. The Connection page of the domain and its provisioning log say why."


@dataclass(slots=True, kw_only=True)
class TrustTerms:
    """Whom a domain is to trust, as its admin reads it from Entra's pages. Raises BadTermsError with a sentence."""

    tenant_id: str
    subject: str
    audiences: list[str]
    issuer: str = ""  # empty for the tenant's own in Entra's public cloud

    def __post_init__(self) -> None:
        self.tenant_id, self.subject = self.tenant_id.strip().lower(), self.subject.strip().lower()
        self.issuer = self.issuer.strip() or issuers.issuer_of(self.tenant_id)
        self.audiences = list(dict.fromkeys(stripped for each in self.audiences if (stripped := each.strip())))
        if not issuers.is_guid(self.tenant_id):
            raise BadTermsError(_("The tenant id is a GUID, as on the Overview page of Microsoft Entra ID."))
        if not issuers.is_guid(self.subject):
            raise BadTermsError(_("The subject is a GUID: the object id of the workload identity in Entra."))
        _check_issuer(self.issuer, self.tenant_id)
        _check_audiences(self.audiences)


def _check_issuer(issuer: str, tenant_id: str) -> None:
    try:
        tenant = issuers.tenant_of(issuer)
    except UnknownIssuerError as error:
        raise BadTermsError(str(error)) from error
    if tenant != tenant_id:
        raise BadTermsError(_("The issuer speaks for another tenant than the one of the tenant id."))


def _check_audiences(audiences: list[str]) -> None:
    if not 1 <= len(audiences) <= MOST_AUDIENCES:
        raise BadTermsError(_("Name 1 to %(most)d audiences.") % {"most": MOST_AUDIENCES})
    if any(not _is_audience(audience) for audience in audiences):
        raise BadTermsError(
            _("An audience has no blanks and at most %(most)d characters, as in %(example)s.")
            % {"most": LONGEST_AUDIENCE, "example": "api://00000000-0000-0000-0000-000000000000"}
        )


def _is_audience(text: str) -> bool:
    return len(text) <= LONGEST_AUDIENCE and text.isascii() and text.isprintable() and " " not in text


class _Label(NamedTuple):
    name: str
    scope: str


def connect_federation(domain: Domain, name: str, scope: str, terms: TrustTerms, author: Author) -> Connection:
    """Connect a domain by a trust in Entra's workload identity; the client id is `connection.application.client_id`.

    Raises BadTermsError with a sentence.
    """
    label = _Label(name, scope)
    check(label)
    with transaction.atomic():
        application = own_application(name, author)
        connection = set_up(domain, Connection.Kind.FEDERATION, label, author, application)
        FederationTrust.objects.create(connection=connection, **_columns(terms))
    return connection


def change_trust(trust: FederationTrust, terms: TrustTerms) -> None:
    """Trust somebody else from now on. The tokens that the old terms gave end with them."""
    now = timezone.now()
    with transaction.atomic():
        Connection.objects.select_for_update(no_key=True).get(pk=trust.connection_id)
        FederationTrust.objects.filter(pk=trust.pk).update(**_columns(terms), last_verdict=[], last_verdict_at=None)
        AccessToken.objects.filter(connection=trust.connection_id, expires__gt=now).update(expires=now)
    logger.info("Connection %s trusts %s of %s now", trust.connection_id, terms.subject, terms.issuer)


def _columns(terms: TrustTerms) -> dict[str, object]:
    return {
        "tenant_id": terms.tenant_id,
        "issuer": terms.issuer,
        "subject": terms.subject,
        "audiences": terms.audiences,
    }


def last_verdict(trust: FederationTrust) -> Verdict | None:
    """Return how the last assertion was judged, None when none has come since the trust was made or changed."""
    return Verdict(tuple(Check(**row) for row in trust.last_verdict)) if trust.last_verdict else None


def judge(trust: FederationTrust, assertion: str) -> Verdict:
    """Judge an assertion by the keys that are here; have them brought by `await_key` before."""
    accepted = dict.fromkeys(spelling for audience in trust.audiences for spelling in _spellings(audience))
    expected = Expected(trust.tenant_id, trust.issuer, trust.subject, list(accepted))
    return verify(assertion, expected, _keys(trust), timezone.now())


def _spellings(audience: str) -> list[str]:
    """Return all names of the application that an audience names: Entra's pages and its tokens differ in them."""
    application = audience.removeprefix("api://").removesuffix("/.default").lower()
    if not issuers.is_guid(application):
        return [audience]
    return [f"api://{application}", f"api://{application}/.default", application]


def _keys(trust: FederationTrust) -> Keys:
    try:
        return keyring.keys_at(trust.jwks_url)
    except UnknownIssuerError:
        return Keys(remark="this installation does not trust such an issuer")


def await_key(trust: FederationTrust, assertion: str) -> None:
    """Have the key that an assertion names fetched if it is not here. Call it outside transactions: it may take
    seconds.
    """
    named = key_id(assertion)
    with suppress(UnknownIssuerError):
        if named:
            keyring.await_key(trust.jwks_url, named)


def examine(trust: FederationTrust, assertion: str) -> Verdict:
    """Judge an assertion as a call that presents it would be, for who set up the trust: nothing is kept, and nothing
    given for it. Call it outside transactions.
    """
    await_key(trust, assertion)
    return judge(trust, assertion)


def prepare(client_id: str, assertion: str) -> None:
    """Do, before a token request's transaction begins, what must not happen within it."""
    trust = trust_of(client_id) if client_id and assertion else None
    if trust is not None:
        await_key(trust, assertion)


def trust_of(client_id: str) -> FederationTrust | None:
    """Return the trust that a client id names; so the id decides which domain is meant, when two trust the same."""
    named = FederationTrust.objects.filter(connection__application__client_id=client_id)
    return named.select_related("connection__domain").first()


def refusal_of(trust: FederationTrust, assertion: str) -> str | None:
    """Judge an assertion and keep the verdict; return what to tell whoever presented it, None when it is accepted."""
    verdict = judge(trust, assertion)
    _keep(trust, verdict, timezone.now())
    trace.judged(verdict.document())
    failed = verdict.failed
    if failed is None:
        return None
    trace.knows(f"{SENTENCES[failed.check]} Expected: {failed.expected}. Received: {failed.received}.")
    return SENTENCES[failed.check] if verdict.authentic else REFUSED


def _keep(trust: FederationTrust, verdict: Verdict, now: datetime) -> None:
    if _is_news(trust, verdict, now):
        FederationTrust.objects.filter(pk=trust.pk).update(last_verdict=verdict.document(), last_verdict_at=now)


def _is_news(trust: FederationTrust, verdict: Verdict, now: datetime) -> bool:
    """Tell whether a verdict is worth a write, and worth forgetting the last one for."""
    last = last_verdict(trust)
    if last is None or trust.last_verdict_at is None:
        return True
    age = now - trust.last_verdict_at
    if last.authentic and not verdict.authentic:
        # Anybody can send one: it must not hide from the managers what became of Entra's own.
        return age > _UNDISTURBED_FOR
    return age > _NOTED_AGAIN_AFTER or _outcome(last) != _outcome(verdict)


def _outcome(verdict: Verdict) -> list[bool]:
    return [check.passed for check in verdict.checks]
