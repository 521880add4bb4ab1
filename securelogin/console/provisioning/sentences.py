"""A line of the logbook as a sentence: who did what to whom, or what was refused to whom."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from securelogin.logbook.models import Entry
from securelogin.logbook.upkeep import UPKEEP

OUTCOMES: dict[str, Promise] = {
    "created": gettext_lazy("Created"),
    "changed": gettext_lazy("Changed"),
    "disabled": gettext_lazy("Disabled"),
    "enabled": gettext_lazy("Enabled"),
    "removed": gettext_lazy("Removed"),
    "restored": gettext_lazy("Restored"),
    "managed": gettext_lazy("Managed here"),
}
_DONE: dict[str, Promise] = {
    "created": gettext_lazy("%(who)s created %(whom)s"),
    "changed": gettext_lazy("%(who)s changed %(whom)s"),
    "disabled": gettext_lazy("%(who)s disabled %(whom)s"),
    "enabled": gettext_lazy("%(who)s enabled %(whom)s"),
    "removed": gettext_lazy("%(who)s removed %(whom)s"),
    "restored": gettext_lazy("%(who)s restored %(whom)s"),
}
_REFUSED: dict[str, Promise] = {
    "POST": gettext_lazy("%(who)s could not create %(whom)s"),
    "PUT": gettext_lazy("%(who)s could not change %(whom)s"),
    "PATCH": gettext_lazy("%(who)s could not change %(whom)s"),
    "DELETE": gettext_lazy("%(who)s could not remove %(whom)s"),
}
_ASKED: dict[str, Promise] = {
    "POST": gettext_lazy("%(who)s asked for something"),
    "PUT": gettext_lazy("%(who)s left %(whom)s as it was"),
    "PATCH": gettext_lazy("%(who)s left %(whom)s as it was"),
}


def sentence(line: Entry, whom: str) -> str:
    """Return what happened; `whom` is what its subject is called by now, or was called then."""
    if line.subject_type == UPKEEP:
        return _("Housekeeping ran")
    said = {"who": line.actor_label or _("Somebody"), "whom": whom or _("somebody or something")}
    if line.error_id.startswith("sign_in"):
        return _("%(who)s was refused to sign in") % said
    if line.path.startswith("/oauth/"):
        return _authorization(line) % said
    if line.changed:
        return str(_DONE.get(line.outcome, gettext_lazy("%(who)s managed %(whom)s"))) % said
    if line.status == 401:
        return _("%(who)s was refused for its credential") % said
    table, usual = (
        (_REFUSED, _("%(who)s got no answer to a question"))
        if line.status >= 400
        else (_ASKED, _("%(who)s asked for something"))
    )
    return str(table.get(line.method, usual)) % said


def _authorization(line: Entry) -> str:
    if line.status >= 400:
        return _("%(who)s was refused a token")
    if line.changed:
        return _("%(who)s connected the domain, or ended a connection")
    if line.path.startswith("/oauth/revoke"):
        return _("%(who)s gave a token back")
    return _("%(who)s got a token")
