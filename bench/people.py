"""Who is in the measured directories: the names by which every server is seeded, and the bodies Entra sends."""

from typing import Any

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

# Beyond the people who are counted: they come into groups and leave them again.
SPARE = 500
DIGITS = 7


def user_name(number: int) -> str:
    return f"user{number:0{DIGITS}d}@bench.example"


def group_name(size: int) -> str:
    return f"grp-{size}"


def user(name: str, number: int) -> dict[str, Any]:
    """Return the body Entra's attribute mappings make of a person."""
    digits = f"{number:0{DIGITS}d}"
    return {
        "schemas": [CORE, ENTERPRISE],
        "externalId": f"ext-{name}",
        "userName": name,
        "active": True,
        "displayName": f"Given{digits} Family{digits}",
        "emails": [{"primary": True, "type": "work", "value": name}],
        "name": {
            "formatted": f"Given{digits} Family{digits}",
            "familyName": f"Family{digits}",
            "givenName": f"Given{digits}",
        },
        "title": "Engineer",
        "preferredLanguage": "en-US",
        "phoneNumbers": [{"type": "work", "value": f"+1 555 {digits}"}],
        "addresses": [
            {
                "type": "work",
                "streetAddress": "1 Main Street",
                "locality": "Springfield",
                "postalCode": "12345",
                "country": "US",
            }
        ],
        ENTERPRISE: {
            "employeeNumber": digits,
            "department": "Research",
            "organization": "Bench",
            "division": "D1",
            "costCenter": "CC1",
        },
    }


def group(name: str) -> dict[str, Any]:
    return {"schemas": [GROUP], "displayName": name, "externalId": f"ext-{name}"}


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": list(operations)}
