"""The stand-in's own issuer: what it publishes fits what it signs, and the file is always a whole, fresh assertion."""

from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from entra import issuer as issuers
from entra.__main__ import main
from entra.issuer import Issuer, new_key, published, write_assertion

TENANT, SUBJECT = "3f2b8c1e-0000-4000-8000-00000000ace0", "5a6c2d10-0000-4000-8000-000000005ab0"
KEY = new_key()


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(TENANT, SUBJECT, "api://us", keys=[KEY])


def published_keys(issuer: Issuer) -> KeySet:
    document = requests.get(f"{issuer.address}/{TENANT}/discovery/v2.0/keys", timeout=5).json()
    assert not any("d" in key for key in document["keys"])
    return KeySet.import_key_set(document)


def claims(assertion: str, keys: KeySet) -> dict[str, Any]:
    return jwt.decode(assertion, keys, algorithms=["RS256"]).claims


def test_an_assertion_is_signed_with_a_published_key(issuer: Issuer) -> None:
    with published(issuer):
        said = claims(issuer.assertion(), published_keys(issuer))
    assert (said["iss"], said["tid"]) == (f"{issuer.address}/{TENANT}/v2.0", TENANT)
    assert (said["sub"], said["oid"], said["aud"], said["ver"]) == (SUBJECT, SUBJECT, "api://us", "2.0")
    assert said["exp"] - said["iat"] == 3600
    assert "jti" not in said


def test_keys_roll_over(issuer: Issuer) -> None:
    issuer.keys.append(new_key())
    with published(issuer):
        assert claims(issuer.assertion(), published_keys(issuer))["sub"] == SUBJECT
        assert len(published_keys(issuer).keys) == 2


def test_another_address_has_nothing(issuer: Issuer) -> None:
    with published(issuer):
        assert requests.get(f"{issuer.address}/elsewhere", timeout=5).status_code == 404


def test_the_file_holds_a_new_assertion_each_time_for_its_owner_alone(issuer: Issuer, tmp_path: Path) -> None:
    file = tmp_path / "assertion"
    write_assertion(issuer, file)
    first = file.read_text()
    write_assertion(issuer, file)
    assert file.read_text() != first
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_the_command_issues_until_it_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, ended = tmp_path / "assertion", Event()
    monkeypatch.setattr(issuers, "SECONDS_BETWEEN_ASSERTIONS", 0.01)
    given = ["--tenant-id", TENANT, "--subject", SUBJECT, "--audience", "a", "--port", "0"]
    command = Thread(target=issuers.main, args=([*given, "--assertion-file", str(file)], ended))
    command.start()
    seen: set[str] = set()
    while len(seen) < 2:
        seen |= {file.read_text()} if file.exists() else set()
    ended.set()
    command.join()
    assert capsys.readouterr().out.startswith("Issuer: http://127.0.0.1:")


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--tenant-id", TENANT, "--subject", SUBJECT, "--audience", "a", "--port", "0"]
    assert issuers.main([*given, "--assertion-file", str(tmp_path / "nowhere" / "assertion")], Event()) == 2
    assert "No such file or directory" in capsys.readouterr().err


def test_python_m_entra_leads_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(issuers, "main", lambda arguments, _ended: called.append(arguments) or 0)
    assert main(["issuer", "--port", "1"]) == 0
    assert called == [["--port", "1"]]
