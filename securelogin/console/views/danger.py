"""Settings, the part that stops things: all connections at once, for a while or for good, and what that means."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from oauth.connections import ConnectionOverError, connections_of, pause, resume
from oauth.models import Connection
from securelogin.console import acts
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.connections import ShownConnection
from securelogin.console.frame import show
from securelogin.directory.directory import GROUPS, USERS
from securelogin.directory.permissions import Permission


class DisconnectForm(forms.Form):
    """The domain's name, typed: it takes a moment in which one may think again."""

    name = forms.CharField(
        label=gettext_lazy("Name of the domain"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, request: ManagerRequest) -> None:
        self._expected = request.domain.name
        super().__init__(request.http.POST if request.http.method == "POST" else None)

    def clean_name(self) -> str:
        if self.cleaned_data["name"] != self._expected:
            raise forms.ValidationError(_("Type %(name)s, exactly as it stands here.") % {"name": self._expected})
        return self._expected


@require_http_methods(["GET", "POST"])
@manages(Permission.CONNECT)
def pause_all(request: ManagerRequest) -> HttpResponse:
    """Say what waits, and on the second press let it wait."""
    rows = _in_state(request, Connection.State.ACTIVE)
    if request.http.method != "POST":
        return show(request, "console/pause_all.html", _numbers(request, rows))
    return _moved(request, rows, pause, "paused")


@require_POST
@manages(Permission.CONNECT)
def resume_all(request: ManagerRequest) -> HttpResponse:
    return _moved(request, _in_state(request, Connection.State.PAUSED), resume, "resumed")


@require_http_methods(["GET", "POST"])
@manages(Permission.CONNECT)
def disconnect(request: ManagerRequest) -> HttpResponse:
    """Say what ends, and end it for whoever types the domain's name."""
    rows = [row for row in connections_of(request.domain) if row.state != Connection.State.REVOKED]
    form = DisconnectForm(request)
    if not form.is_valid():
        return show(request, "console/disconnect.html", {"form": form, **_numbers(request, rows)})
    for row in rows:
        row.revoke(request.actor.label)
        acts.note(request, acts.connection(row), "This connection was revoked, with all others of the domain.")
    said = ngettext("%(count)d connection is revoked.", "%(count)d connections are revoked.", len(rows))
    messages.success(request.http, said % {"count": len(rows)})
    return redirect("console:connection", request.domain.name)


def _in_state(request: ManagerRequest, state: Connection.State) -> list[Connection]:
    return list(connections_of(request.domain).filter(state=state))


def _moved(
    request: ManagerRequest, rows: list[Connection], verb: Callable[[Connection, str], None], done: str
) -> HttpResponse:
    for row in rows:
        try:
            verb(row, request.actor.label)
        except ConnectionOverError:
            continue  # ended by somebody else meanwhile
        acts.note(request, acts.connection(row), f"This connection was {done}, with all others of the domain.")
    if done == "paused":
        said = ngettext("%(count)d connection is paused.", "%(count)d connections are paused.", len(rows))
    else:
        said = ngettext("%(count)d connection goes on.", "%(count)d connections go on.", len(rows))
    messages.success(request.http, said % {"count": len(rows)})
    return redirect("console:settings", request.domain.name)


def _numbers(request: ManagerRequest, rows: list[Connection]) -> dict[str, object]:
    return {
        "connections": [ShownConnection(row) for row in rows],
        "people_total": request.directory.count(USERS, None),
        "groups_total": request.directory.count(GROUPS, None),
    }
