"""Any exception → a SCIM error (RFC 7644 §3.12): whatever fails under /scim, the answer is a body Entra can show."""

import logging

from django.core.exceptions import DisallowedHost, SuspiciousOperation, TooManyFieldsSent
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions as drf

from scim.protocol import errors
from scim.protocol.errors import ScimError

logger = logging.getLogger(__name__)

BUSY_SECONDS = 5


def scim_error(error: Exception) -> ScimError:
    """Return what to answer. Only our own sentences are shown, never a driver's or Python's."""
    if isinstance(error, ScimError):
        return error
    if isinstance(error, drf.APIException):
        return _from_drf(error)
    if isinstance(error, Http404):
        return errors.NotFound("There is nothing at this address; check the Tenant URL.", "SL-ROUTE")
    if isinstance(error, SuspiciousOperation):
        return _from_suspicion(error)
    if isinstance(error, DatabaseError | InterfaceError):
        return _from_database(error)
    logger.error("Unexpected failure of a SCIM request.", exc_info=error)
    return errors.InternalError("Something failed here; the operator of this service has been told.", "SL-INTERNAL")


def _from_drf(error: drf.APIException) -> ScimError:
    detail = str(error.detail)
    if isinstance(error, drf.PermissionDenied):
        return errors.Forbidden(detail, "SL-FORBIDDEN")
    if error.status_code == errors.Unavailable.status:
        return errors.Unavailable(detail, "SL-PAUSED", int(getattr(error, "wait", None) or BUSY_SECONDS))
    logger.error("Unexpected failure of a SCIM request.", exc_info=error)
    return errors.InternalError("Something failed here; the operator of this service has been told.", "SL-INTERNAL")


def _from_suspicion(error: SuspiciousOperation) -> ScimError:
    if isinstance(error, DisallowedHost):
        return errors.InvalidValue("This service does not answer to that host name; check the Tenant URL.", "SL-HOST")
    if isinstance(error, TooManyFieldsSent):
        return errors.InvalidValue("The query has too many parameters.", "SL-QUERY")
    return errors.InvalidValue("The request cannot be read; check the Tenant URL.", "SL-REQUEST")


def _from_database(error: DatabaseError | InterfaceError) -> ScimError:
    if isinstance(error, DataError):
        logger.error("The database refused a value that was let through.", exc_info=error)
        return errors.InvalidValue("A value cannot be stored; check it for unusual characters.", "SL-VALUE-STORE")
    if isinstance(error, OperationalError | InterfaceError):
        logger.warning("The database is away or busy: %s", type(error.__cause__).__name__)
        return errors.Unavailable(
            "The service is busy or its database is away; try again soon.", "SL-BUSY", BUSY_SECONDS
        )
    logger.error("A write collided in a way that has no name.", exc_info=error)
    return errors.Unavailable("Another request changed the same; try again.", "SL-COLLISION", 1)
