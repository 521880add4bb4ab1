"""Membership as one edit of a set, however long the group: RFC 7643 §4.2 and RFC 7644 §3.5.2.

The operations of a request on `members` have one net effect, found without knowing the members.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scim.protocol.documents import Document
from scim.protocol.errors import InvalidPath
from scim.protocol.evaluate import element_matches
from scim.protocol.filters import Bound, BoundAnd, BoundCompare, BoundElement, BoundNot, BoundOr, BoundPresent
from scim.protocol.operations import Operation, Verb
from scim.protocol.syntax import Op


@dataclass(frozen=True, slots=True)
class MemberEdit:
    """What to do with a set of members, in this order: clear, remove_matching, remove, add. No id is in two places."""

    clear: bool = False
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    remove_matching: tuple[Bound, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.clear or self.add or self.remove or self.remove_matching)


NO_MEMBER_EDIT = MemberEdit()


@dataclass(slots=True)
class _Effect:
    """The net effect so far: of each id that was named, whether it is a member afterwards."""

    clear: bool = False
    present: dict[str, bool] = field(default_factory=dict)
    matching: list[Bound] = field(default_factory=list)

    def reset(self) -> None:
        self.clear, self.present, self.matching = True, {}, []

    def edit(self) -> MemberEdit:
        add = tuple(each for each, present in self.present.items() if present)
        remove = tuple(each for each, present in self.present.items() if not present)
        return MemberEdit(self.clear, add, () if self.clear else remove, tuple(self.matching))


def split_members(operations: Sequence[Operation]) -> tuple[MemberEdit, tuple[Operation, ...]]:
    """Separate what changes the members, as one edit, from the operations on the rest of the document.

    Of several operations on one id the last one counts. Raises InvalidPath for a removal by name that comes
    behind an addition in the same request: whether it meets the added ones, only their names would tell.
    """
    others = tuple(operation for operation in operations if not operation.target.attribute.reference_set)
    if len(others) == len(operations):
        return NO_MEMBER_EDIT, others
    effect = _Effect()
    for operation in operations:
        if operation.target.attribute.reference_set:
            _accumulate(effect, operation)
    return effect.edit(), others


def members_of(document: Document) -> MemberEdit:
    """Return the edit a POST or PUT asks for: the members it lists and no others; none where it names no members."""
    if "members" not in document.named:
        return NO_MEMBER_EDIT
    return MemberEdit(clear=True, add=tuple(member["value"] for member in document.attributes.get("members", ())))


def _accumulate(effect: _Effect, operation: Operation) -> None:
    if operation.filter is not None:
        _remove_matching(effect, operation.filter)
    elif operation.verb is Verb.REMOVE and operation.value is None:
        effect.reset()
    else:
        if operation.verb is Verb.REPLACE:
            effect.reset()
        effect.present |= dict.fromkeys(operation.value, operation.verb is not Verb.REMOVE)


def _remove_matching(effect: _Effect, bound: Bound) -> None:
    named = _named_ids(bound)
    if named is not None:
        effect.present |= dict.fromkeys(named, False)
        return
    added = [each for each, present in effect.present.items() if present]
    if added and not _looks_at_ids_only(bound):
        raise InvalidPath(
            "Members cannot be removed by name or type behind an addition in the same request; send two requests.",
            "SL-PATCH-MEMBERS",
        )
    effect.present |= {each: False for each in added if element_matches(bound, {"value": each})}
    if not effect.clear:
        effect.matching.append(bound)


def _named_ids(bound: Bound) -> list[str] | None:
    """Return the ids a filter names one by one, as Entra's members[value eq "…"] does; None for any other filter."""
    match bound:
        case BoundCompare(target, Op.EQ, str(value)) if target.leaf.name == "value":
            return [value]
        case BoundOr(terms):
            named = [_named_ids(term) for term in terms]
            return None if None in named else [each for ids in named if ids for each in ids]
        case _:
            return None


def _looks_at_ids_only(bound: Bound) -> bool:
    match bound:
        case BoundCompare(target) | BoundPresent(target):
            return target.leaf.name == "value"
        case BoundNot(inner) | BoundElement(filter=inner):
            return _looks_at_ids_only(inner)
        case BoundAnd(terms) | BoundOr(terms):
            return all(_looks_at_ids_only(term) for term in terms)
