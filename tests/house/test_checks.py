"""What a deployment must not run with has a check with an id."""

import pytest
from pytest_django import Settings

from securelogin.checks import check_database, check_proxies, check_public_url


def test_a_loopback_address_is_refused(settings: Settings) -> None:
    settings.IS_LOOPBACK = True
    assert [found.id for found in check_public_url()] == ["securelogin.E001"]


@pytest.mark.parametrize(
    "url, expected", [("http://login.example.com", ["securelogin.E002"]), ("https://x.example", [])]
)
def test_only_https_will_do(settings: Settings, url: str, expected: list[str]) -> None:
    settings.IS_LOOPBACK, settings.PUBLIC_URL = False, url
    assert [found.id for found in check_public_url()] == expected


@pytest.mark.parametrize("engine, expected", [("sqlite3", ["securelogin.W003"]), ("postgresql", [])])
def test_sqlite_is_warned_of(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, engine: str, expected: list[str]
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", f"django.db.backends.{engine}")
    assert [found.id for found in check_database()] == expected


def test_a_proxy_that_nobody_counts_is_warned_of(settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER, settings.TRUSTED_PROXIES = ("HTTP_X_FORWARDED_PROTO", "https"), 0
    assert [found.id for found in check_proxies()] == ["securelogin.W004"]
    settings.TRUSTED_PROXIES = 1
    assert check_proxies() == []


def test_https_without_a_proxy_that_ends_it_is_warned_of(settings: Settings) -> None:
    settings.PUBLIC_URL, settings.SECURE_PROXY_SSL_HEADER, settings.TRUSTED_PROXIES = "https://x.example", None, 1
    assert [found.id for found in check_proxies()] == ["securelogin.W005"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert check_proxies() == []


def test_forms_are_trusted_from_the_public_address_alone(settings: Settings) -> None:
    assert settings.CSRF_TRUSTED_ORIGINS == [settings.PUBLIC_URL]
