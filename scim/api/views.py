"""HTTP and nothing else: three lines a verb — read the request, ask the shelf, answer. RFC 7644 §3."""

from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.views import APIView

from scim.api import discovery, preconditions, query
from scim.api.boundary import BASE_PATH
from scim.api.fairness import admit
from scim.api.media import ScimResponse, parsed, read_body, read_json
from scim.protocol import errors, messages
from scim.protocol.projection import Projection
from scim.resources.catalogue import USER_RESOURCE
from scim.resources.resource import Resource
from scim.shelf import Shelf, Shown
from securelogin.directory.credential import Credential, RefusedCredentialError
from securelogin.directory.directory import Directory
from securelogin.directory.ids import is_id
from securelogin.directory.statements import ReadAhead
from securelogin.logbook.exchange import Exchange

BASE_URL = settings.PUBLIC_URL + BASE_PATH


class ScimView(APIView):
    """Django REST framework, trimmed: it authenticates and dispatches; nothing is negotiated or rendered.

    Whoever has `get` says `head = get`: Django would bind it to the view, which then refers to itself and keeps its
    answer, of some megabytes at times, until the collector comes by.
    """

    http_method_names = ["get", "post", "put", "patch", "delete", "head"]  # noqa: RUF012  # as Django declares it

    # Which headers a browsable API would send with every answer.
    default_response_headers: ClassVar[dict[str, str]] = {}

    caller: Credential
    ahead: ReadAhead | None = None  # what was read together with the credential

    def initialize_request(self, request: HttpRequest, *_arguments: Any, exchange: Exchange, **options: Any) -> Request:  # noqa: ARG002
        """Wrap the request with what is used of it: its authentication."""
        foresee = self.foresight(request, *options.values())
        authentications: Any = self.authentication_classes
        wrapped = Request(request, authenticators=[each(foresee) for each in authentications])
        wrapped.parser_context.clear()  # holds nothing but the wrapped itself, which would wait for the collector
        return wrapped

    def foresight(self, _request: HttpRequest, /, *_ids: str) -> query.Foresight:
        """Return what tells the first read of a request, for its authentication; it refers to the view no more."""
        return query.unforeseen

    def initial(self, request: Request, *_arguments: Any, exchange: Exchange, **_options: Any) -> None:
        """Authenticate before anything is parsed (RFC 7644 §2), then hold the method against the scopes."""
        self.caller = credential = self.credential(request, exchange)
        _sign(exchange, credential)
        self.aim(request, exchange, *_options.values())
        admit(credential.connection_id)
        may = credential.may_read() if request.method in query.SAFE or self.reads_only else credential.may_write()
        if not may:
            raise errors.Forbidden(
                "This credential may not do that: its scope is read-only. Use one with the scope scim.", "SL-SCOPE"
            )

    def aim(self, request: Request, exchange: Exchange, *ids: str) -> None:
        """Note what the request is about, before anything can be wrong with it."""

    # Whether even a POST only reads: `.search` does.
    reads_only: ClassVar[bool] = False

    def credential(self, request: Request, exchange: Exchange) -> Credential:
        """Return who calls, or raise Unauthorized with the challenge of RFC 6750 §3."""
        try:
            credential, self.ahead = _presented(request, exchange)
        except AuthenticationFailed as error:
            raise errors.Unauthorized(str(error.detail), "SL-CREDENTIAL", self._challenge(request)) from error
        if not isinstance(credential, Credential):
            raise errors.Unauthorized("Send an access token as a bearer.", "SL-CREDENTIAL", self._challenge(request))
        return credential

    def _challenge(self, request: Request) -> dict[str, str]:
        return {"WWW-Authenticate": self.get_authenticate_header(request) or "Bearer"}

    def finalize_response(self, _request: Request, response: Any, *_arguments: Any, **_options: Any) -> Any:  # type: ignore[override]  # ours are Django's own
        return response

    def http_method_not_allowed(self, request: Any, *_arguments: Any, **_options: Any) -> Any:
        """Say which methods there are (RFC 9110 §15.5.6)."""
        allowed = ", ".join(self.allowed_methods)
        detail = f"The method {(request.method or '')[:20]} has no meaning at this address; it takes {allowed}."
        raise errors.MethodNotAllowed(detail, "SL-METHOD", {"Allow": allowed})

    def handle_exception(self, exc: Exception) -> Any:
        """Leave every failure to the boundary."""
        raise exc


