"""How a token or key is spelled: `sloat_`, 40 random characters, six of checksum; and the digest by which it is stored.

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
KEY_PREFIX = "slak_"

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_LENGTH = 40  # 238 bits
_CHECKSUM_LENGTH = 6  # 62 ** 6 > 2 ** 32
_CREDENTIAL = re.compile(f"({ACCESS_PREFIX}|{KEY_PREFIX})[0-9A-Za-z]{{{_RANDOM_LENGTH + _CHECKSUM_LENGTH}}}")
_HINT_LENGTH = 7  # random characters of a key that are no secret


def new_access_token(_request: object = None) -> str:
    return _new(ACCESS_PREFIX)


def new_refresh_token(_request: object = None) -> str:
    return _new(REFRESH_PREFIX)


def new_secret() -> str:
    return _new(SECRET_PREFIX)


def new_key() -> str:
    return _new(KEY_PREFIX)


def prefix_of(text: str) -> str | None:
    """Return how this access token or key begins, None if it is spelled as neither; it may still be unknown or over."""
    found = _CREDENTIAL.fullmatch(text)
    if found is None or _checksum(text[:-_CHECKSUM_LENGTH]) != text[-_CHECKSUM_LENGTH:]:
        return None
    return found[1]


def hint(key: str) -> str:
    """Return the beginning of a key, by which people know it again; 196 of its random bits stay unknown."""
    return key[: len(KEY_PREFIX) + _HINT_LENGTH]


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
