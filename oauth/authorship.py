"""What became of whoever made a connection or a key."""

from enum import StrEnum

from securelogin.directory.models import User
from securelogin.directory.permissions import Permission, allows


class Authorship(StrEnum):
    """What became of whoever made a connection or key. It goes on in any case; its page says so."""

    STANDS = "stands"  # she may still connect the domain
    DEMOTED = "demoted"  # her role allows it no more
    DISABLED = "disabled"
    DELETED = "deleted"
    COMMAND = "command"  # nobody: the operator made it with a command

    @classmethod
    def of(cls, person: User | None, address: str | None) -> "Authorship":
        """Tell it from the reference to her and the address she came from, which a command has not."""
        if person is None:
            return cls.COMMAND if address is None else cls.DELETED
        if not person.is_active:
            return cls.DISABLED
        manager = getattr(person, "manager", None)  # Django's way with the other end of a one-to-one
        return cls.STANDS if manager and allows(manager.role, Permission.CONNECT) else cls.DEMOTED
