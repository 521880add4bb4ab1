"""The source directory: people and groups as Entra holds them, with a log of what was touched when."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the source. None is a value that was never given, `""` one that an expression has emptied."""

    object_id: str
    user_principal_name: str
    given_name: str
    surname: str
    display_name: str
    mail: str | None
    mobile: str | None
    preferred_language: str | None
    job_title: str | None
    department: str | None
    employee_id: str | None
    manager: str | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    object_id: str
    name: str
    members: frozenset[str] = frozenset()


@dataclass(slots=True)
class Source:
    """Every change is logged under the object's id, so that a cycle can ask what came after its watermark."""

    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def put_person(self, person: Person) -> None:
        self.people[person.object_id] = person
        self.log.append(person.object_id)

    def put_group(self, group: Group) -> None:
        self.groups[group.object_id] = group
        self.log.append(group.object_id)

    def remove_group(self, object_id: str) -> None:
        del self.groups[object_id]
        self.log.append(object_id)

    def remove_person(self, object_id: str) -> None:
        """A hard delete: Entra takes the person out of groups and away from reports as well."""
        del self.people[object_id]
        self.log.append(object_id)
        for group in [each for each in self.groups.values() if object_id in each.members]:
            self.put_group(Group(group.object_id, group.name, group.members - {object_id}))

    @property
    def watermark(self) -> int:
        return len(self.log)

    def changed_since(self, watermark: int) -> Iterable[str]:
        """Ids in the order of their first change; an id that is in neither table was deleted."""
        return dict.fromkeys(self.log[watermark:])
