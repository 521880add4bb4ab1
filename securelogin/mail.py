"""Mail that the installation sends: short and in plain text. What it is about never fails because of it."""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)


# A process sends its mails one after the other; those that wait are still sent when it is told to stop.
_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def is_configured() -> bool:
    """Tell whether mail leaves the house at all."""
    return not settings.EMAIL_BACKEND.endswith(Unsent.__qualname__)


def send_soon(to: Sequence[str], subject: str, body: str) -> "Future[int]":
    """Send as `send` does, while the caller goes on."""
    return _postman.submit(send, to, subject, body)


def send(to: Sequence[str], subject: str, body: str) -> int:
    """Send a mail to each address on its own, so that nobody learns who else was written to.

    Returns how many are on their way; a failure is logged.
    """
    return sum(_sent(address, " ".join(subject.split()), body) for address in to)


def send_behind(to: Sequence[str], subject: str, body: str) -> None:
    """As `send`, and in a server without waiting for it: a request has no time for a mail server."""
    if settings.LOGBOOK_IN_BACKGROUND:
        threading.Thread(target=send, args=(to, subject, body), name="mail").start()
    else:
        send(to, subject, body)


def _sent(address: str, subject: str, body: str) -> bool:
    try:
        EmailMessage(subject, body, to=[address]).send()
    except (SMTPException, OSError, ValueError) as error:
        logger.warning("A mail to %s could not be sent, %s: %s", address, type(error).__name__, subject)
        return False
    return True


class Unsent(BaseEmailBackend):
    """Where mail goes without MAIL_URL: into the log, where an operator sees at least that there was something to say.

    The text is left out, since a log is read by more people than a mail.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            logger.info("Not sent to %s, since MAIL_URL is not set: %s", ", ".join(message.to), message.subject)
        return len(email_messages)
