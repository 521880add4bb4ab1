"""Strings inside filters: the JSON string of RFC 7644 §3.4.2.2, and what clients send in its place."""

import re

_LANDMARK = re.compile(r'["\\]')
_NOT_SPACE = re.compile(r"[^ \t\r\n]")
_JOINER = re.compile(r"(?:and|or)(?=[ \t\r\n(])", re.IGNORECASE)
_UNICODE_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_ESCAPES = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}


def read_string(text: str, start: int) -> tuple[str, int] | None:
    """Read the string whose opening quote stands at `start`: its value and the place behind it.

    None where it is never closed. The courtesies: a quote inside the value that nobody escaped,
    and a backslash that begins no JSON escape and means itself.
    """
    pieces: list[str] = []
    position = start + 1
    while landmark := _LANDMARK.search(text, position):
        place = landmark.start()
        pieces.append(text[position:place])
        if text[place] == "\\":
            piece, position = _read_escape(text, place)
            pieces.append(piece)
        elif _closes(text, place):
            return "".join(pieces), place + 1
        else:
            pieces.append('"')  # Entra does not escape quotes: displayName eq "The "Big" Team"
            position = place + 1
    return None


def _closes(text: str, quote: int) -> bool:
    """A quote closes its string where the filter could go on behind it: end, bracket, `and`, `or`."""
    following = _NOT_SPACE.search(text, quote + 1)
    if following is None or following.group() in ")]":
        return True
    return following.start() > quote + 1 and _JOINER.match(text, following.start()) is not None


def _read_escape(text: str, place: int) -> tuple[str, int]:
    if unicode := _UNICODE_ESCAPE.match(text, place):
        return _read_code_point(text, unicode)
    escaped = text[place + 1 : place + 2]
    ends_here = escaped == '"' and place + 2 == len(text)
    if escaped not in _ESCAPES or ends_here:
        return "\\", place + 1  # Entra does not escape backslashes: userName eq "CONTOSO\ann"
    return _ESCAPES[escaped], place + 2


def _read_code_point(text: str, unicode: re.Match[str]) -> tuple[str, int]:
    """Two escapes in a row may be one character beyond the basic plane (RFC 8259 §7)."""
    high = int(unicode.group(1), 16)
    second = _UNICODE_ESCAPE.match(text, unicode.end()) if 0xD800 <= high <= 0xDBFF else None
    if second is not None and 0xDC00 <= (low := int(second.group(1), 16)) <= 0xDFFF:
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), second.end()
    return chr(high), unicode.end()
