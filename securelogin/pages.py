"""The plain pages: what a browser sees when a page is missing, forbidden, broken, or a form is stale."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token


def message(request: HttpRequest, title: str, sentences: list[str], *, status: int) -> HttpResponse:
    """Return a page of a title and a few sentences that say what is wrong and what to do."""
    return render(request, "message.html", {"title": title, "sentences": sentences}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django names it
    return message(request, _("Page not found"), [_("There is no page at this address.")], status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django names it
    return message(
        request, _("Not allowed"), [_("Your role does not allow this. Ask an owner of your domain.")], status=403
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django names it
    return message(
        request,
        _("Request not understood"),
        [_("The address or the form is damaged. Go back and try again.")],
        status=400,
    )


def server_error(_request: HttpRequest) -> HttpResponse:
    """Answer from a template that needs neither session nor database: either may be what is broken."""
    return render(None, "500.html", status=500)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django passes it; it is no help to a person
    sentences = [
        _("The form was open too long, or your browser keeps no cookies for this site."),
        _("Go back, reload the page and try again."),
    ]
    return message(request, _("This form is stale"), sentences, status=403)
