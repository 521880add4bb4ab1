"""In which language a page speaks: as was chosen on a page, else as the person prefers, else as her browser asks."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from securelogin.directory.models import User

_CHOSEN = "language"  # in the session: what somebody who is signed in chose holds until she logs out


class Language:
    """Middleware: speaks one language for the time of a request. What SCIM answers is always English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _of_the_person(request) or translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        return response


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie and, for somebody who is signed in, above what she prefers elsewhere."""
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and request.user.is_authenticated:
        request.session[_CHOSEN] = language
    return set_language(request)


def supported(preference: object) -> str | None:
    """Return which of our languages a preferredLanguage asks for: `nl`, `nl_NL`, `nl-BE, en;q=0.5` (RFC 7643 §4.1.1).

    What cannot be read is no preference: Entra sends whatever stands in somebody's profile.
    """
    text = preference[:100].replace("_", "-").lower() if isinstance(preference, str) else ""
    for code, _quality in parse_accept_lang_header(text):
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return None


def _of_the_person(request: HttpRequest) -> str | None:
    try:
        user = request.user if request.session.session_key else None
        if not isinstance(user, User):
            return None
        chosen = request.session.get(_CHOSEN)
        return chosen or supported(user.attributes.get("preferredLanguage"))
    except (DatabaseError, InterfaceError):
        return None  # a page that says that the database is away must not need it
