"""Home: how a domain is, at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from scim.cycles import recent
from scim.health import Health
from securelogin.console import dashboard
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.frame import show
from securelogin.console.provisioning.causes import causes_of
from securelogin.console.provisioning.lines import shown
from securelogin.console.provisioning.unsettled import unsettled_of
from securelogin.directory.directory import GROUPS, USERS
from securelogin.directory.models import User
from securelogin.directory.permissions import Permission
from securelogin.logbook.asking import OF_NOTE
from securelogin.logbook.models import Entry
from securelogin.signin.rights import home_of

LATEST = 10


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front door: your own pages if you are signed in, else the question which one."""
    user = request.user
    return redirect(home_of(user)) if isinstance(user, User) else redirect("signin:go")


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def home(request: ManagerRequest) -> HttpResponse:
    """The sentence of truth, what wants attention, what is to be set up, how many there are, and what changed."""
    domain, now = request.domain, timezone.now()
    health = Health(recent(domain.pk), now)
    connections = dashboard.connections_of(domain)
    latest = Entry.objects.filter(OF_NOTE, domain_id=domain.pk).order_by("-id")[:LATEST]
    context = {
        "truth": dashboard.truth(health),
        "health": health,
        "steps": dashboard.steps(domain, connections, health),
        "attention": dashboard.attention(
            domain, connections, health, causes_of(domain), unsettled_of(domain, health.cycles)
        ),
        "people_total": request.directory.count(USERS, None),
        "groups_total": request.directory.count(GROUPS, None),
        "days": dashboard.days(domain, now.date()),
        "latest": shown(domain, list(latest)),
    }
    return show(request, "console/home.html", context)
