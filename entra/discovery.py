"""Schema discovery, as when the configuration is saved: is each mapped attribute advertised? (RFC 7644 section 4)"""

from collections.abc import Iterator

from entra import wire
from entra.bodies import GROUP, USER
from entra.checks import Finding
from entra.job import Job
from entra.targets import ENTERPRISE, Target
from entra.transport import Exchange, objects_in
from entra.wire import Json

Schemas = dict[str, Json]

ENDPOINTS = ("ServiceProviderConfig", "ResourceTypes")
MISSING = "SchemaAttributeNotFound"


def discover(job: Job) -> None:
    for endpoint in ENDPOINTS:
        job.ask(wire.discover(endpoint, job.style))
    exchange = job.ask(wire.discover("Schemas", job.style))
    if exchange.granted:
        shown = schemas(exchange)
        for wrong in (*_lacking(job, shown), *_superfluous(shown)):
            job.object_to(exchange, Finding(wrong, MISSING))


def schemas(exchange: Exchange) -> Schemas:
    return {str(each.get("id")): each for each in exchange.resources}


def _lacking(job: Job, shown: Schemas) -> Iterator[str]:
    """Gallery validation: core User and core Group are there, and so is each target of the mapping."""
    yield from (f"/Schemas lacks {urn}." for urn in (USER, GROUP, ENTERPRISE) if urn not in shown)
    targets = [attribute.target for attribute in job.mapping.attributes]
    yield from (f"/Schemas does not advertise {each.path}." for each in targets if not advertised(each, shown))


def advertised(target: Target, shown: Schemas) -> bool:
    attribute = _named(shown.get(target.schema or USER, {}).get("attributes"), target.attribute)
    # An externalId is common to all resources and need not be listed (RFC 7643 section 3.1).
    if attribute is None or target.sub is None:
        return attribute is not None or target.attribute == "externalId"
    return _named(attribute.get("subAttributes"), target.sub) is not None


def _named(attributes: object, name: str) -> Json | None:
    return next((each for each in objects_in(attributes) if str(each.get("name")).lower() == name.lower()), None)


def _superfluous(shown: Schemas) -> Iterator[str]:
    """Microsoft's SCIM Validator stumbles over these two."""
    for name in ("id", "password"):
        if _named(shown.get(USER, {}).get("attributes"), name):
            yield f"/Schemas lists {name} as an attribute of User; Microsoft's SCIM Validator refuses that."
