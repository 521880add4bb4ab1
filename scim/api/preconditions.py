"""If-Match and If-None-Match: lists of entity tags, or `*`. RFC 9110 §13.1.1 and §13.1.2, RFC 7644 §3.14."""

import re

ANY = "*"
# A tag is quoted, and may hold a comma; some clients leave the quotes out.
_TAG = re.compile(r'(?:W/)?(?:"[^"]*"|[^\s",]+)')


def tags(header: str | None) -> tuple[str, ...]:
    """Return the tags of a header as they were sent; none where there is no header. What is no tag matches nothing."""
    if header is None:
        return ()
    return tuple(_TAG.findall(header)) or (header,)


def holds(sent: tuple[str, ...], version: str) -> bool:
    """Tell whether a version is among the tags: weak and strong spellings are the same (RFC 9110 §8.8.3.2)."""
    return ANY in sent or _opaque(version) in map(_opaque, sent)


def choose(sent: tuple[str, ...], version: str) -> str | None:
    """Return the one tag to hold a write against: that of the version, if it is among them."""
    return version if holds(sent, version) else next(iter(sent), None)


def _opaque(tag: str) -> str:
    return tag.removeprefix("W/").strip('"')
