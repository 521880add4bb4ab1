"""The kernel's door: every write is whole, journaled and counted, and names one domain."""

import orjson
import pytest

from securelogin.directory.credential import Actor, Tenant
from securelogin.directory.directory import GROUPS, USERS, Condition, Directory, Slice, Values
from securelogin.directory.domains import create_domain
from securelogin.directory.errors import (
    MissingError,
    NameTakenError,
    OvertakenError,
    TooLongError,
    UnknownMembersError,
    VersionError,
)
from securelogin.directory.ids import uuid7
from securelogin.directory.keys import Lookup
from securelogin.directory.membership import MemberChange
from securelogin.directory.models import Change, Domain, Membership, Mention, Tombstone, User, UserLookup
from securelogin.logbook.exchange import Exchange
from securelogin.logbook.models import Entry

pytestmark = pytest.mark.django_db
ENTRA = Actor("connection", "c-1", "Entra")


def door(domain: Domain, exchange: Exchange | None = None) -> Directory:
    return Directory(Tenant(domain.id, domain.name), ENTRA, exchange)


@pytest.fixture
def here() -> Directory:
    return door(create_domain("here"))


@pytest.fixture
def there() -> Directory:
    return door(create_domain("there"))


def person(name: str, **columns: object) -> Values:
    mail = f"{name}@example.com"
    return Values(
        {"user_name": name, "active": True, **columns},
        {"emails": [{"value": mail, "type": "work"}]},
        {"emails": [{"value": mail.lower(), "type": "work"}]},
        (Lookup("emails", 0, mail.lower(), "work"),),
        ("emails",),
    )


def team(name: str) -> Values:
    return Values({"display_name": name}, {}, {})


def test_what_is_created_is_read_back(here: Directory) -> None:
    made = door_create(here, "Ann")
    read = here.get(USERS, made["id"], "groups")
    assert (read["user_name"], read["active"], read["version"]) == ("Ann", True, 1)
    assert orjson.loads(read["attributes"])["emails"][0]["value"] == "Ann@example.com"
    assert here.dialect.read_moment(read["created"]) == made["created"]


def door_create(directory: Directory, name: str) -> dict:
    return directory.create(USERS, person(name))


def test_a_name_is_taken_once_per_domain_whatever_its_case(here: Directory, there: Directory) -> None:
    first = door_create(here, "Straße")
    with pytest.raises(NameTakenError) as clash:
        door_create(here, "STRASSE")
    assert clash.value.existing_id == first["id"]
    door_create(there, "strasse")


def test_a_row_of_another_domain_does_not_exist(here: Directory, there: Directory) -> None:
    made = door_create(there, "Ann")
    with pytest.raises(MissingError):
        here.get(USERS, made["id"])
    with pytest.raises(MissingError):
        here.delete(USERS, made["id"])
    assert here.select(USERS, None, Slice()) == []
    assert here.count(USERS, None) == 0


def test_only_the_canonical_spelling_of_an_id_matches(here: Directory) -> None:
    made = door_create(here, "Ann")
    for spelling in (made["id"].upper(), made["id"].replace("-", ""), "{" + made["id"] + "}", "1", "\x00"):
        with pytest.raises(MissingError):
            here.get(USERS, spelling)


def test_an_update_that_changes_nothing_writes_nothing(here: Directory) -> None:
    made = door_create(here, "Ann")
    changes = Change.objects.count()
    with here.held(USERS, made["id"], locked=False) as row:
        after = here.update(USERS, row, person("Ann"))
    assert after["version"] == 1
    assert Change.objects.count() == changes


def test_an_update_tells_before_and_after_in_the_journal_and_in_the_logbook(here: Directory) -> None:
    made = door_create(here, "Ann")
    here.exchange = Exchange(uuid7(), "PATCH", "/Users")
    with here.held(USERS, made["id"], locked=False) as row:
        here.update(USERS, row, person("Ann", display_name="Ann Example"))
    change = Change.objects.latest("id")
    assert (change.verb, change.before, change.after) == (
        "update",
        {"display_name": None},
        {"display_name": "Ann Example"},
    )
    entry = Entry.objects.get()
    assert (entry.subject_label, entry.changed, str(entry.id)) == ("Ann", True, change.request_id)
    assert here.exchange.written


