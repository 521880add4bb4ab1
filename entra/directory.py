"""A source directory made up from a seed: the same seed gives the same people, groups and memberships."""

from dataclasses import dataclass, replace
from random import Random
from uuid import UUID

from entra import names
from entra.people import Group, Person, Source

DOMAIN = "contoso.example"
DISABLED_FROM_THE_START = 0.03
ORDINARY_GROUP = 20


@dataclass(frozen=True, slots=True)
class Size:
    """`memberships` None means about twenty in each group. A server that has seen a seed needs another one."""

    users: int = 100
    groups: int = 10
    memberships: int | None = None
    managers: bool = True
    seed: int = 1


class Registrar:
    """Makes people and groups that nobody has made before, from one stream of random numbers."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._seed = seed
        self._made = 0

    def person(self) -> Person:
        number, pick = self._next(), self.random.choice
        (given, given_plain), (family, family_plain) = (names.spelt(pick(kind)) for kind in (names.GIVEN, names.FAMILY))
        account = f"{given_plain}.{family_plain}.{self._seed}-{number}"
        return Person(
            object_id=self._object_id(),
            user_principal_name=f"{account}@{DOMAIN}",
            given_name=given,
            surname=family,
            display_name=f"{given} {family}",
            mail=f"{account.title()}@{DOMAIN}",
            mobile=pick([None, pick(names.MOBILES).format(number)]),
            preferred_language=pick([None, *names.LANGUAGES]),
            job_title=pick(names.TITLES),
            department=pick(names.DEPARTMENTS),
            employee_id=f"{number:06d}",
        )

    def group(self, stem: str | None = None) -> Group:
        number = self._next()
        return Group(self._object_id(), f"{stem or self.random.choice(names.GROUPS)} {self._seed}-{number}")

    def _next(self) -> int:
        self._made += 1
        return self._made

    def _object_id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))


def build(size: Size, registrar: Registrar, *stems: str) -> Source:
    """`stems` are names that must occur among the groups."""
    source, random = Source(), registrar.random
    people = [registrar.person() for _ in range(size.users)]
    for place, person in enumerate(people):
        boss = people[random.randrange(place)].object_id if size.managers and place else None
        enabled = random.random() >= DISABLED_FROM_THE_START or place == 0
        source.put_person(replace(person, manager=boss, enabled=enabled))
    groups = [registrar.group(stems[place] if place < len(stems) else None) for place in range(size.groups)]
    for group, members in zip(groups, _memberships(size, random), strict=True):
        source.put_group(replace(group, members=frozenset(people[place].object_id for place in members)))
    return source


def _memberships(size: Size, random: Random) -> list[list[int]]:
    """Places of the people in each group; together as many as asked for, or as many as there can be."""
    total = ORDINARY_GROUP * size.groups if size.memberships is None else size.memberships
    shares = [total // size.groups + (place < total % size.groups) for place in range(size.groups)]
    return [random.sample(range(size.users), min(share, size.users)) for share in shares]
