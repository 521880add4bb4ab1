"""The environment is read strictly: right, or the process does not start and says what to set."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from securelogin import env


def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THING", raising=False)
    with pytest.raises(ImproperlyConfigured, match="Set THING"):
        env.text("THING")


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    monkeypatch.setenv("THING", "from the environment")
    monkeypatch.setenv("THING_FILE", str(tmp_path / "secret"))
    assert env.text("THING") == "from a file"


def test_a_file_that_cannot_be_read_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING_FILE", "/nowhere/secret")
    with pytest.raises(ImproperlyConfigured, match="THING_FILE names /nowhere/secret"):
        env.text("THING", "a default that must not be used")


@pytest.mark.parametrize("value, expected", [("true", True), ("False", False), ("", True)])
def test_a_switch_is_true_or_false(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:  # noqa: FBT001  # pytest's own way
    monkeypatch.setenv("THING", value)
    assert env.boolean("THING", default=True) is expected


@pytest.mark.parametrize("value", ["1", "yes", "on"])
def test_a_switch_is_not_guessed(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("THING", value)
    with pytest.raises(ImproperlyConfigured, match='write "true" or "false"'):
        env.boolean("THING", default=False)


@pytest.mark.parametrize("value", ["ftp://x", "https://x/path", "https://x?y", "login.example.com", "https://"])
def test_a_public_url_is_scheme_and_host(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PUBLIC_URL", value)
    with pytest.raises(ImproperlyConfigured, match="scheme and host only"):
        env.public_url("http://127.0.0.1:8000")


def test_a_trailing_slash_of_the_public_url_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://login.example.com/")
    assert env.public_url("") == "https://login.example.com"


def test_a_postgresql_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://us%40er:pa%2Fss@db.example:5433/app?sslmode=require")
    made = env.database("", prepare=True)
    assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"], made["NAME"]) == (
        "us@er",
        "pa/ss",
        "db.example",
        "5433",
        "app",
    )
    assert made["OPTIONS"]["sslmode"] == "require"
    assert not made["DISABLE_SERVER_SIDE_CURSORS"]
    assert made["OPTIONS"]["prepare_threshold"] is None  # our backend prepares what is worth it


def test_behind_a_transaction_pooler_nothing_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/app")
    made = env.database("", prepare=False)
    assert made["DISABLE_SERVER_SIDE_CURSORS"]
    assert (made["OPTIONS"]["prepare_threshold"], made["OPTIONS"]["server_side_binding"]) == (None, False)


@pytest.mark.parametrize("value", ["mysql://a/b", "postgresql://host", "app.db"])
def test_another_database_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL: write"):
        env.database("", prepare=True)


@pytest.fixture
def _sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_FROM", "SecureLogin <no-reply@example.com>")


@pytest.mark.usefixtures("_sender")
@pytest.mark.parametrize(
    "url, expected",
    [
        ("smtp://ann:p%40ss@mail.example", ("mail.example", 587, "ann", "p@ss", True, False)),
        ("smtps://mail.example", ("mail.example", 465, "", "", False, True)),
        ("smtp://127.0.0.1:25?tls=none", ("127.0.0.1", 25, "", "", False, False)),
    ],
)
def test_a_mail_server_is_taken_apart(
    monkeypatch: pytest.MonkeyPatch, url: str, expected: tuple[str, int, str, str, bool, bool]
) -> None:
    monkeypatch.setenv("MAIL_URL", url)
    made = env.mail()
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    assert tuple(made[f"EMAIL_{name}"] for name in names) == expected
    assert made["DEFAULT_FROM_EMAIL"] == "SecureLogin <no-reply@example.com>"
    assert "EMAIL_BACKEND" not in made


@pytest.mark.usefixtures("_sender")
@pytest.mark.parametrize(
    "url",
    [
        *("mail.example", "http://mail.example:25", "smtp://", "smtp://mail.example/x", "smtp://mail.example:x"),
        *("smtp://mail.example?tls=maybe", "smtps://mail.example?tls=none", "smtp://:secret@:25"),
    ],
)
def test_another_mail_server_is_refused_without_repeating_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("MAIL_URL", url)
    with pytest.raises(ImproperlyConfigured, match="MAIL_URL: write smtp://") as refusal:
        env.mail()
    assert "secret@" not in str(refusal.value)


def test_mail_needs_somebody_whom_it_is_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_URL", "smtps://mail.example")
    with pytest.raises(ImproperlyConfigured, match='MAIL_FROM is ""'):
        env.mail()


def test_without_a_mail_server_nothing_is_sent() -> None:
    assert env.mail() == {"EMAIL_BACKEND": "securelogin.mail.Unsent"}