def test_a_write_that_fails_leaves_no_trace(here: Directory) -> None:
    door_create(here, "Ann")
    here.exchange = Exchange(uuid7(), "POST", "/Users")
    with pytest.raises(NameTakenError):
        door_create(here, "ANN")
    assert (Change.objects.count(), Entry.objects.count(), here.count(USERS, None)) == (1, 0, 1)
    assert not here.exchange.changed


def test_disabling_someone_ends_the_epoch_of_her_sessions_and_enabling_revives_nothing(here: Directory) -> None:
    made = door_create(here, "Ann")
    for active, epoch in ((False, 1), (True, 1), (False, 2)):
        with here.held(USERS, made["id"], locked=False) as row:
            here.update(USERS, row, person("Ann", active=active))
        assert User.objects.get(id=made["id"]).session_epoch == epoch


def test_look_up_rows_follow_the_attribute(here: Directory) -> None:
    made = door_create(here, "Ann")
    with here.held(USERS, made["id"], locked=False) as row:
        here.update(USERS, row, Values({}, {}, {}, (), ("emails",)))
    assert not UserLookup.objects.filter(user_id=made["id"]).exists()
    with here.held(USERS, made["id"], locked=False) as row:
        here.update(USERS, row, person("Ann"))
    assert UserLookup.objects.get(user_id=made["id"]).key == "ann@example.com"


def test_members_come_and_go_set_wise(here: Directory) -> None:
    ids = [door_create(here, name)["id"] for name in ("a", "b", "c")]
    group = here.create(GROUPS, team("Team"), ids[:2])
    with here.held(GROUPS, group["id"]) as row:
        after = here.update(GROUPS, row, None, MemberChange(add=ids[1:], remove=[ids[0]]))
    assert after["version"] == 2
    members = here.get(GROUPS, group["id"], "members")["members"]
    assert sorted(members.split(",")) == sorted(ids[1:])
    assert Mention.objects.filter(subject_id=ids[2]).count() == 1


def test_adding_a_member_twice_or_removing_an_absent_one_writes_nothing(here: Directory) -> None:
    ann, bob = door_create(here, "a")["id"], door_create(here, "b")["id"]
    group = here.create(GROUPS, team("Team"), [ann])
    with here.held(GROUPS, group["id"]) as row:
        after = here.update(GROUPS, row, None, MemberChange(add=[ann], remove=[bob]))
    assert after["version"] == 1


def test_an_unknown_member_is_named_and_nothing_is_changed(here: Directory, there: Directory) -> None:
    ann, stranger = door_create(here, "a")["id"], door_create(there, "s")["id"]
    group = here.create(GROUPS, team("Team"))
    for unknown in (stranger, "nobody", group["id"].upper()):
        with pytest.raises(UnknownMembersError) as refused, here.held(GROUPS, group["id"]) as row:
            here.update(GROUPS, row, None, MemberChange(add=[ann, unknown]))
        assert refused.value.ids == [unknown]
    assert not Membership.objects.exists()


def test_a_group_among_the_members_is_skipped_with_a_warning(here: Directory) -> None:
    ann = door_create(here, "a")["id"]
    inner, outer = (here.create(GROUPS, team(name)) for name in ("Inner", "Outer"))
    here.exchange = Exchange(uuid7(), "PATCH", "/Groups")
    with here.held(GROUPS, outer["id"]) as row:
        here.update(GROUPS, row, None, MemberChange(add=[ann, inner["id"]]))
    assert Membership.objects.count() == 1
    assert "nested groups are not kept" in here.exchange.warnings[0]


