"""Links that are sent by mail: 256 random bits, good once and for a while; the database keeps their digest alone."""

import secrets
from hashlib import sha256

PREFIX = "slink_"  # so that logs can mask it (logs.py)


def new_link() -> str:
    """Return the secret part of a new link."""
    return PREFIX + secrets.token_hex(32)


def digest(link: str) -> str:
    # So many random bits need no slow hash.
    return sha256(link.encode(errors="replace")).hexdigest()
