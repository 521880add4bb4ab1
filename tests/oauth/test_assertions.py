"""An assertion in place of a secret (RFC 7523 §2.2): what is accepted, and each way in which one can be wrong."""

import json
from time import time
from typing import Any

import pytest

from oauth.federation import LONGEST, SENTENCES
from securelogin.directory.models import Domain
from tests.oauth.issuer import (
    APPLICATION,
    KEY,
    OTHER_TENANT,
    SECOND_KEY,
    STRANGERS_KEY,
    SUBJECT,
    TENANT,
    signer,
    spelled,
)
from tests.oauth.walk import present, status_of
from tests.oauth.workload import Workload


def test_entra_gets_a_token_for_the_domain_that_trusts_it(workload: Workload, umbra: Domain) -> None:
    answer = workload.ask()
    assert answer.status_code == 200, answer.content
    granted = answer.json()
    assert (granted["token_type"], granted["expires_in"], granted["scope"]) == ("Bearer", 3600, "scim")
    assert "refresh_token" not in granted
    assert answer["Cache-Control"] == "no-store"
    credential = present(f"Bearer {granted['access_token']}")
    assert (credential.tenant.name, credential.connection_id) == ("acme", workload.connection.pk)
    assert all(workload.verdicts().values())
    assert list(workload.verdicts()) == list(SENTENCES)


def test_an_assertion_is_good_for_as_long_as_it_lives(workload: Workload) -> None:
    assertion = workload.issuer.forge()
    tokens = [workload.ask(assertion).json()["access_token"] for _ in range(2)]
    assert [status_of(token) for token in tokens] == [200, 200]


@pytest.mark.parametrize("audience", [APPLICATION, f"api://{APPLICATION}", f"api://{APPLICATION}/.default"])
@pytest.mark.parametrize("listed", [False, True])
def test_every_name_of_the_audience_will_do(workload: Workload, audience: str, *, listed: bool) -> None:
    assertion = workload.issuer.forge(aud=["https://elsewhere.example", audience] if listed else audience)
    assert workload.ask(assertion).status_code == 200


def test_the_client_id_says_which_domain_is_meant(workload: Workload, umbra: Domain) -> None:
    theirs = Workload.of(workload.issuer, umbra, "scim:read")
    ours, other = (present(f"Bearer {each.ask(scope='').json()['access_token']}") for each in (workload, theirs))
    assert (ours.tenant.name, ours.may_write()) == ("acme", True)
    assert (other.tenant.name, other.may_write()) == ("umbra", False)


@pytest.mark.parametrize("claim", ["nbf", "iat", "oid", "uti", "azp", "idtyp"])
def test_a_claim_that_may_be_left_out_may_be_left_out(workload: Workload, claim: str) -> None:
    assert workload.ask(workload.issuer.forge(without=claim)).status_code == 200


@pytest.mark.parametrize("moved", [{"exp": -50}, {"nbf": 50}, {"iat": 50}])
def test_clocks_may_differ_by_a_minute(workload: Workload, moved: dict[str, int]) -> None:
    claim, seconds = next(iter(moved.items()))
    times = {"iat": int(time()) - 3600} | {claim: int(time()) + seconds}
    assert workload.ask(workload.issuer.forge(**times)).status_code == 200


WRONG: dict[str, list[dict[str, Any]]] = {
    "tenant": [{"tid": OTHER_TENANT}, {"without": "tid"}, {"tid": 7}, {"tid": [TENANT]}],
    "audience": [{"aud": "api://elsewhere"}, {"aud": []}, {"aud": {}}, {"aud": [[APPLICATION]]}, {"without": "aud"}],
    "subject": [{"sub": OTHER_TENANT}, {"sub": f" {SUBJECT}"}, {"without": "sub"}, {"sub": None}],
    "object": [{"oid": OTHER_TENANT}, {"oid": [SUBJECT]}, {"oid": {}}],
    "expiry": [{"exp": 1}, {"without": "exp"}, {"exp": "tomorrow"}, {"exp": 1e300}, {"exp": True}, {"exp": -1e12}],
    "beginning": [{"nbf": 4e9}, {"nbf": "never"}, {"nbf": True}, {"nbf": None}, {"nbf": float("inf")}],
    "issue": [{"iat": 4e9}, {"iat": []}, {"iat": float("nan")}],
    "lifetime": [{"exp": 4e9}, {"iat": 1}],
}