def _presented(request: Request, exchange: Exchange) -> tuple[Any, Any]:
    """Return what authentication says of the caller, and what it has read ahead. A credential that is known and refused
    is noted with its domain, whose managers may learn more of it than the caller does.
    """
    try:
        return request.user, request.auth
    except RefusedCredentialError as refusal:
        _sign(exchange, refusal.credential)
        exchange.detail = refusal.reason
        raise


def _sign(exchange: Exchange, credential: Credential) -> None:
    exchange.domain_id, exchange.connection_id = credential.tenant.id, credential.connection_id
    exchange.actor_label = credential.actor.label


class ResourceView(ScimView):
    """One resource type; `as_view(resource=…)` says which."""

    resource: Resource = USER_RESOURCE

    def shelf(self, exchange: Exchange) -> Shelf:
        directory = Directory(self.caller.tenant, self.caller.actor, exchange, self.ahead)
        return Shelf(self.resource, directory, BASE_URL, exchange.warn)

    def projection(self, request: Request) -> Projection:
        return query.projection(self.resource, plain(request))


class Collection(ResourceView):
    """`/Users`, `/Groups`: list and create."""

    def foresight(self, request: HttpRequest, /, *_ids: str) -> query.Foresight:
        is_read = request.method in query.SAFE
        return partial(query.foresee_search, self.resource, request) if is_read else query.unforeseen

    def get(self, request: Request, *, exchange: Exchange) -> HttpResponseBase:
        asked = messages.read_search(query.parameters(plain(request)))
        return ScimResponse(self.shelf(exchange).search(asked))

    head = get

    def post(self, request: Request, *, exchange: Exchange) -> HttpResponseBase:
        exchange.status = 201
        body = written(request, exchange)
        exchange.subject_label = _called(body, self.resource)  # so that the log of a refusal names somebody
        shown = self.shelf(exchange).create(body, self.projection(request))
        return ScimResponse(shown.body, 201, {"Location": shown.location, "ETag": shown.version})


class Search(ResourceView):
    """`/Users/.search`: a list whose filter stays out of the address, and so out of logs (RFC 7644 §3.4.3, §7.5.2)."""

    reads_only = True

    def post(self, request: Request, *, exchange: Exchange) -> HttpResponseBase:
        asked = messages.read_search(body_of(request))
        return ScimResponse(self.shelf(exchange).search(asked))


