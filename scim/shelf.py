"""Shelf: what a SCIM verb means for one resource type of one domain. RFC 7644 §3.3 to §3.6, through the Directory.

Each verb reads forward: the body becomes a document or operations (protocol), those become values (resources), the
Directory writes them in one transaction, and what is shown of the row is the answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from scim import queries
from scim.protocol import cursors, documents, errors, members, messages, patch
from scim.protocol.cursors import Place
from scim.protocol.members import MemberEdit
from scim.protocol.messages import SearchRequest
from scim.protocol.projection import Projection
from scim.reads import Selection, beside_change, related, selection
from scim.resources import rows
from scim.resources.resource import Resource
from securelogin import alarm
from securelogin.directory.directory import Directory, Slice
from securelogin.directory.errors import (
    HeldError,
    MissingError,
    NameTakenError,
    TooLongError,
    UnknownMembersError,
    VersionError,
)
from securelogin.directory.membership import MemberChange
from securelogin.directory.retry import repeated
from securelogin.directory.statements import Row

# Entra tries again by itself, with the next cycle at the latest.
_HELD_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """A resource as the answer shows it, and its entity tag."""

    body: dict[str, Any]
    version: str
    location: str


@dataclass(frozen=True)
class Shelf:
    """One resource type of the domain that `directory` is bound to; `warn` takes sentences for the provisioning log."""

    resource: Resource
    directory: Directory
    base_url: str
    warn: Callable[[str], None]

    def get(self, resource_id: str, projection: Projection) -> Shown:
        """Return one resource (RFC 7644 §3.4.1). Raises NotFound."""
        with self._refusals():
            row = self.directory.get(self.resource.table, resource_id, *related(self.resource, projection))
        return self._shown(row, projection)

    def search(self, request: SearchRequest) -> dict[str, Any]:
        """Return a ListResponse (RFC 7644 §3.4.2). Raises InvalidFilter; what is not understood never means "all"."""
        projection = Projection.parse(request.attributes, request.excluded_attributes, self.resource.schemas)
        asked = selection(request, self.resource, self.directory.dialect)
        if request.cursor is not None:
            return self._walk(request, asked, projection)
        found, total = self._page(asked)
        shown = [self._shown(row, projection).body for row in found]
        return messages.list_response(shown, total, request.page.start_index)

    @repeated
    def create(self, body: Any, projection: Projection) -> Shown:
        """Create a resource (RFC 7644 §3.3). Raises InvalidValue, Uniqueness."""
        document = documents.read_document(body, self.resource.schemas)
        self._warn(document.warnings)
        values = rows.values(self.resource, self._whole(document.attributes, None))
        with self._refusals():
            row = self.directory.create(self.resource.table, values, members.members_of(document).add)
        return self._shown(row, projection)

    @repeated
    def replace(self, resource_id: str, body: Any, projection: Projection, expected: str | None = None) -> Shown:
        """Replace a resource (RFC 7644 §3.5.1). Members that are not named stay; `members: []` empties the group."""
        document = documents.read_document(body, self.resource.schemas)
        self._warn(document.warnings)
        edit = members.members_of(document)
        with self._refusals(), self._held(resource_id, projection, expected, edit) as before:
            values = rows.values(self.resource, self._whole(document.attributes, before))
            change = self._member_change(before, edit)
            row = self._with_members(self.directory.update(self.resource.table, before, values, change), projection)
        return self._shown(row, projection)

    @repeated
    def patch(self, resource_id: str, body: Any, projection: Projection, expected: str | None = None) -> Shown:
        """Apply operations in order, all or none (RFC 7644 §3.5.2). Raises whatever the first impossible one does."""
        asked = patch.read_patch(body, self.resource.schemas)
        self._warn(asked.warnings)
        edit, operations = members.split_members(asked.operations)
        with self._refusals(), self._held(resource_id, projection, expected, edit) as before:
            values = None
            if operations:
                document = patch.apply(rows.document(self.resource, before), operations)
                values = rows.written(self.resource, document, [operation.target for operation in operations])
            change = self._member_change(before, edit)
            row = self._with_members(self.directory.update(self.resource.table, before, values, change), projection)
        return self._shown(row, projection)

    @repeated
    def delete(self, resource_id: str, expected: str | None = None) -> None:
        """Delete a resource for real (RFC 7644 §3.6). Raises NotFound, also for what is deleted already."""
        with self._refusals():
            self.directory.delete(self.resource.table, resource_id, _version(expected))

    # Reading

    def _page(self, asked: Selection) -> tuple[list[Row], int]:
        table, part = self.resource.table, asked.part
        found = self.directory.select(table, asked.condition, part, *asked.extra) if part.limit else []
        if found and len(found) < part.limit:
            return found, part.offset + len(found)  # a last page tells the total by itself
        if part.limit and not found and not part.offset:
            return found, 0
        return found, self.directory.count(table, asked.condition)

    def _walk(self, request: SearchRequest, asked: Selection, projection: Projection) -> dict[str, Any]:
        """Return the page of a cursor (RFC 9865 §2). Behind an id the way is equally short from anywhere in the list;
        a sorted list, which nobody walks whole, is counted into.
        """
        table, count, order = self.resource.table, asked.part.limit, asked.part.order
        place = cursors.redeem(request)
        part = Slice(order, place.offset, count + 1, place.after)  # one more tells whether there is a next page
        found = self.directory.select(table, asked.condition, part, *asked.extra) if count else []
        page, total = found[:count], self.directory.count(table, asked.condition)
        following = None
        if len(found) > count:
            beyond = Place(offset=place.offset + count) if order else Place(after=page[-1]["id"])
            following = cursors.issue(beyond, request)
        return messages.cursor_response([self._shown(row, projection).body for row in page], total, following)

    def _shown(self, row: Row, projection: Projection) -> Shown:
        whole = rows.shown(self.resource, row, self.base_url, self.directory.dialect)
        if projection.takes_apart(self.resource.related):
            whole = rows.taken_apart(self.resource, whole)
        return Shown(projection.show(whole), whole["meta"]["version"], whole["meta"]["location"])

    # Writing

    @contextmanager
    def _held(self, resource_id: str, projection: Projection, expected: str | None, edit: MemberEdit) -> Iterator[Row]:
        extra = beside_change(self.resource, projection)
        locked = self._needs_lock(projection, edit)
        with self.directory.held(self.resource.table, resource_id, *extra, locked=locked) as row:
            if _version(expected) not in {None, row["version"]}:
                raise VersionError(resource_id)
            yield row

    def _needs_lock(self, projection: Projection, edit: MemberEdit) -> bool:
        """Tell whether a group's members have to be looked at: to be shown, or to know who comes and who goes."""
        is_simple = not edit.remove_matching and MemberChange(edit.clear, edit.add, edit.remove).is_simple
        return self._shows_members(projection) or not is_simple

    def _shows_members(self, projection: Projection) -> bool:
        return self.resource.version_counts_related and bool(related(self.resource, projection))

    def _member_change(self, row: Row, edit: MemberEdit) -> MemberChange:
        if not edit:
            return MemberChange()
        remove = list(edit.remove)
        for bound in edit.remove_matching:
            condition = queries.compile_members(bound, self.resource, self.directory.dialect)
            remove += set(self.directory.members_where(row["id"], condition)) - set(edit.add)
        return MemberChange(edit.clear, edit.add, remove)

    def _whole(self, attributes: dict[str, Any], row: Row | None) -> dict[str, Any]:
        """Return the resource that a body describes; memberships are rows of their own, not part of the document."""
        kept = {name: value for name, value in attributes.items() if name != self.resource.related}
        return rows.with_defaults(self.resource, kept, row)

    def _with_members(self, row: Row, projection: Projection) -> Row:
        """Read the members as they are now, before the transaction ends: afterwards the group may be gone."""
        if not self._shows_members(projection):
            return row
        return self.directory.get(self.resource.table, row["id"], self.resource.related)

    def _warn(self, warnings: tuple[str, ...]) -> None:
        for sentence in warnings:
            self.warn(sentence)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Say what the Directory refuses in SCIM's words, each a sentence for the person at Entra's console."""
        try:
            yield
        except MissingError as error:
            raise errors.NotFound(
                f"{self.resource.name} {error} is not here; it may be deleted.", "SL-MISSING"
            ) from error
        except NameTakenError as error:
            raise errors.Uniqueness(self._taken(error), "SL-NAME-TAKEN") from error
        except TooLongError as error:
            detail = f"{error.column} is too long: at most {error.limit} bytes can be looked up."
            raise errors.InvalidValue(detail, "SL-VALUE-LENGTH") from error
        except UnknownMembersError as error:
            detail = (
                f"No user of this domain has the id {', '.join(error.ids[:5])}"
                f"{' and others' if len(error.ids) > 5 else ''}. Nothing was changed; provision the user first."
            )
            raise errors.InvalidValue(detail, "SL-MEMBER-UNKNOWN") from error
        except HeldError as error:
            if error.is_news:
                alarm.sound(self.directory.tenant.id)
            raise errors.Unavailable(self._held_back(error), "SL-HELD", _HELD_SECONDS) from error
        except VersionError as error:
            detail = f"{self.resource.name} {error} has changed since the version in If-Match; read it again."
            raise errors.PreconditionFailed(detail, "SL-VERSION") from error

    def _held_back(self, error: HeldError) -> str:
        return (
            f"The deletion guard holds the removal of {self.resource.name.lower()} {error.label[:200]}, since too many"
            " were removed in a short time. Nothing was changed; a manager of the domain decides on the page Deletion"
            " guard."
        )

    def _taken(self, error: NameTakenError) -> str:
        attribute = self.resource.name_attribute
        existing = f" (id {error.existing_id})" if error.existing_id else ""
        return f"A {self.resource.name.lower()} with {attribute} '{error.name}' already exists{existing}."


def _version(tag: str | None) -> int | None:
    """Return the version an entity tag names, weak or strong alike; one that is not ours matches no version."""
    if tag is None or tag.strip() == "*":
        return None
    digits = tag.strip().removeprefix("W/").strip('"')
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else -1
