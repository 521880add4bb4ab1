"""How Entra speaks: its two PATCH dialects, and the oddities seen in the field, each of which can be switched on."""

from dataclasses import dataclass
from enum import StrEnum


class Dialect(StrEnum):
    """The default dialect of a job, and the one chosen by `?aadOptscim062020` at the end of the Tenant URL."""

    LEGACY = "legacy"
    SCIM = "scim"


class Chaos(StrEnum):
    """Each oddity is off until it is asked for; the value is its name on the command line."""

    LOST_RESPONSES = "lost-responses"
    UNQUOTED_FILTERS = "unquoted-filters"
    SWAPPED_TERMS = "swapped-terms"
    RAW_QUOTES = "raw-quotes"
    INNER_QUOTES = "inner-quotes"
    REF_NULL = "ref-null"
    MANAGER_FORMS = "manager-forms"
    MIXED_DISABLE = "mixed-disable"
    OPERATIONS_FIRST = "operations-first"
    NULLS_IN_POST = "nulls-in-post"
    STRINGS_IN_POST = "strings-in-post"
    ADSCIM_URN = "adscim-urn"
    UNKNOWN_ATTRIBUTES = "unknown-attributes"
    NO_USER_AGENT = "no-user-agent"
    PLAIN_JSON = "plain-json"
    TRAILING_SLASH = "trailing-slash"
    DOUBLE_SLASH = "double-slash"
    FLAG_IN_QUERY = "flag-in-query"


EXPLANATIONS = {
    Chaos.LOST_RESPONSES: "about every tenth answer to a POST or PATCH is lost, and the request is sent again",
    Chaos.UNQUOTED_FILTERS: "filter values without quotes, wherever the value is a single word",
    Chaos.SWAPPED_TERMS: "reference checks ask for the reference first and the id second",
    Chaos.RAW_QUOTES: 'quotes in URLs are sent as " instead of %22',
    Chaos.INNER_QUOTES: 'a group is called The "Big" Team, and its filter does not escape the quotes',
    Chaos.REF_NULL: 'members carry "$ref": null',
    Chaos.MANAGER_FORMS: "line managers come as a string, as an object and as a list, in turn",
    Chaos.MIXED_DISABLE: 'active is set with "Replace" and a real boolean',
    Chaos.OPERATIONS_FIRST: "a PATCH body names its Operations before its schemas",
    Chaos.NULLS_IN_POST: "new users carry explicit nulls and a misspelt schema URN",
    Chaos.STRINGS_IN_POST: 'new users carry "active": "True"',
    Chaos.ADSCIM_URN: "new groups carry the schema URN of Microsoft's own documentation",
    Chaos.UNKNOWN_ATTRIBUTES: "new and changed users carry attributes that no schema knows",
    Chaos.NO_USER_AGENT: "no User-Agent header",
    Chaos.PLAIN_JSON: "Content-Type is application/json",
    Chaos.TRAILING_SLASH: "paths end in a slash",
    Chaos.DOUBLE_SLASH: "paths begin with two slashes",
    Chaos.FLAG_IN_QUERY: "aadOptscim062020 comes along in every query string",
}


@dataclass(frozen=True, slots=True)
class Style:
    dialect: Dialect = Dialect.LEGACY
    chaos: frozenset[Chaos] = frozenset()

    def has(self, chaos: Chaos) -> bool:
        return chaos in self.chaos
