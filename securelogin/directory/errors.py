"""What the kernel refuses. Each wing says it in its own words (scim/shelf.py as SCIM errors, pages as pages)."""

from uuid import UUID


class DirectoryError(Exception):
    """The base of the kernel's refusals; whatever raised it has changed nothing."""


class NameTakenError(DirectoryError):
    """Another user or group of the domain has this name."""

    def __init__(self, name: str, existing_id: str | None) -> None:
        super().__init__(name)
        self.name, self.existing_id = name, existing_id


class TooLongError(DirectoryError):
    """A value that is looked up is longer than an index can hold."""

    def __init__(self, column: str, limit: int) -> None:
        super().__init__(column)
        self.column, self.limit = column, limit


class UnknownMembersError(DirectoryError):
    """These ids are no users of the domain."""

    def __init__(self, ids: list[str]) -> None:
        super().__init__(", ".join(ids))
        self.ids = ids


class MissingError(DirectoryError):
    """No such row in this domain."""

    def __init__(self, subject_id: UUID | str) -> None:
        super().__init__(str(subject_id))


class OvertakenError(DirectoryError):
    """It could not be written without a lock: somebody else wrote the row since it was read, or not all can move who
    are named. It can be worked out anew, under one.
    """


class HeldError(DirectoryError):
    """The deletion guard holds this removal back. `is_news` tells whether the managers should hear of it."""

    def __init__(self, subject_type: str, subject_id: str, label: str) -> None:
        super().__init__(label)
        self.subject_type, self.subject_id, self.label = subject_type, UUID(subject_id), label
        self.is_news = False


class VersionError(DirectoryError):
    """The row is of another version than the caller expected."""

    def __init__(self, subject_id: UUID | str) -> None:
        super().__init__(str(subject_id))