@pytest.mark.parametrize("check, forged", [(check, each) for check, them in WRONG.items() for each in them])
def test_a_claim_that_is_wrong_is_named_to_the_issuers_own(
    workload: Workload, check: str, forged: dict[str, Any]
) -> None:
    answer = workload.ask(workload.issuer.forge(**forged))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.json()["error_description"] == SENTENCES[check]
    assert check in workload.failed()


def test_yesterdays_assertion_has_expired(workload: Workload) -> None:
    past = {"iat": int(time()) - 7200, "nbf": int(time()) - 7200, "exp": int(time()) - 61}
    assert workload.ask(workload.issuer.forge(**past)).json()["error_description"] == SENTENCES["expiry"]


def test_all_that_is_wrong_is_shown_at_once(workload: Workload) -> None:
    forged = workload.issuer.forge(tid=OTHER_TENANT, aud="api://elsewhere", exp=1)
    assert workload.ask(forged).json()["error_description"] == SENTENCES["tenant"]
    assert workload.failed() == ["tenant", "audience", "expiry", "lifetime"]


UNSIGNED: dict[str, list[dict[str, Any]]] = {
    "algorithm": [{"header": {"alg": alg}} for alg in ("none", "HS256", "RS512", "PS256", "ES256", "rs256", 7)],
    "key": [{"header": {"kid": kid}} for kid in ("unknown", "", None, 7, ["x"])],
    "signature": [{"key": STRANGERS_KEY, "header": {"kid": KEY.kid}}],
    "issuer": [
        {"iss": iss}
        for iss in (
            f"https://login.microsoftonline.com/{TENANT}/v2.0",
            f"https://sts.windows.net/{TENANT}/",
            None,
            7,
        )
    ],
}


@pytest.mark.parametrize("check, forged", [(check, each) for check, them in UNSIGNED.items() for each in them])
def test_who_cannot_show_that_the_issuer_speaks_learns_nothing(
    workload: Workload, check: str, forged: dict[str, Any]
) -> None:
    answer = workload.ask(workload.issuer.forge(**forged))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert workload.failed()[0] == check
    assert answer.json()["error_description"] == stranger(workload)


def stranger(workload: Workload) -> str:
    """What somebody hears who knows a client id at most."""
    return str(workload.ask("nonsense").json()["error_description"])


def test_a_client_id_that_nobody_has_sounds_the_same(workload: Workload) -> None:
    answer = workload.ask(client_id="nobody")
    assert (answer.status_code, answer.json()["error_description"]) == (401, stranger(workload))


def test_a_stripped_or_changed_assertion_is_refused(workload: Workload) -> None:
    head, body, signature = workload.issuer.forge().split(".")
    other = workload.issuer.forge(sub=OTHER_TENANT).split(".")[1]
    for forged in (f"{head}.{body}.", f"{head}.{other}.{signature}", f"{head}.{body}.{signature[:-4]}AAAA"):
        assert workload.ask(forged).status_code == 401
        assert "signature" in workload.failed()


def test_a_key_of_its_own_that_an_assertion_brings_along_does_not_count(workload: Workload) -> None:
    mine = {
        "jwk": STRANGERS_KEY.as_dict(private=False),
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example",
    }
    for header in ({"kid": "mine"} | mine, {"kid": KEY.kid} | mine):
        assert workload.ask(workload.issuer.forge(key=STRANGERS_KEY, header=header)).status_code == 401


