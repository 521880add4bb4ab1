"""What the pages say of a trust: where its keys are, and the checks that an assertion went through."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oauth.federation import SENTENCES, Check, Verdict
from oauth.issuers import UnknownIssuerError
from oauth.models import FederationTrust

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


def explained(verdict: Verdict | None) -> list[tuple[Promise, Check, str]]:
    """Return each check of an assertion with its name, and what it means to fail it; none where there is no verdict."""
    checks = verdict.checks if verdict else ()
    return [(CHECKS[check.check], check, gettext(SENTENCES[check.check])) for check in checks]


def keys_address(trust: FederationTrust) -> str:
    """Return where the issuer's keys are; empty when this installation trusts such an issuer no more."""
    try:
        return trust.jwks_url
    except UnknownIssuerError:
        return ""
