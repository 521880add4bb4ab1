"""The declarations: all attributes of User, EnterpriseUser and Group, and the common ones. RFC 7643 §3.1, §4.

An attribute is declared here and bound to its place in `scim.resources`; nothing else lists attributes.
"""

from scim.protocol.attributes import Attribute, Mutability, Returned, Schema, Schemas, Type, Uniqueness

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

# What is looked up by its value stays short enough for an index.
_KEY_LENGTH = 512


def _string(name: str, description: str, *canonical_values: str) -> Attribute:
    return Attribute(name=name, description=description, canonical_values=canonical_values)


def _read_only(name: str, description: str) -> Attribute:
    return Attribute(name=name, description=description, mutability=Mutability.READ_ONLY)


def _reference(name: str, description: str, *types: str) -> Attribute:
    return Attribute(name=name, type=Type.REFERENCE, description=description, reference_types=types, case_exact=True)


def _complex(name: str, description: str, *sub_attributes: Attribute) -> Attribute:
    return Attribute(name=name, type=Type.COMPLEX, description=description, sub_attributes=sub_attributes)


def _plural(name: str, description: str, *sub_attributes: Attribute) -> Attribute:
    """Return a multi-valued complex attribute with `primary` (RFC 7643 §2.4)."""
    return Attribute(
        name=name,
        type=Type.COMPLEX,
        multi_valued=True,
        description=description,
        sub_attributes=(*sub_attributes, _PRIMARY),
    )


def _values(name: str, description: str, *types: str) -> Attribute:
    """Return a multi-valued complex attribute with the sub-attributes of RFC 7643 §2.4."""
    return _plural(name, description, _VALUE, _DISPLAY, _string("type", f"What {name} this is.", *types))


_PRIMARY = Attribute(
    name="primary", type=Type.BOOLEAN, description="Whether this is the preferred value; true at most once."
)
_DISPLAY = _string("display", "A name for people to read.")
_VALUE = _string("value", "The value itself.")

ID = Attribute(
    name="id",
    description="The identifier of the resource, given by this server.",
    case_exact=True,
    mutability=Mutability.READ_ONLY,
    returned=Returned.ALWAYS,
    uniqueness=Uniqueness.SERVER,
    advertised=False,  # Microsoft's SCIM Validator refuses a schema that names it
)
SCHEMAS_ATTRIBUTE = Attribute(
    name="schemas",
    type=Type.REFERENCE,
    multi_valued=True,
    description="The URNs of the schemas whose attributes are present.",
    case_exact=True,
    mutability=Mutability.READ_ONLY,
    returned=Returned.ALWAYS,
    advertised=False,
)
META = Attribute(
    name="meta",
    type=Type.COMPLEX,
    description="What this server knows about the resource.",
    mutability=Mutability.READ_ONLY,
    advertised=False,
    sub_attributes=(
        Attribute(name="resourceType", case_exact=True, mutability=Mutability.READ_ONLY),
        Attribute(name="created", type=Type.DATE_TIME, mutability=Mutability.READ_ONLY),
        Attribute(name="lastModified", type=Type.DATE_TIME, mutability=Mutability.READ_ONLY),
        Attribute(name="location", type=Type.REFERENCE, case_exact=True, mutability=Mutability.READ_ONLY),
        Attribute(name="version", case_exact=True, mutability=Mutability.READ_ONLY),
    ),
)
COMMON = (SCHEMAS_ATTRIBUTE, ID, META)

# Common by RFC 7643 §3.1, and yet advertised: Entra's mapping offers only what /Schemas names.
EXTERNAL_ID = Attribute(
    name="externalId",
    description="The identifier the identity provider knows the resource by.",
    case_exact=True,
    max_length=_KEY_LENGTH,
)

