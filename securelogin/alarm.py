"""The alarm of the deletion guard: a mail to the managers who may decide, in the language of their domain."""

import logging
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from securelogin import mail
from securelogin.directory.models import Domain, Manager
from securelogin.directory.permissions import Permission, roles_that_may

logger = logging.getLogger(__name__)


def sound(domain_id: UUID) -> None:
    """Tell the managers of a domain that removals are held. What cannot be sent is on their pages all the same."""
    domain = Domain.objects.select_related("guard").get(pk=domain_id)
    logger.warning("The deletion guard of %s holds what provisioning wants to remove", domain.name)
    to = _managers(domain)
    if not to:
        logger.warning("No manager of %s has an address for mail", domain.name)
        return
    with translation.override(domain.language):
        mail.send_behind(to, _subject(domain), _body(domain))


def _managers(domain: Domain) -> list[str]:
    roles = roles_that_may(Permission.EDIT_DIRECTORY)
    may = Manager.objects.filter(domain=domain, role__in=roles, user__active=True)
    return sorted(set(may.exclude(login_email="").values_list("login_email", flat=True)))


def _subject(domain: Domain) -> str:
    return _("Deletion guard: removals in %(domain)s are held") % {"domain": domain.name}


def _body(domain: Domain) -> str:
    said = {"users": domain.guard.held_users, "groups": domain.guard.held_groups, "domain": domain.name}
    paragraphs = [
        _(
            "Microsoft Entra ID wants to remove more from %(domain)s than you let it in a short time. "
            "So far held: users %(users)s, groups %(groups)s."
        )
        % said,
        _("Nothing has happened to them: who is to be disabled can still sign in. All other changes go on."),
        _("If it is meant, release it; if it is a mistake, reject it and put it right in Entra. Either is done here:"),
        f"{settings.PUBLIC_URL}/d/{domain.name}/guard/",
        _("You get this mail once a day while removals are held."),
    ]
    return "\n\n".join(paragraphs) + "\n"
