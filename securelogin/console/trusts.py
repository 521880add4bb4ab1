"""What the pages say of a trust: where its keys are, and the checks that the last assertion went through."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oauth.federation import SENTENCES, Check
from oauth.issuers import UnknownIssuerError
from oauth.models import FederationTrust
from oauth.trusts import last_verdict

CHECKS: dict[str, Promise] = {
    "form": _("It is a signed token"),
    "algorithm": _("Algorithm"),
    "key": _("Key"),
    "signature": _("Signature"),
    "issuer": _("Issuer"),
    "tenant": _("Tenant"),
    "audience": _("Audience"),
    "subject": _("Subject"),
    "object": _("Object id"),
    "expiry": _("Not expired"),
    "beginning": _("Valid already"),
    "issue": _("Issued in the past"),
    "lifetime": _("Lifetime"),
}


def checks_of(trust: FederationTrust) -> list[tuple[Promise, Check, str]]:
    """Return each check of the last assertion with its name, and what it means to fail it; none before the first."""
    verdict = last_verdict(trust)
    return (
        [(CHECKS[check.check], check, gettext(SENTENCES[check.check])) for check in verdict.checks] if verdict else []
    )


def keys_address(trust: FederationTrust) -> str:
    """Return where the issuer's keys are; empty when this installation trusts such an issuer no more."""
    try:
        return trust.jwks_url
    except UnknownIssuerError:
        return ""
