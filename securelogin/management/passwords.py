"""A password that comes from standard input, so that it stands in no history of commands."""

import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError


def given_password() -> str:
    """Return the first line of standard input, or end the command saying why it is no good password."""
    password = sys.stdin.readline().rstrip("\n")
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
