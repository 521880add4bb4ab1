"""Cursors: where a list goes on, as text that means nothing to a client. RFC 9865 §2.

A cursor holds its place and the question it belongs to, and no more: it does not expire, and no server keeps it.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from scim.protocol.errors import InvalidCursor
from scim.protocol.messages import SearchRequest

_MARK_LENGTH = 8
_OFFSET_LENGTH = 4
_PLACE_LENGTHS = {_OFFSET_LENGTH, 16}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind the resource with this id, or, in a list that is sorted, behind so many."""

    after: str | None = None
    offset: int = 0


def issue(place: Place, search: SearchRequest) -> str:
    """Return the cursor of the page that begins there, in the list that was asked for."""
    where = UUID(place.after).bytes if place.after else place.offset.to_bytes(_OFFSET_LENGTH, "big")
    return urlsafe_b64encode(_mark(search) + where).decode().rstrip("=")


def redeem(search: SearchRequest) -> Place:
    """Return where the page of the request's cursor begins; an empty cursor asks for the first (RFC 9865 §2).

    Raises InvalidCursor for what is no cursor of ours, or belongs to another filter or order.
    """
    text = search.cursor or ""
    if not text:
        return Place()
    try:
        content = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, UnicodeEncodeError, ValueError):
        content = b""
    mark, where = content[:_MARK_LENGTH], content[_MARK_LENGTH:]
    if mark != _mark(search) or len(where) not in _PLACE_LENGTHS:
        raise InvalidCursor(
            "The cursor is none of this list's. Send nextCursor as it came, with the same filter and order; or begin"
            " anew with an empty cursor.",
            "SL-CURSOR",
        )
    if len(where) == _OFFSET_LENGTH:
        return Place(offset=int.from_bytes(where, "big"))
    return Place(after=str(UUID(bytes=where)))


def _mark(search: SearchRequest) -> bytes:
    """Tell one list from another: by what it holds and by its order, not by how much of it is shown."""
    question = repr((search.filter, search.sort_by, search.descending))
    return sha256(question.encode("utf-8", "surrogatepass")).digest()[:_MARK_LENGTH]
