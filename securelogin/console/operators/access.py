"""Who may see an operators' page: somebody of the operators' own domain, who signs in there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from securelogin.directory.credential import Actor
from securelogin.directory.models import Domain, Operator, User
from securelogin.directory.operators import NAME

_Arguments = ParamSpec("_Arguments")
Page = Callable[Concatenate["OperatorRequest", _Arguments], HttpResponse]


@dataclass(frozen=True, slots=True)
class OperatorRequest:
    """A request of an operator; `domain` is the operators' own."""

    http: HttpRequest
    user: User

    @property
    def domain(self) -> Domain:
        return self.user.domain

    @property
    def actor(self) -> Actor:
        # Managers read it in the logbook of their domain, where it must not be taken for one of theirs.
        return Actor("operator", str(self.user.pk), f"Operator {self.user.display_name or self.user.user_name}")


def operates(page: Page[_Arguments]) -> Callable[..., HttpResponse]:
    """Let a page be seen by operators only. Anybody else, a manager too, is asked to sign in as one."""

    @wraps(page)
    @never_cache
    def guarded(request: HttpRequest, *arguments: _Arguments.args, **options: _Arguments.kwargs) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or not Operator.objects.filter(user=user).exists():
            return redirect("signin:login", domain=NAME)
        return page(OperatorRequest(request, user), *arguments, **options)

    return guarded
