"""The keys of issuers, kept in each process: fetched when one is asked for that is not there, and not too often.

An issuer that is away goes on being believed by the keys it had, for a day; what was fetched by its last answer counts,
so a key that it withdraws is gone within the hour.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from oauth.federation import ALGORITHM, Keys
from oauth.fetching import FetchError, fetch

FRESH_FOR = 3600.0  # seconds
KEPT_FOR = 24 * 3600.0
BETWEEN_FETCHES = 30.0  # whatever strangers ask for: anybody can make up the id of a key
PATIENCE = 4.0  # how long a request waits for a fetch, which goes on without it; its time for the database is limited

_MOST_ISSUERS = 1000  # in memory, a few KiB each
_MOST_KEYS = 100
_MODULUS = range(342, 1367)  # Base64url characters: from 2,048 bits (RFC 7518 §3.3) to 8,192


@dataclass(slots=True)
class _Shelf:
    """What is known of one issuer."""

    keys: Mapping[str, RSAKey] = field(default_factory=dict)
    fetched: float = -inf
    tried: float = -inf
    fault: str = ""
    settled: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.settled.set()

    def lacks(self, key_id: str) -> bool:
        return key_id not in self.keys or monotonic() - self.fetched > FRESH_FOR

    def as_keys(self) -> Keys:
        age = monotonic() - self.fetched
        if age > KEPT_FOR:
            return Keys({}, f"its keys are not here: {self.fault}" if self.fault else "its keys are not here yet")
        if self.fault:
            return Keys(self.keys, f"its keys are {age / 60:.0f} minutes old, since {self.fault}")
        return Keys(self.keys)


_shelves: OrderedDict[str, _Shelf] = OrderedDict()
_lock = threading.Lock()


def await_key(url: str, key_id: str) -> None:
    """Have the issuer's keys fetched if this one is not among them, and wait for that. Call it outside transactions."""
    with _lock:
        shelf = _shelf(url)
        if not shelf.lacks(key_id):
            return
        # One at a time; those who come meanwhile wait for the same one.
        if monotonic() - shelf.tried > BETWEEN_FETCHES:
            shelf.tried, shelf.settled = monotonic(), threading.Event()
            threading.Thread(target=_bring, args=(url, shelf, shelf.settled), name="keys", daemon=True).start()
        settled = shelf.settled
    settled.wait(PATIENCE)


def keys_at(url: str) -> Keys:
    """Return what is known of the issuer's keys, without asking it."""
    with _lock:
        return _shelf(url).as_keys()


def forget() -> None:
    """Know nothing of anybody, as a new process does."""
    with _lock:
        _shelves.clear()


def _shelf(url: str) -> _Shelf:
    shelf = _shelves.setdefault(url, _Shelf())
    _shelves.move_to_end(url)
    if len(_shelves) > _MOST_ISSUERS:
        _shelves.popitem(last=False)
    return shelf


def _bring(url: str, shelf: _Shelf, settled: threading.Event) -> None:
    try:
        keys = dict(_usable(fetch(url)))
    except FetchError as error:
        shelf.fault = str(error)
    else:
        with _lock:
            shelf.keys, shelf.fetched, shelf.fault = keys, monotonic(), ""
    finally:
        settled.set()


def _usable(document: bytes) -> Iterator[tuple[str, RSAKey]]:
    """Yield the keys of a JWK Set that can sign assertions (RFC 7517 §5). Raises FetchError when it is none."""
    try:
        listed = json.loads(document)["keys"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FetchError("what it publishes is no JWK Set") from error
    for entry in listed[:_MOST_KEYS] if isinstance(listed, list) else ():
        if isinstance(entry, dict) and (key := _key(entry)) is not None:
            yield entry["kid"], key


def _key(entry: dict[str, Any]) -> RSAKey | None:
    """A key that cannot be used is passed over: the others still can."""
    signs = entry.get("use", "sig") == "sig" and entry.get("alg", ALGORITHM) == ALGORITHM
    public: dict[str, str | list[str]] = {
        name: text for name in ("kty", "kid", "n", "e") if isinstance(text := entry.get(name), str)
    }
    if not signs or public.get("kty") != "RSA" or "kid" not in public or len(public.get("n", "")) not in _MODULUS:
        return None
    try:
        return RSAKey.import_key(public)
    except (JoseError, ValueError, TypeError):
        return None