_USER_NAME = Attribute(
    name="userName",
    description="The name the person signs in with; unique in the domain, whatever its case.",
    required=True,
    uniqueness=Uniqueness.SERVER,
    max_length=_KEY_LENGTH,
)
_NAME = _complex(
    "name",
    "The parts of the person's name.",
    _string("formatted", "The full name, as it is shown."),
    _string("familyName", "The family name, or last name."),
    _string("givenName", "The given name, or first name."),
    _string("middleName", "The middle names."),
    _string("honorificPrefix", "The title before the name, as in Dr."),
    _string("honorificSuffix", "The title behind the name, as in III."),
)
_ACTIVE = Attribute(
    name="active", type=Type.BOOLEAN, description="Whether the person may sign in; false ends every session."
)
_PASSWORD = Attribute(
    name="password",
    description="Recognised and discarded: provisioning never touches a password.",
    mutability=Mutability.WRITE_ONLY,
    returned=Returned.NEVER,
    advertised=False,
)
_EMAILS = _plural(
    "emails",
    "The person's e-mail addresses.",
    Attribute(name="value", description="The address.", max_length=_KEY_LENGTH),
    _DISPLAY,
    _string("type", "What the address is for.", "work", "home", "other"),
)
_PHOTOS = _plural(
    "photos",
    "Addresses of the person's pictures.",
    _reference("value", "The address of the picture.", "external"),
    _DISPLAY,
    _string("type", "What picture this is.", "photo", "thumbnail"),
)
_ADDRESSES = _plural(
    "addresses",
    "The person's postal addresses.",
    _string("formatted", "The whole address, as on an envelope."),
    _string("streetAddress", "Street and number."),
    _string("locality", "The city or town."),
    _string("region", "The state or region."),
    _string("postalCode", "The postal code."),
    _string("country", "The country."),
    _string("type", "What the address is for.", "work", "home", "other"),
)
_GROUPS = Attribute(
    name="groups",
    type=Type.COMPLEX,
    multi_valued=True,
    description="The groups the person belongs to; changed by way of the groups.",
    mutability=Mutability.READ_ONLY,
    sub_attributes=(
        Attribute(name="value", case_exact=True, mutability=Mutability.READ_ONLY, description="The group's id."),
        Attribute(
            name="$ref",
            type=Type.REFERENCE,
            case_exact=True,
            mutability=Mutability.READ_ONLY,
            reference_types=("Group",),
            description="The group's address.",
        ),
        _read_only("display", "The group's name."),
        Attribute(
            name="type",
            mutability=Mutability.READ_ONLY,
            canonical_values=("direct", "indirect"),
            description="How the person belongs to it.",
        ),
    ),
)
_CERTIFICATES = _plural(
    "x509Certificates",
    "The person's certificates.",
    Attribute(name="value", type=Type.BINARY, case_exact=True, description="A certificate, DER in base64."),
    _DISPLAY,
    _string("type", "What the certificate is for."),
)

USER_SCHEMA = Schema(
    id=USER_URN,
    name="User",
    description="User Account",
    attributes=(
        _USER_NAME,
        EXTERNAL_ID,
        _NAME,
        _string("displayName", "The person's name, as it is shown."),
        _string("nickName", "The casual name."),
        Attribute(
            name="profileUrl",
            type=Type.REFERENCE,
            reference_types=("external",),
            case_exact=True,
            description="The address of the person's profile; any text is accepted.",
        ),
        _string("title", "The person's title, as in Vice President."),
        _string("userType", "The relationship to the organization, as in Employee."),
        _string("preferredLanguage", "The preferred language, as in en-US."),
        _string("locale", "The locale for dates and numbers."),
        _string("timezone", "The time zone, as in Europe/Amsterdam."),
        _ACTIVE,
        _PASSWORD,
        _EMAILS,
        _values("phoneNumbers", "The phone numbers.", "work", "home", "mobile", "fax", "pager", "other"),
        _values("ims", "The instant messaging addresses."),
        _PHOTOS,
        _ADDRESSES,
        _GROUPS,
        _values("entitlements", "The person's entitlements."),
        _values("roles", "The person's roles, kept as sent; they give no rights here."),
        _CERTIFICATES,
    ),
)

ENTERPRISE_SCHEMA = Schema(
    id=ENTERPRISE_URN,
    name="EnterpriseUser",
    description="Enterprise User",
    attributes=(
        _string("employeeNumber", "The number the organization knows the person by."),
        _string("costCenter", "The cost center."),
        _string("organization", "The organization."),
        _string("division", "The division."),
        _string("department", "The department."),
        _complex(
            "manager",
            "The person's line manager.",
            Attribute(name="value", case_exact=True, max_length=_KEY_LENGTH, description="The manager's id."),
            _reference("$ref", "The manager's address.", "User"),
            _read_only("displayName", "The manager's name."),
        ),
    ),
)

_MEMBERS = Attribute(
    name="members",
    type=Type.COMPLEX,
    multi_valued=True,
    description="The people in the group.",
    reference_set=True,
    sub_attributes=(
        Attribute(name="value", case_exact=True, mutability=Mutability.IMMUTABLE, description="The person's id."),
        Attribute(
            name="$ref",
            type=Type.REFERENCE,
            case_exact=True,
            mutability=Mutability.IMMUTABLE,
            reference_types=("User",),
            description="The person's address.",
        ),
        Attribute(
            name="type",
            mutability=Mutability.IMMUTABLE,
            canonical_values=("User",),
            description="What the member is.",
        ),
        _read_only("display", "The person's name."),
    ),
)

GROUP_SCHEMA = Schema(
    id=GROUP_URN,
    name="Group",
    description="Group",
    attributes=(
        Attribute(
            name="displayName",
            description="The group's name; unique in the domain, whatever its case.",
            required=True,
            uniqueness=Uniqueness.SERVER,
            max_length=_KEY_LENGTH,
        ),
        EXTERNAL_ID,
        _MEMBERS,
    ),
)

USER = Schemas(core=USER_SCHEMA, extensions=(ENTERPRISE_SCHEMA,), common=COMMON)
GROUP = Schemas(core=GROUP_SCHEMA, extensions=(), common=COMMON)
