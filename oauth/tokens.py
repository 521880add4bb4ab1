"""How a token is spelled: `sloat_`, 40 random characters, six of checksum; and the digest by which it is stored.

RFC 6750 §2.1 leaves the spelling to us. The prefix lets secret scanners recognise a leaked token, the underscore lets
a double click select all of it, and the checksum tells a mistyped token from a revoked one without a query.
"""

import re
import secrets
import string
from hashlib import sha256
from zlib import crc32

ACCESS_PREFIX = "sloat_"
REFRESH_PREFIX = "slort_"
SECRET_PREFIX = "slocs_"  # noqa: S105  # how one begins

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_LENGTH = 40  # 238 bits
_CHECKSUM_LENGTH = 6  # 62 ** 6 > 2 ** 32
_ACCESS_TOKEN = re.compile(r"sloat_[0-9A-Za-z]{46}")


def new_access_token(_request: object = None) -> str:
    return _new(ACCESS_PREFIX)


def new_refresh_token(_request: object = None) -> str:
    return _new(REFRESH_PREFIX)


def new_secret() -> str:
    return _new(SECRET_PREFIX)


def is_access_token(text: str) -> bool:
    """Tell whether this is spelled as one of our access tokens; it may still be unknown, expired or revoked."""
    return _ACCESS_TOKEN.fullmatch(text) is not None and _checksum(text[:-_CHECKSUM_LENGTH]) == text[-_CHECKSUM_LENGTH:]


def digest(token: str) -> str:
    """Return what is stored of a token. It is random, so a slow, salted hash would add nothing (RFC 6819 §5.1.4)."""
    return sha256(token.encode()).hexdigest()


def _new(prefix: str) -> str:
    body = prefix + "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))
    return body + _checksum(body)


def _checksum(body: str) -> str:
    number, digits = crc32(body.encode()), ""
    for _ in range(_CHECKSUM_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[place] + digits
    return digits
