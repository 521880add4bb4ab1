"""Profile > Access Key: a domain's keys, one of which goes into Entra as its Secret Token."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from oauth.keys import KeyOverError, generate_key, keys_of, revoke_key, rotate_key
from oauth.models import AccessKey
from securelogin.console import acts, tabs
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.forms import GuardedForm, KeyForm, RotateForm
from securelogin.console.frame import show
from securelogin.console.listing import page_of
from securelogin.console.values import tenant_url
from securelogin.directory.permissions import Permission
from securelogin.signin.rights import whom_to_ask


@require_safe
@manages(Permission.VIEW_LOG)
def access_keys(request: ManagerRequest) -> HttpResponse:
    """All keys, those that are over too, so that one can see who made what."""
    keys = keys_of(request.domain)
    may = request.may(Permission.CONNECT)
    context = {
        "profile_tabs": tabs.shown(tabs.PROFILE, request),
        "page": page_of(keys, keys.count(), request.http.GET.get("page")),
        "may_connect": may,
        "whom_to_ask": "" if may else whom_to_ask(request.domain, Permission.CONNECT),
    }
    return show(request, "console/access_keys.html", context)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@manages(Permission.CONNECT)
def generate(request: ManagerRequest) -> HttpResponse:
    """Ask for the terms, then make the key and show it this once."""
    form = KeyForm(request)
    if not form.is_valid():
        return _ask(request, form, "console/access_key_generate.html")
    if not form.is_first():
        return _shown_already(request)
    key, text = generate_key(request.domain, form.terms(), acts.author_of(request))
    acts.note(request, acts.connection(key.connection), f"Access key …{key.last4} was generated.")
    return _show_once(request, key, text)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@manages(Permission.CONNECT)
def rotate(request: ManagerRequest, key_id: UUID) -> HttpResponse:
    """Make a key's successor, and show that once."""
    key, form = _find(request, key_id), RotateForm(request)
    if not form.is_valid():
        return _ask(request, form, "console/access_key_rotate.html", key)
    if not form.is_first():
        return _shown_already(request)
    terms = form.cleaned_data
    try:
        successor, text = rotate_key(key, acts.author_of(request), terms["overlap"], terms["lifetime"])
    except KeyOverError as error:
        messages.error(request.http, str(error))
        return redirect("console:access_keys", request.domain.name)
    acts.note(request, acts.connection(key.connection), f"Access key …{successor.last4} replaces …{key.last4}.")
    return _show_once(request, successor, text, replaced=AccessKey.objects.get(pk=key.pk))


@require_http_methods(["GET", "POST"])
@manages(Permission.CONNECT)
def revoke(request: ManagerRequest, key_id: UUID) -> HttpResponse:
    """Say what stops, and on the second press let it."""
    key = _find(request, key_id)
    if request.http.method != "POST":
        others = key.connection.keys.exclude(pk=key.pk)
        context = {"key": key, "is_last": not any(not other.is_over for other in others)}
        return show(request, "console/access_key_revoke.html", context)
    revoke_key(key, request.actor.label)
    acts.note(request, acts.connection(key.connection), f"Access key …{key.last4} was revoked.")
    messages.success(request.http, _("The key %(key)s is revoked. It is refused from now on.") % {"key": key})
    return redirect("console:access_keys", request.domain.name)


def _find(request: ManagerRequest, key_id: UUID) -> AccessKey:
    """Return the domain's key, unless it is over: nothing can be done to it then."""
    key = keys_of(request.domain).filter(pk=key_id).first()
    if key is None or key.is_over:
        raise Http404
    return key


def _ask(request: ManagerRequest, form: GuardedForm, template: str, key: AccessKey | None = None) -> HttpResponse:
    return show(request, template, {"form": form, "key": key}, status=400 if form.is_bound else 200)


def _show_once(request: ManagerRequest, key: AccessKey, text: str, replaced: AccessKey | None = None) -> HttpResponse:
    context = {"key": key, "secret": text, "replaced": replaced, "tenant_url": tenant_url()}
    return show(request, "console/access_key_shown.html", context)


def _shown_already(request: ManagerRequest) -> HttpResponse:
    messages.warning(
        request.http,
        _(
            "This form has been sent already, and its key was shown then. It cannot be shown again: "
            "revoke it and generate another if it is lost."
        ),
    )
    return redirect("console:access_keys", request.domain.name)
