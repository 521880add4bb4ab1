"""Entra opens Authorize in a window of its own: our pages must neither cut its opener off nor block the way back."""

from securelogin.directory.models import User
from tests.oauth.walk import Entra


def test_every_page_of_the_flow_keeps_the_opener_and_lets_the_form_end_in_the_portal(entra: Entra, alice: User) -> None:
    start = entra.browser.get(entra.authorize_url())
    go = entra.browser.get(start["Location"])
    to_login = entra.browser.get(start["Location"] + "&domain=acme")
    login = entra.browser.get(to_login["Location"])
    wrong = entra.sign_in(to_login["Location"], alice, "wrong")
    welcome = entra.sign_in(to_login["Location"], alice)
    back = entra.browser.get(welcome["Location"])
    for response in (start, go, to_login, login, wrong, welcome, back):
        assert response["Cross-Origin-Opener-Policy"] == "unsafe-none"
        assert response["Content-Security-Policy"].endswith("form-action 'self' https://portal.azure.com")
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert welcome.status_code == 303


def test_a_login_page_without_an_errand_is_strict(entra: Entra, alice: User) -> None:
    response = entra.browser.get("/d/acme/login")
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Content-Security-Policy"].endswith("form-action 'self'")
    assert response["X-Frame-Options"] == "DENY"


def test_no_page_of_the_flow_is_kept_by_a_cache(entra: Entra, alice: User) -> None:
    login_page = entra.press_authorize("acme")
    for address in (entra.authorize_url(), login_page):
        assert "no-store" in entra.browser.get(address)["Cache-Control"]