class Single(ResourceView):
    """`/Users/{id}`, `/Groups/{id}`."""

    def foresight(self, request: HttpRequest, /, *ids: str) -> query.Foresight:
        # What is to be deleted is read when it is locked.
        is_deleted = request.method == "DELETE"
        return query.unforeseen if is_deleted else partial(query.foresee_one, self.resource, ids[0], request)

    def aim(self, request: Request, exchange: Exchange, *ids: str) -> None:
        # Of a read nothing is kept but that it was: its line has no place among those that are looked up by subject.
        if request.method not in query.SAFE and is_id(ids[0]):
            exchange.about(self.resource.name, ids[0], "")

    def get(self, request: Request, resource_id: str, *, exchange: Exchange) -> HttpResponseBase:
        projection = self.projection(request)
        shown = self.shelf(exchange).get(resource_id, projection)
        if self._unchanged(request, shown, projection):
            return ScimResponse(status=304, headers={"ETag": shown.version})
        return ScimResponse(shown.body, headers={"ETag": shown.version})

    head = get

    def put(self, request: Request, resource_id: str, *, exchange: Exchange) -> HttpResponseBase:
        shelf, projection = self.shelf(exchange), self.projection(request)
        expected = self._expected(shelf, request, resource_id)
        return _shown(shelf.replace(resource_id, written(request, exchange), projection, expected))

    def patch(self, request: Request, resource_id: str, *, exchange: Exchange) -> HttpResponseBase:
        shelf, projection = self.shelf(exchange), self.projection(request)
        if not self._answers_with_resource(request):
            exchange.status, projection = 204, Projection.parse("id", None, self.resource.schemas)
        expected = self._expected(shelf, request, resource_id)
        shown = shelf.patch(resource_id, written(request, exchange), projection, expected)
        return ScimResponse(status=204, headers={"ETag": shown.version}) if exchange.status == 204 else _shown(shown)

    def delete(self, request: Request, resource_id: str, *, exchange: Exchange) -> HttpResponseBase:
        exchange.status = 204
        shelf = self.shelf(exchange)
        shelf.delete(resource_id, self._expected(shelf, request, resource_id))
        return ScimResponse(status=204)

    def _answers_with_resource(self, request: Request) -> bool:
        given = query.parameters(plain(request))
        asked = "attributes" in given or "excludedAttributes" in given
        preferred = "return=representation" in request.META.get("HTTP_PREFER", "")
        return self.resource.patch_answers_with_resource or asked or preferred

    def _unchanged(self, request: Request, shown: Shown, projection: Projection) -> bool:
        """Tell whether 304 is the answer. A version that does not count what is shown vouches for nothing."""
        known = preconditions.tags(request.META.get("HTTP_IF_NONE_MATCH"))
        vouches = self.resource.version_counts_related or not projection.wants(self.resource.related)
        return preconditions.ANY in known or (vouches and preconditions.holds(known, shown.version))

    def _expected(self, shelf: Shelf, request: Request, resource_id: str) -> str | None:
        """Return the tag that a write must find; of a list, the one the resource has now. Raises PreconditionFailed."""
        expected = preconditions.tags(request.META.get("HTTP_IF_MATCH"))
        unwanted = preconditions.tags(request.META.get("HTTP_IF_NONE_MATCH"))
        if len(expected) < 2 and not unwanted:
            return next(iter(expected), None)
        current = shelf.get(resource_id, Projection.parse("id", None, self.resource.schemas)).version
        if preconditions.holds(unwanted, current):
            raise errors.PreconditionFailed("The resource has a version that If-None-Match excludes.", "SL-VERSION")
        return preconditions.choose(expected, current)


class Discovery(ScimView):
    """`/Schemas`, `/ResourceTypes`, `/ServiceProviderConfig` and the base path itself (RFC 7644 §4)."""

    subject: str = "ServiceProviderConfig"

    def get(self, request: Request, name: str = "", *, exchange: Exchange) -> HttpResponseBase:  # noqa: ARG002
        if "filter" in query.parameters(plain(request)):
            raise errors.Forbidden("Discovery cannot be filtered (RFC 7644 §4).", "SL-DISCOVERY-FILTER")
        return ScimResponse(discovery.DESCRIPTIONS[self.subject](BASE_URL, name))

    head = get


class NotImplementedHere(ScimView):
    """What RFC 7644 names and this service does not do."""

    what: str = ""

    def get(self, *_arguments: Any, **_options: Any) -> HttpResponseBase:
        raise errors.NotImplementedHere(self.what, "SL-NOT-IMPLEMENTED")

    head = post = put = patch = delete = get


class Nowhere(ScimView):
    """Any other address under /scim: 401 without a credential, like everywhere, and then 404."""

    def get(self, *_arguments: Any, **_options: Any) -> HttpResponseBase:
        raise errors.NotFound("There is nothing at this address; check the Tenant URL.", "SL-ROUTE")

    head = post = put = patch = delete = get


def body_of(request: Request) -> Any:
    return read_json(plain(request))


def written(request: Request, exchange: Exchange) -> Any:
    """Return the body of a write, and have it kept beside its line: whatever is wrong with it can be looked at."""
    exchange.request = body = read_body(plain(request))
    exchange.request = parsed(body)
    return exchange.request


def _called(body: Any, resource: Resource) -> str:
    """Return what a new resource would be called; nothing, if the body does not say."""
    known = body.items() if isinstance(body, dict) else ()
    names = (value for name, value in known if name.lower() == resource.name_attribute.lower())
    return next((name for name in names if isinstance(name, str)), "")


def plain(request: Request) -> HttpRequest:
    """Return Django's own request: the framework's would parse the body in its way."""
    return request._request  # noqa: SLF001  # documented by Django REST framework, underscore and all


def _shown(shown: Shown) -> HttpResponseBase:
    return ScimResponse(shown.body, headers={"ETag": shown.version})
