"""Why a request failed and how to fix it, for the person at Entra's console: one entry for every error id there is."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Explanation(NamedTuple):
    """`code` is what Entra's own provisioning log calls it; empty where Entra never gets to see it."""

    why: Promise
    fix: Promise
    code: str


_MAPPING = _(
    "In Entra, open Provisioning and then Attribute mapping; correct the mapping of what the message names, or remove "
    "it. Then choose Provision on demand to try it with one person."
)
_VALUE = _("Correct the value at its source, on the person's or group's page in Entra; the next cycle sends it again.")
_CLIENT = _("Entra does not send this. Show this entry to whoever wrote the client that uses this connection.")
_NOTHING = _("Nothing to do: Entra tries again by itself.")
_ADDRESS = _("In Entra, compare the Tenant URL with the one on the Connection page here, letter by letter.")
_OPERATOR = _("Tell the operator of this service the id of this entry: it leads to the line in the server's log.")
_CREDENTIAL = _(
    "Look at the connection under the Connection tab. Enter a new key or secret in Entra, or press Authorize again, "
    "and press Test Connection; then restart provisioning if Entra has put it in quarantine."
)
_FEWER = _("Send less in one request. Entra does so by itself; of another client, ask whoever wrote it.")
_AGAIN = _("Entra looks for it again in the next cycle. If it does not, choose Restart provisioning in Entra.")
_CLIENT_OR_TRUST = _(
    "Look at the connection under the Connection tab. If it has client secrets, the one in Entra may be mistyped or "
    "over: add a secret and enter it in Entra. If it has a trust, the last assertion is shown there check by check: "
    "correct the trust here, or the values in Entra."
)

_BAD = "SystemForCrossDomainIdentityManagementBadRequest"
_FILTERING = "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering"
_INCOMPATIBLE = "SystemForCrossDomainIdentityManagementServiceIncompatible"
_CREDENTIALS = "SystemForCrossDomainIdentityManagementInvalidCredentials"
_UNAVAILABLE = "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable"
_MISSING = "MandatoryFieldsMissing"
_UNFIT = "SchemaPropertyCanOnlyAcceptValue"

_FILTER_WHY = _("The question cannot be understood, and guessing would match the wrong person.")
_BODY_WHY = _("The body of the request is not what SCIM asks for, so nothing of it was done.")
_PATCH_WHY = _("One operation of the change cannot be carried out, so none of them was.")
_VALUE_WHY = _("A value is not one that this attribute can hold, so nothing was changed.")
_LARGE_WHY = _("There is more in the request than one request may hold.")

