"""WHERE each attribute lives: one line for every attribute of User and Group. Leaving one out does not import."""

from scim.protocol.schemas import ENTERPRISE_URN, GROUP, USER
from scim.resources.bindings import Column, Computed, Discarded, Kept, Related
from scim.resources.resource import Resource
from securelogin.directory.statements import GROUPS, USERS

USER_RESOURCE = Resource(
    name="User",
    endpoint="Users",
    description="User Account",
    schemas=USER,
    table=USERS,
    patch_answers_with_resource=True,  # Entra wants to see a user as it has become
    version_counts_related=False,  # joining a group is a change of the group
    bindings={
        "schemas": Computed(),
        "id": Computed(),
        "meta": Computed(),
        "externalId": Column("external_id"),
        "userName": Column("user_name"),
        "active": Column("active", default=True),
        "displayName": Column("display_name"),
        "name.givenName": Column("given_name"),
        "name.familyName": Column("family_name"),
        "name.formatted": Kept(),
        "name.middleName": Kept(),
        "name.honorificPrefix": Kept(),
        "name.honorificSuffix": Kept(),
        "nickName": Kept(),
        "profileUrl": Kept(),
        "title": Kept(),
        "userType": Kept(),
        "preferredLanguage": Kept(),
        "locale": Kept(),
        "timezone": Kept(),
        "emails": Kept(looked_up=True),
        "phoneNumbers": Kept(),
        "ims": Kept(),
        "photos": Kept(),
        "addresses": Kept(),
        "entitlements": Kept(),
        "roles": Kept(),
        "x509Certificates": Kept(),
        "groups": Related("groups"),
        "password": Discarded(),
        f"{ENTERPRISE_URN}:employeeNumber": Kept(),
        f"{ENTERPRISE_URN}:costCenter": Kept(),
        f"{ENTERPRISE_URN}:organization": Kept(),
        f"{ENTERPRISE_URN}:division": Kept(),
        f"{ENTERPRISE_URN}:department": Kept(),
        f"{ENTERPRISE_URN}:manager.value": Column("manager_ref"),
        f"{ENTERPRISE_URN}:manager.$ref": Kept(),
        f"{ENTERPRISE_URN}:manager.displayName": Discarded(),
    },
)

GROUP_RESOURCE = Resource(
    name="Group",
    endpoint="Groups",
    description="Group",
    schemas=GROUP,
    table=GROUPS,
    patch_answers_with_resource=False,  # Entra wants 204, and nobody wants 100,000 members back
    version_counts_related=True,
    bindings={
        "schemas": Computed(),
        "id": Computed(),
        "meta": Computed(),
        "externalId": Column("external_id"),
        "displayName": Column("display_name"),
        "members": Related("members"),
    },
)

RESOURCES = (USER_RESOURCE, GROUP_RESOURCE)
