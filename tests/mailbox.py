"""The mails that were sent, and the links in them."""

import re

from django.core import mail as outbox
from django.core.mail import EmailMessage

from securelogin import mail


def mails() -> list[EmailMessage]:
    """Return what was sent, once the postman has come back from what he was given."""
    mail.send_soon([], "", "").result()
    return list(outbox.outbox)


def link_in(message: EmailMessage) -> str:
    """Return the path of the one link of a mail."""
    (found,) = re.findall(r"^http://127\.0\.0\.1:8000(/\S+)$", str(message.body), re.MULTILINE)
    return str(found)