EXPLANATIONS: dict[str, Explanation] = {
    "SL-BODY-BROKEN": Explanation(_("The connection broke off in the middle of the request."), _NOTHING, _BAD),
    "SL-BODY-EMPTY": Explanation(_BODY_WHY, _CLIENT, _BAD),
    "SL-BODY-JSON": Explanation(_BODY_WHY, _CLIENT, _BAD),
    "SL-BODY-OBJECT": Explanation(_BODY_WHY, _CLIENT, _BAD),
    "SL-BODY-SIZE": Explanation(_LARGE_WHY, _FEWER, _BAD),
    "SL-BUSY": Explanation(_("The database was away or too busy for a moment."), _NOTHING, "InternalServerError"),
    "SL-COLLISION": Explanation(_("Two requests changed the same thing at once."), _NOTHING, "InternalServerError"),
    "SL-CREDENTIAL": Explanation(
        _("The key or token is missing, unknown, expired or ended. Entra stops the whole job for that."),
        _CREDENTIAL,
        _CREDENTIALS,
    ),
    "SL-CURSOR": Explanation(_("The place in the list is not one that this list gave."), _CLIENT, ""),
    "SL-CURSOR-INDEX": Explanation(_("A page was asked for in two ways at once."), _CLIENT, ""),
    "SL-DISCOVERY": Explanation(_("There is no schema or resource type of that name."), _CLIENT, _INCOMPATIBLE),
    "SL-DISCOVERY-FILTER": Explanation(_("The list of schemas cannot be filtered."), _CLIENT, _BAD),
    "SL-FILTER-ATTRIBUTE": Explanation(
        _("Entra asks by an attribute that does not exist here, or cannot be asked for."), _MAPPING, _FILTERING
    ),
    "SL-FILTER-BRACKETS": Explanation(_FILTER_WHY, _MAPPING, _FILTERING),
    "SL-FILTER-COMPLEX": Explanation(_FILTER_WHY, _MAPPING, _FILTERING),
    "SL-FILTER-COMPUTED": Explanation(_FILTER_WHY, _MAPPING, _FILTERING),
    "SL-FILTER-MEMBERS": Explanation(_FILTER_WHY, _CLIENT, _FILTERING),
    "SL-FILTER-SYNTAX": Explanation(_FILTER_WHY, _VALUE, _FILTERING),
    "SL-FILTER-VALUE": Explanation(_FILTER_WHY, _MAPPING, _FILTERING),
    "SL-FORBIDDEN": Explanation(
        _("The operator of this service has suspended the domain."),
        _("Ask the operator why, and to resume the domain. Nothing of it is lost."),
        "InsufficientRights",
    ),
    "SL-HELD": Explanation(
        _("So many were disabled or deleted at once that the deletion guard holds the rest; nothing of it was done."),
        _("Look under Deletion guard who is held. If it is meant, release it: Entra sends it again by itself."),
        _UNAVAILABLE,
    ),
    "SL-HOST": Explanation(_("The request names a host that this service does not answer to."), _ADDRESS, _BAD),
    "SL-INTERNAL": Explanation(_("The fault is ours."), _OPERATOR, "InternalServerError"),
    "SL-MEDIA-TYPE": Explanation(_BODY_WHY, _CLIENT, _BAD),
    "SL-MEMBER-UNKNOWN": Explanation(
        _("Somebody in the group is not here yet, so nobody was added."),
        _("Assign that person to the application in Entra too; the next cycle adds her to the group."),
        _BAD,
    ),
    "SL-METHOD": Explanation(_("This address does not know that method."), _CLIENT, "MethodNotAllowed"),
    "SL-MISSING": Explanation(
        _("The user or group is not here: it was deleted, or never was, and Entra remembers its id."),
        _AGAIN,
        "InvalidAnchor",
    ),
    "SL-NAME-TAKEN": Explanation(
        _("Somebody here has that name already: an account made here, or two objects in Entra with one name."),
        _(
            "Match on userName, so that Entra takes the account over; or give one of the two another name. For a "
            "group, rename one of them in Entra."
        ),
        "EntryConflict",
    ),
    "SL-NOT-IMPLEMENTED": Explanation(_("That part of SCIM is not offered here."), _CLIENT, "NotImplemented"),
    "SL-PATCH-BUDGET": Explanation(_LARGE_WHY, _FEWER, _BAD),
    "SL-PATCH-COUNT": Explanation(_LARGE_WHY, _FEWER, _BAD),
    "SL-PATCH-IMMUTABLE": Explanation(_("The attribute cannot be changed once it is set."), _MAPPING, _UNFIT),
    "SL-PATCH-MEMBERS": Explanation(_PATCH_WHY, _CLIENT, _BAD),
    "SL-PATCH-OP": Explanation(_PATCH_WHY, _CLIENT, _BAD),
    "SL-PATCH-OPERATION": Explanation(_PATCH_WHY, _CLIENT, _BAD),
    "SL-PATCH-OPERATIONS": Explanation(_PATCH_WHY, _CLIENT, _BAD),
    "SL-PATCH-READONLY": Explanation(_("The mapping sets what only this service sets."), _MAPPING, _UNFIT),
    "SL-PATCH-REQUIRED": Explanation(_("The mapping clears what nobody can be without."), _MAPPING, _MISSING),
    "SL-PATCH-TARGET": Explanation(_PATCH_WHY, _MAPPING, _BAD),
    "SL-PATCH-VALUE": Explanation(_PATCH_WHY, _CLIENT, _BAD),
    "SL-PATH-BRACKETS": Explanation(_PATCH_WHY, _MAPPING, "SchemaAttributeNotFound"),
    "SL-PATH-MEMBERS": Explanation(_PATCH_WHY, _CLIENT, _BAD),
    "SL-PATH-SYNTAX": Explanation(_("The mapping names an attribute that cannot be read."), _MAPPING, _BAD),
    "SL-PAUSED": Explanation(
        _("A manager has paused the connection."),
        _("Resume it on its page under the Connection tab. Entra goes on by itself."),
        "InternalServerError",
    ),
    "SL-PROJECTION-LENGTH": Explanation(_LARGE_WHY, _CLIENT, _BAD),
    "SL-QUERY": Explanation(_LARGE_WHY, _CLIENT, _BAD),
    "SL-QUERY-TWICE": Explanation(_("The address says the same thing twice."), _ADDRESS, _BAD),
    "SL-REQUEST": Explanation(_("The request cannot be read."), _ADDRESS, _BAD),
    "SL-ROUTE": Explanation(_("There is nothing at this address."), _ADDRESS, _INCOMPATIBLE),
    "SL-SCOPE": Explanation(
        _("The credential may only read."),
        _("Make a connection that may read and change, and enter its credential in Entra."),
        "InsufficientRights",
    ),
    "SL-SEARCH-VALUE": Explanation(_FILTER_WHY, _CLIENT, _BAD),
    "SL-SORT": Explanation(_("The list cannot be sorted by that."), _CLIENT, _BAD),
    "SL-TOO-MANY": Explanation(
        _("The connection asked more often than its share while others waited."), _NOTHING, "TooManyRequests"
    ),
    "SL-VALUE-CHARACTER": Explanation(_("A value holds a character that no text may hold."), _VALUE, _BAD),
    "SL-VALUE-COUNT": Explanation(_LARGE_WHY, _VALUE, _BAD),
    "SL-VALUE-EXTENSIONS": Explanation(_LARGE_WHY, _MAPPING, _BAD),
    "SL-VALUE-LENGTH": Explanation(_("A value is longer than this attribute can be."), _VALUE, _UNFIT),
    "SL-VALUE-OPAQUE": Explanation(_LARGE_WHY, _MAPPING, _BAD),
    "SL-VALUE-REFERENCE": Explanation(_VALUE_WHY, _MAPPING, _UNFIT),
    "SL-VALUE-REQUIRED": Explanation(
        _("A value that everybody needs is missing: often a person in Entra without it."), _MAPPING, _MISSING
    ),
    "SL-VALUE-SINGLE": Explanation(_("Several values were sent for what holds one."), _MAPPING, _UNFIT),
    "SL-VALUE-STORE": Explanation(_VALUE_WHY, _VALUE, _BAD),
    "SL-VALUE-TYPE": Explanation(_VALUE_WHY, _MAPPING, _UNFIT),
    "SL-VERSION": Explanation(_("It was changed by somebody else meanwhile."), _CLIENT, _BAD),
    # Authorization, by the words of RFC 6749 §5.2, and signing in
    "invalid_client": Explanation(
        _("The client's secret or assertion is not right, or the client is not known."),
        _CLIENT_OR_TRUST,
        _CREDENTIALS,
    ),
    "invalid_grant": Explanation(
        _("The code or refresh token is not valid any more, or its connection has ended."), _CREDENTIAL, _CREDENTIALS
    ),
    "invalid_request": Explanation(_("The request for a token cannot be understood."), _CLIENT_OR_TRUST, _UNAVAILABLE),
    "invalid_scope": Explanation(
        _("More was asked for than the connection may."),
        _("In Entra, leave the scope empty, or enter the scope of the connection."),
        _CREDENTIALS,
    ),
    "unauthorized_client": Explanation(_("This client may not get tokens in this way."), _CREDENTIAL, _CREDENTIALS),
    "unsupported_grant_type": Explanation(_("This way of getting a token is not offered."), _CREDENTIAL, _CREDENTIALS),
    "unsupported_token_type": Explanation(_("What should be revoked is no token of ours."), _CLIENT, ""),
    "temporarily_unavailable": Explanation(
        _("The database was away or too busy for a moment."), _NOTHING, _UNAVAILABLE
    ),
    "server_error": Explanation(_("The fault is ours."), _OPERATOR, _UNAVAILABLE),
    "sign_in": Explanation(
        _("Somebody signed in here with a wrong name or password, or with an account that may not."),
        _("If it was none of you and goes on, tell the operator the address that is named here."),
        "",
    ),
    "sign_in_wait": Explanation(
        _("After several wrong passwords in a row, the next try has to wait."),
        _("Wait a quarter of an hour. If it was none of you, tell the operator the address that is named here."),
        "",
    ),
}
_UNKNOWN = Explanation(_("The request was refused."), _OPERATOR, "")


def explain(error_id: str) -> Explanation:
    """Return why and how to fix it; of an id from an older release, that there is somebody to ask."""
    return EXPLANATIONS.get(error_id, _UNKNOWN)
