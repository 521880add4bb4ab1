"""Renaming a domain, and deleting one: by its name, after two weeks in which that can be cancelled."""

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from oauth.connections import connections_of
from securelogin.console.operators.access import OperatorRequest, operates
from securelogin.console.operators.domains import find, note
from securelogin.console.operators.forms import DeleteForm, RenameForm
from securelogin.console.operators.frame import show
from securelogin.directory.directory import GROUPS, USERS, Directory
from securelogin.directory.domains import PURGE_DELAY, BeingPurgedError, delete_later, keep, rename, tenant
from securelogin.directory.managers import managers_of
from securelogin.directory.models import Domain
from securelogin.directory.names import BadDomainNameError


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@operates
def renaming(request: OperatorRequest, domain_id: UUID) -> HttpResponse:
    """Ask for the names, and say what a new one changes for its managers."""
    domain = find(domain_id)
    before, form = domain.name, RenameForm(request, domain)
    if not form.is_valid() or not _renamed(domain, form):
        context, status = {"form": form, "domain": find(domain_id)}, 400 if form.is_bound else 200
        return show(request, "console/operator/domain_rename.html", context, status=status)
    note(request, domain, f"The domain {before} was renamed to {domain.name} ({domain.display_name}).")
    messages.success(request.http, _("It is called %(name)s now.") % {"name": domain.name})
    return redirect("operator:domain", domain.pk)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@operates
def deletion(request: OperatorRequest, domain_id: UUID) -> HttpResponse:
    """Say in numbers what goes and when; with the name typed, suspend the domain now and delete it then."""
    domain = find(domain_id)
    form = DeleteForm(request, domain)
    if not form.is_valid():
        context = {"form": form, "domain": domain, "days": PURGE_DELAY.days, **_in_numbers(request, domain)}
        return show(request, "console/operator/domain_delete.html", context, status=400 if form.is_bound else 200)
    delete_later(domain)
    note(request, domain, f"The domain was suspended, to be deleted after {domain.purge_after:%Y-%m-%d %H:%M} UTC.")
    messages.success(request.http, _("%(name)s is suspended, and will be deleted.") % {"name": domain.name})
    return redirect("operator:domain", domain.pk)


@require_POST
@operates
def rescue(request: OperatorRequest, domain_id: UUID) -> HttpResponse:
    """Cancel the deletion. What was suspended with it waits for somebody to resume it."""
    domain = find(domain_id)
    try:
        keep(domain)
    except BeingPurgedError:
        messages.error(request.http, _("It is too late: the domain is being deleted."))
    else:
        note(request, domain, "The deletion was cancelled; the domain stays suspended.")
        kept = _("%(name)s is kept. It stays suspended until you resume it.") % {"name": domain.name}
        messages.success(request.http, kept)
    return redirect("operator:domain", domain.pk)


def _renamed(domain: Domain, form: RenameForm) -> bool:
    try:
        with transaction.atomic():
            rename(domain, form.cleaned_data["name"].strip(), form.cleaned_data["display_name"])
    except BadDomainNameError as error:
        form.add_error("name", str(error))
    except IntegrityError:
        form.add_error("name", _("This name is taken."))
    return form.is_valid()


def _in_numbers(request: OperatorRequest, domain: Domain) -> dict[str, int]:
    door = Directory(tenant(domain), request.actor)
    return {
        "people_total": door.count(USERS, None),
        "groups_total": door.count(GROUPS, None),
        "managers_total": managers_of(domain).count(),
        "connections_total": connections_of(domain).count(),
    }
