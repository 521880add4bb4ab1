"""Invitations: an owner writes to somebody, who opens the link within a week and chooses a password."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from securelogin import mail
from securelogin.directory.credential import Actor
from securelogin.directory.errors import DirectoryError
from securelogin.directory.managers import Appointment, account_of, appoint
from securelogin.directory.models import Domain, Manager, Role
from securelogin.directory.text import comparison_key
from securelogin.logbook.forgetting import FORGOTTEN
from securelogin.signin import links
from securelogin.signin.models import Invitation

LIFETIME = timedelta(days=7)
MOST_AT_A_TIME = 100
# Whoever presses again at once has not waited for the mail; and nobody's mailbox is ours to fill.
SEND_AGAIN_AFTER = timedelta(minutes=1)


class InvitationError(ValueError):
    """Somebody cannot be invited, or an invitation not be accepted; the message is for whoever wanted to."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation, its link, which cannot be read again, and whether a mail with it is on its way."""

    invitation: Invitation
    address: str
    is_mailed: bool


def invitations_of(domain: Domain) -> QuerySet[Invitation]:
    """Return the invitations that nobody has accepted yet, those that are over too."""
    return Invitation.objects.filter(domain=domain).order_by("email_key")


def invite(domain: Domain, appointment: Appointment) -> Sent:
    """Invite somebody by mail. Raises InvitationError."""
    if invitations_of(domain).count() >= MOST_AT_A_TIME:
        raise InvitationError(_("A hundred invitations wait already. Cancel those that nobody will accept."))
    link = links.new_link()
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                domain=domain,
                email=appointment.email,
                email_key=comparison_key(appointment.email),
                role=appointment.role,
                language=appointment.language,
                invited_by_name=appointment.by,
                **_fresh(domain, appointment.email, link),
            )
    except IntegrityError as error:
        raise InvitationError(_("This address has been invited already. Send that invitation again.")) from error
    return _sent(invitation, link)


def send_again(invitation: Invitation) -> Sent:
    """Mail another link, good for a week again; the one before is over. Raises InvitationError."""
    link = links.new_link()
    waiting = Invitation.objects.filter(pk=invitation.pk, sent__lte=timezone.now() - SEND_AGAIN_AFTER)
    fresh = _fresh(invitation.domain, invitation.email, link)
    if not waiting.update(**fresh, sent=timezone.now()):
        raise InvitationError(_("It was sent less than a minute ago. Wait for the mail first."))
    invitation.refresh_from_db()
    return _sent(invitation, link)


def find(link: str) -> Invitation | None:
    """Return the invitation that a link belongs to, while it is good: not used, replaced, cancelled or too old."""
    found = Invitation.objects.select_related("domain").filter(digest=links.digest(link))
    invitation = found.filter(expires__gt=timezone.now(), domain__state=Domain.State.ACTIVE).first()
    return invitation if invitation is not None and _still_fits(invitation) else None


def accept(invitation: Invitation, password: str) -> Manager:
    """Make her a manager; of two who use the link at once, one does. Raises InvitationError."""
    appointment = Appointment(invitation.email, Role(invitation.role), invitation.language, invitation.invited_by_name)
    actor = Actor("invitation", str(invitation.pk), invitation.email)
    try:
        with transaction.atomic():
            if not Invitation.objects.filter(pk=invitation.pk, digest=invitation.digest).delete()[0]:
                raise InvitationError(_("This invitation was accepted or cancelled at this moment."))
            return appoint(invitation.domain, appointment, password, actor)
    except DirectoryError as error:
        raise InvitationError(_("Your account has changed meanwhile. Ask for another invitation.")) from error


def forget_over() -> int:
    """Delete invitations that ended a month ago, and return how many those were; for housekeeping."""
    return Invitation.objects.filter(expires__lt=timezone.now() - timedelta(days=30)).delete()[0]


def forget_inviter(domain: Domain, names: Iterable[str]) -> int:
    """Take a deleted person's names off those whom she invited; return of how many."""
    hers = {"domain": domain, "invited_by_name__in": list(names)}
    rows = (Manager.objects.filter(**hers), Invitation.objects.filter(**hers))
    return sum(each.update(invited_by_name=FORGOTTEN) for each in rows)


def _fresh(domain: Domain, email: str, link: str) -> dict[str, object]:
    """Return what a link that is sent now is checked by. Raises InvitationError for whom no link can help."""
    account = account_of(domain, email)
    if account is not None and hasattr(account, "manager"):  # Django's way with the other end of a one-to-one
        raise InvitationError(_("%(email)s manages this domain already.") % {"email": email})
    if account is not None and not account.is_active:
        raise InvitationError(_("%(email)s has an account here that is disabled. Enable it first.") % {"email": email})
    epoch = None if account is None else account.session_epoch
    return {"digest": links.digest(link), "session_epoch": epoch, "expires": timezone.now() + LIFETIME}


def _still_fits(invitation: Invitation) -> bool:
    """Tell whether the account of that name is as it was; one that Entra has made since is fine."""
    account = account_of(invitation.domain, invitation.email)
    if account is None:
        return invitation.session_epoch is None
    if hasattr(account, "manager"):
        return False
    return account.is_active and invitation.session_epoch in {None, account.session_epoch}


def _sent(invitation: Invitation, link: str) -> Sent:
    address = f"{settings.PUBLIC_URL}{reverse('signin:invitation', args=[link])}"
    with translation.override(invitation.language):
        told = {
            "domain": invitation.domain.display_name,
            "by": invitation.invited_by_name,
            "role": invitation.get_role_display(),
        }
        subject = _("Manage %(domain)s in SecureLogin") % told
        paragraphs = [
            _("%(by)s invites you to manage %(domain)s in SecureLogin, as %(role)s.") % told,
            _("Open this page within 7 days and choose a password:"),
            address,
            _("The link works once. If you did not expect it, leave it: nothing happens."),
        ]
    return Sent(invitation, address, bool(mail.send([invitation.email], subject, "\n\n".join(paragraphs) + "\n")))