def test_clearing_a_group_keeps_who_is_added_at_once(here: Directory) -> None:
    ids = [door_create(here, name)["id"] for name in "abc"]
    group = here.create(GROUPS, team("Team"), ids[:2])
    with here.held(GROUPS, group["id"]) as row:
        here.update(GROUPS, row, None, MemberChange(clear=True, add=ids[1:]))
    assert {str(m.user_id) for m in Membership.objects.all()} == set(ids[1:])


def test_a_deleted_user_comes_back_with_the_same_id_and_memberships(here: Directory) -> None:
    ann = door_create(here, "Ann")["id"]
    kept, gone = (here.create(GROUPS, team(name), [ann])["id"] for name in ("Kept", "Gone"))
    here.delete(USERS, ann)
    assert here.count(USERS, None) == 0
    assert here.get(GROUPS, kept)["version"] == 2
    here.delete(GROUPS, gone)
    row, lost = here.restore(Tombstone.objects.get(label="Ann").id)
    assert (row["id"], lost) == (ann, [gone])
    read = here.get(USERS, ann, "groups")
    assert orjson.loads(read["groups"]) == [[kept, "Kept"]]
    assert read["version"] == 2
    assert UserLookup.objects.filter(user_id=ann).count() == 1
    assert here.count(USERS, None) == 1


def test_restoring_is_refused_when_the_name_is_taken(here: Directory) -> None:
    ann = door_create(here, "Ann")["id"]
    here.delete(USERS, ann)
    other = door_create(here, "ann")["id"]
    with pytest.raises(NameTakenError) as clash:
        here.restore(Tombstone.objects.get().id)
    assert clash.value.existing_id == other
    assert Tombstone.objects.exists()


def test_a_delete_of_another_version_is_refused(here: Directory) -> None:
    ann = door_create(here, "Ann")["id"]
    with pytest.raises(VersionError):
        here.delete(USERS, ann, expected_version=7)
    here.delete(USERS, ann, expected_version=1)


def test_a_value_too_long_for_an_index_is_refused(here: Directory) -> None:
    with pytest.raises(TooLongError):
        here.create(USERS, person("x" * 1001))


def test_a_slice_walks_through_all_rows_once(here: Directory) -> None:
    ids = [door_create(here, f"p{number}")["id"] for number in range(5)]
    pages = [here.select(USERS, None, Slice(offset=offset, limit=2)) for offset in (0, 2, 4)]
    assert [row["id"] for page in pages for row in page] == ids
    active = Condition("(t.user_name_key = %s)", ("p3",))
    assert [row["id"] for row in here.select(USERS, active, Slice())] == [ids[3]]
    assert here.count(USERS, active) == 1


def test_whoever_is_overtaken_has_written_nothing_and_comes_through_the_next_time(here: Directory) -> None:
    made = door_create(here, "Ann")
    rival = Directory(here.tenant, here.actor)
    here.exchange = Exchange(uuid7(), "PATCH", "/Users")
    with here.held(USERS, made["id"], locked=False) as row:
        with rival.held(USERS, made["id"], locked=False) as same:
            rival.update(USERS, same, person("Ann", display_name="the rival's"))
        with pytest.raises(OvertakenError):
            here.update(USERS, row, person("Ann", given_name="mine"))
    assert Change.objects.latest("id").after == {"display_name": "the rival's"}
    assert not Entry.objects.exists()
    assert not here.exchange.changed
    with here.held(USERS, made["id"], locked=False) as row:
        assert row["display_name"] == "the rival's"
        after = here.update(USERS, row, person("Ann", display_name="the rival's", given_name="mine"))
    assert (after["version"], after["given_name"]) == (3, "mine")
    assert Entry.objects.get().changed


def test_a_change_of_what_has_just_been_deleted_is_none(here: Directory) -> None:
    made = door_create(here, "Ann")
    with here.held(USERS, made["id"], locked=False) as row:
        Directory(here.tenant, here.actor).delete(USERS, made["id"])
        with pytest.raises(OvertakenError):
            here.update(USERS, row, person("Ann", given_name="mine"))
    with pytest.raises(MissingError), here.held(USERS, made["id"]):
        pass
    assert Change.objects.latest("id").verb == "delete"
