"""Comparison of text: one key, computed in Python, so that every database compares alike (RFC 7644 §7.8)."""

from unicodedata import normalize


def comparison_key(text: str) -> str:
    """Return what two strings must share to be the same name: NFKC, then casefold, then NFKC again.

    Databases disagree about `ß`, `İ` and `ς`; this function is the only place that decides.
    """
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKC", text).casefold())
