"""Who may see a page of the console: a signed-in manager of that very domain whose role allows it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from securelogin.directory.credential import Actor
from securelogin.directory.directory import Directory
from securelogin.directory.domains import tenant
from securelogin.directory.models import Domain, Manager, User
from securelogin.directory.permissions import Permission, allows
from securelogin.pages import message
from securelogin.signin.rights import home_of, whom_to_ask

_Arguments = ParamSpec("_Arguments")
Page = Callable[Concatenate["ManagerRequest", _Arguments], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class ManagerRequest:
    """A request of someone who may: the request itself, her domain, her role, and the door to the domain's rows."""

    http: HttpRequest
    domain: Domain
    manager: Manager
    directory: Directory

    @property
    def user(self) -> User:
        return self.manager.user

    @property
    def actor(self) -> Actor:
        return self.directory.actor

    def may(self, permission: Permission) -> bool:
        return allows(self.manager.role, permission)


def manages(permission: Permission) -> Callable[[Page[_Arguments]], Callable[..., HttpResponseBase]]:
    """Let a page be seen with this permission only. Anybody else is asked to sign in, as for a domain that is not
    there.
    """

    def decorate(page: Page[_Arguments]) -> Callable[..., HttpResponseBase]:
        @wraps(page)
        @never_cache
        def guarded(
            request: HttpRequest, domain: str, *arguments: _Arguments.args, **options: _Arguments.kwargs
        ) -> HttpResponseBase:
            manager = _manager(request, domain)
            if manager is None:
                return _refuse(request, domain)
            if not allows(manager.role, permission):
                return _ask_someone_else(request, manager, permission)
            return page(_of(request, manager), *arguments, **options)

        return guarded

    return decorate


def _refuse(request: HttpRequest, domain: str) -> HttpResponse:
    """Ask to sign in, or tell somebody who has that her account is no manager's: asking again would be a loop."""
    user = request.user
    if not isinstance(user, User) or user.domain.name != domain:
        return redirect("signin:login", domain=domain)
    if user.domain.kind == Domain.Kind.OPERATORS:
        return redirect(home_of(user))
    sentences = [
        _("Your account %(name)s is not a manager of %(domain)s.") % {"name": user.user_name, "domain": domain},
        _("Ask an owner of the domain to make you one, or log out and sign in with another account."),
    ]
    return message(request, _("This page is for managers"), sentences, status=403)


def _ask_someone_else(request: HttpRequest, manager: Manager, permission: Permission) -> HttpResponse:
    refusal = _("Your role in %(domain)s, %(role)s, does not allow this.")
    sentences = [
        refusal % {"domain": manager.domain.name, "role": manager.get_role_display()},
        whom_to_ask(manager.domain, permission),
    ]
    return message(request, _("You may not do this"), sentences, status=403)


def _manager(request: HttpRequest, domain: str) -> Manager | None:
    user = request.user
    if not isinstance(user, User):
        return None
    # Operators have no pages of a domain's people, of their own domain's neither.
    managers = Manager.objects.select_related("domain__guard", "user").filter(domain__kind=Domain.Kind.TENANT)
    return managers.filter(user=user, domain__name=domain).first()


def _of(request: HttpRequest, manager: Manager) -> ManagerRequest:
    actor = Actor("manager", str(manager.user_id), manager.user.display_name or manager.user.user_name)
    return ManagerRequest(request, manager.domain, manager, Directory(tenant(manager.domain), actor))
