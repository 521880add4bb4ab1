"""Connection: the ways in which Entra reaches the domain, the four that there are, and what one can do with each."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oauth.connections import ConnectionOverError, pause, resume
from oauth.models import Connection
from oauth.trusts import last_verdict
from scim.cycles import last_test
from securelogin.console import acts, trusts
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.connections import ShownConnection, find, is_valid, out_of_use, secrets_of, shown_of
from securelogin.console.frame import show
from securelogin.console.listing import page_of
from securelogin.console.values import authorization_endpoint, tenant_url, token_endpoint
from securelogin.directory.directory import GROUPS, USERS
from securelogin.directory.permissions import Permission
from securelogin.signin.rights import whom_to_ask

# How often a page that waits for Test Connection looks again by itself: every three seconds, for five minutes.
LOOKS = 100


@require_safe
@manages(Permission.VIEW_LOG)
def connection(request: ManagerRequest) -> HttpResponse:
    """Every connection, whichever way it was made, and the ways to make one."""
    rows = shown_of(request.domain)
    page = page_of(rows, rows.count(), request.http.GET.get("page"))
    context = {"page": page, "connections": [ShownConnection(row) for row in page], **_rights(request), **_values()}
    return show(request, "console/connection.html", context)


@require_safe
@manages(Permission.VIEW_LOG)
def detail(request: ManagerRequest, connection_id: UUID) -> HttpResponse:
    """One connection: how it is, what to paste into Entra, and its keys, secrets or trust."""
    row = find(request, connection_id)
    context = {
        "shown": ShownConnection(row),
        "secrets": [(secret, is_valid(secret)) for secret in reversed(secrets_of(row))],
        "out_of_use": out_of_use(row),
        "keys": sorted(row.keys.all(), key=lambda each: each.created, reverse=True),
        "test": last_test(request.domain.pk, row.pk),
        "looks": LOOKS,
        "watching": _watching(request.http.GET.get("watch", "")),
        **_trust(row),
        **_rights(request),
        **_values(),
    }
    return show(request, "console/connection_detail.html", context)


@require_http_methods(["GET", "POST"])
@manages(Permission.CONNECT)
def pause_it(request: ManagerRequest, connection_id: UUID) -> HttpResponse:
    """Say what waits, and on the second press let Entra wait, for its job to go on by itself later."""
    row = find(request, connection_id)
    if request.http.method != "POST":
        return show(request, "console/connection_pause.html", {"shown": ShownConnection(row), **_counts(request)})
    said = _("The connection is paused. Entra is asked to come back later, and does.")
    return _move(request, row, "paused", said)


@require_POST
@manages(Permission.CONNECT)
def resume_it(request: ManagerRequest, connection_id: UUID) -> HttpResponse:
    row = find(request, connection_id)
    return _move(request, row, "resumed", _("The connection goes on. Entra's next request is answered again."))


@require_http_methods(["GET", "POST"])
@manages(Permission.CONNECT)
def revoke(request: ManagerRequest, connection_id: UUID) -> HttpResponse:
    """Say what stops, and on the second press let it."""
    row = find(request, connection_id)
    if ShownConnection(row).is_over:
        raise Http404
    if request.http.method != "POST":
        return show(request, "console/connection_revoke.html", {"shown": ShownConnection(row), **_counts(request)})
    row.revoke(request.actor.label)
    acts.note(request, acts.connection(row), "This connection was revoked.")
    messages.success(
        request.http, _("The connection %(name)s is revoked. It cannot be brought back.") % {"name": row.name}
    )
    return redirect("console:connection", request.domain.name)


def _watching(asked: str) -> int:
    """Return how many times the page has still to look again, from what its own address says; 0 for not at all."""
    return min(int(asked), LOOKS) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 0


def _move(request: ManagerRequest, row: Connection, verb: str, said: str) -> HttpResponse:
    try:
        (pause if verb == "paused" else resume)(row, request.actor.label)
    except ConnectionOverError as error:
        messages.error(request.http, str(error))
    else:
        acts.note(request, acts.connection(row), f"This connection was {verb}.")
        messages.success(request.http, said)
    return redirect("console:connection_detail", request.domain.name, row.pk)


def _counts(request: ManagerRequest) -> dict[str, object]:
    return {
        "people_total": request.directory.count(USERS, None),
        "groups_total": request.directory.count(GROUPS, None),
    }


def _trust(row: Connection) -> dict[str, object]:
    if row.kind != Connection.Kind.FEDERATION:
        return {}
    return {"checks": trusts.explained(last_verdict(row.trust)), "keys_address": trusts.keys_address(row.trust)}


def _rights(request: ManagerRequest) -> dict[str, object]:
    may = request.may(Permission.CONNECT)
    return {"may_connect": may, "whom_to_ask": "" if may else whom_to_ask(request.domain, Permission.CONNECT)}


def _values() -> dict[str, object]:
    return {
        "tenant_url": tenant_url(),
        "token_endpoint": token_endpoint(),
        "authorization_endpoint": authorization_endpoint(),
    }
