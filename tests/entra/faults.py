"""What the fake SCIM server can do wrong, one fault at a time, for the stand-in to notice."""

from enum import StrEnum


class Fault(StrEnum):
    NO_GROUPS = "404 for groups"
    WIPES_MEMBERS = "removing one member empties the group"
    ACTIVE_AS_STRING = "active is shown as a string"
    TRANSFORMS_PHONES = "phone numbers lose their spaces"
    NO_LOCATION = "201 without Location"
    PLAIN_JSON = "application/json"
    HTML = "pages instead of documents"
    NUMERIC_STATUS = "an error's status is a number"
    HIDES_DISABLED = "disabled users are not found"
    SHOWS_MEMBERS = "excluded members come along"
    NO_UPSERT = "valued paths without an element are ignored"
    TAKES_DUPLICATES = "a second user of the same name"
    ONE_PAGE = "startIndex is ignored"
    FORGETS_MANAGER = "managers are accepted and not kept"
    SHOWS_NULL = "a title of null"
    IGNORES_FILTERS = "every filter finds everybody"
    REDIRECTS = "a redirect to the same path with a slash"
    CASE_MATTERS = "names are compared with their case"
    KEEPS_CLEARED = "an empty value changes nothing"
    ONLY_ADDS_MEMBERS = "replacing members adds to them"
    GARBLES = "some documents have the right keys and senseless values"
    LOSES_GROUP_RENAMES = "a group keeps its first name"