DEEP = b"[" * 3000 + b"]" * 3000


@pytest.mark.parametrize(
    "header, claims",
    [
        (b"{", {}),
        (b"[]", {}),
        (b'["alg","b64"]', {}),
        (b'"alg"', {}),
        (b"{}", {}),
        (b"7", {}),
        (DEEP[:900], {}),
        ({"alg": "RS256", "kid": KEY.kid}, b"[]"),
        ({"alg": "RS256", "kid": KEY.kid}, b"not JSON"),
        ({"alg": "RS256", "kid": KEY.kid}, b"\xff\xfe"),
        ({"alg": "RS256", "kid": KEY.kid}, DEEP[:5400]),
        ({"alg": "RS256", "kid": KEY.kid}, b'{"exp": ' + b"9" * 4800 + b"}"),
        ({"alg": "RS256", "kid": KEY.kid, "crit": ["exp"], "exp": 1}, {}),
        ({"alg": "RS256", "kid": KEY.kid, "crit": ["b64"], "b64": False}, {}),
        ({"alg": "RS256", "kid": KEY.kid, "b64": False}, {}),
        ({"alg": "RS256", "kid": KEY.kid, "pad": "x" * 3000}, {}),
    ],
    ids=lambda part: str(part).replace(KEY.kid, "")[:40],
)
def test_what_is_no_readable_jwt_is_refused(workload: Workload, header: Any, claims: Any) -> None:
    assert workload.ask(spelled(header, claims, lambda _: b"x")).status_code == 401
    assert workload.failed()[0] == "form"


@pytest.mark.parametrize(
    "assertion", ["x", ".", "..", "a.b", "a.b.c.d", "é.é.é", "\ud7ff" * 10, "a" * 8193, "%", "=.=.="]
)
def test_what_is_no_jwt_is_refused(workload: Workload, assertion: str) -> None:
    assert workload.ask(assertion).status_code == 401
    assert workload.failed()[0] == "form"


def test_size_has_an_end(workload: Workload) -> None:
    room = (LONGEST - len(workload.issuer.forge(pad=""))) // 4 * 3
    assert workload.ask(workload.issuer.forge(pad="x" * (room + 6))).status_code == 401
    assert workload.failed()[0] == "form"
    assert workload.ask(workload.issuer.forge(pad="x" * (room - 3))).status_code == 200


def test_what_a_stranger_writes_is_shown_short_and_printable(workload: Workload) -> None:
    workload.ask(workload.issuer.forge(sub="\x1b[31m\u202e\ud800" + "x" * 500, aud=["a", 7, "b"], tid={"a": 1}, oid=[]))
    received = {row["check"]: row["received"] for row in workload.trust.last_verdict}
    assert received["subject"] == "?[31m??" + "x" * 113 + "…"
    assert received["audience"] == "a and something and b"
    assert (received["tenant"], received["object"]) == ("an object", "an empty list")


def test_the_sentences_are_what_oauth_lets_one_say() -> None:
    """RFC 6749 §5.2: printable ASCII without quotes and backslashes."""
    for sentence in SENTENCES.values():
        assert sentence.isascii()
        assert sentence.isprintable()
        assert not set(sentence) & set('"\\')


def test_a_second_kid_with_the_same_key_is_a_different_key(workload: Workload) -> None:
    """Only what the issuer publishes counts, under the name it gives it."""
    assert workload.ask(workload.issuer.forge(header={"kid": SECOND_KEY.kid})).status_code == 401
    assert workload.failed()[0] == "key"


def test_a_claim_that_is_there_twice_counts_once(workload: Workload) -> None:
    claims = json.dumps(workload.issuer.claims())[:-1].encode() + b', "sub": "somebody else"}'
    header = {"alg": "RS256", "kid": KEY.kid}
    forged = spelled(header, claims, signer(header, KEY))
    assert workload.ask(forged).json()["error_description"] == SENTENCES["subject"]
