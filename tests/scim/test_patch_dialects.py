"""PATCH as Entra sends it, in both its dialects, and read back: RFC 7644 §3.5.2 and Entra's SCIM documentation."""

from typing import Any

import pytest

from tests.scim.conftest import ENTERPRISE, USER, Scim

WORK = 'emails[type eq "work"]'


def patched(scim: Scim, user_id: str, *operations: dict[str, Any]) -> dict[str, Any]:
    """Apply operations; the answer must be the resource that a GET shows."""
    answer = scim.patch(f"/Users/{user_id}", *operations)
    assert answer.status_code == 200, answer.content
    assert answer.json() == scim.get(f"/Users/{user_id}").json()
    return answer.json()


def op(verb: str, path: str | None = None, *value: Any) -> dict[str, Any]:
    return {"op": verb} | ({"path": path} if path else {}) | ({"value": value[0]} if value else {})


@pytest.mark.parametrize("verb", ["add", "Add", "REPLACE", "Replace"])
@pytest.mark.parametrize(
    "path", ['emails[type eq "work"].value', 'EMAILS[Type EQ "work"].Value', f"{USER}:{WORK}.value"]
)
def test_verbs_and_names_have_any_case(scim: Scim, verb: str, path: str) -> None:
    shown = patched(scim, scim.user("ann"), op(verb, path, "ann@x.example"))
    assert shown["emails"] == [{"type": "work", "value": "ann@x.example"}]


@pytest.mark.parametrize("word", ["False", "false", "FALSE", False])
@pytest.mark.parametrize("shape", ["path", "map"])
def test_a_boolean_may_come_as_a_word_and_goes_out_as_a_boolean(scim: Scim, word: Any, shape: str) -> None:
    operation = op("Replace", "active", word) if shape == "path" else op("replace", None, {"active": word})
    assert patched(scim, scim.user("ann"), operation)["active"] is False


def test_a_text_that_reads_like_a_boolean_stays_a_text(scim: Scim) -> None:
    assert patched(scim, scim.user("ann"), op("Replace", "displayName", "True"))["displayName"] == "True"


@pytest.mark.parametrize("verb", ["Add", "Replace"])
def test_a_value_is_made_where_none_matches(scim: Scim, verb: str) -> None:
    home = [{"type": "home", "value": "h@x.example"}]
    shown = patched(scim, scim.user("ann", emails=home), op(verb, f"{WORK}.value", "w@x.example"))
    assert shown["emails"] == [*home, {"type": "work", "value": "w@x.example"}]
    assert scim.find("Users", f'{WORK}.value eq "W@x.example"') == [shown["id"]]


def test_a_role_is_built_up_around_a_primary_that_is_asked_for_as_text(scim: Scim) -> None:
    path = 'roles[primary eq "True"]'
    shown = patched(
        scim,
        scim.user("ann"),
        op("Add", f"{path}.display", "Administrator"),
        op("Add", f"{path}.value", "Admin"),
        op("Add", f"{path}.type", "App"),
    )
    assert shown["roles"] == [{"primary": True, "display": "Administrator", "value": "Admin", "type": "App"}]
    assert scim.find("Users", f'{path}.value eq "admin"') == [shown["id"]]


def test_removing_the_value_of_an_element_removes_an_element_of_labels(scim: Scim) -> None:
    emails = [{"type": "work", "value": "a@x.example", "primary": True}, {"type": "home", "value": "b@x.example"}]
    shown = patched(scim, scim.user("ann", emails=emails), op("Remove", f"{WORK}.value"))
    assert shown["emails"] == emails[1:]
    assert scim.find("Users", 'emails.value eq "a@x.example"') == []


@pytest.mark.parametrize("value", [(), ("Captain",), ("another",)])
def test_a_single_value_is_removed_whatever_comes_along(scim: Scim, value: tuple[str, ...]) -> None:
    assert "title" not in patched(scim, scim.user("ann", title="Captain"), op("Remove", "title", *value))


def test_a_map_without_a_path_holds_dotted_keys_urns_and_objects(scim: Scim) -> None:
    user_id = scim.user("ann", name={"middleName": "M"}, **{ENTERPRISE: {"division": "D"}})
    changes = {
        "displayName": "Ann",
        "name.givenName": "A",
        "name": {"familyName": "E"},
        f"{ENTERPRISE}:employeeNumber": "7",
        ENTERPRISE: {"department": "Sales"},
        "Title": "Captain",
    }
    shown = patched(scim, user_id, op("replace", None, changes))
    assert shown["name"] == {"middleName": "M", "givenName": "A", "familyName": "E"}
    assert shown[ENTERPRISE] == {"division": "D", "employeeNumber": "7", "department": "Sales"}
    assert (shown["displayName"], shown["title"]) == ("Ann", "Captain")


def test_null_inside_an_object_clears_one_part_and_leaves_its_siblings(scim: Scim) -> None:
    user_id = scim.user("ann", name={"givenName": "A", "familyName": "E"})
    assert patched(scim, user_id, op("replace", None, {"name": {"familyName": None}}))["name"] == {"givenName": "A"}


@pytest.mark.parametrize("verb", ["Add", "Replace"])
def test_an_object_is_merged_into_a_complex_attribute(scim: Scim, verb: str) -> None:
    user_id = scim.user("ann", name={"givenName": "A", "familyName": "E"})
    shown = patched(scim, user_id, op(verb, "name", {"familyName": "F", "formatted": "A F"}))
    assert shown["name"] == {"givenName": "A", "familyName": "F", "formatted": "A F"}


FORMS = {
    "text": lambda one: one,
    "object": lambda one: {"value": one},
    "list": lambda one: [{"$ref": f"http://x/scim/Users/{one}", "value": one}],
    "reference null": lambda one: [{"$ref": None, "value": one}],
}
PATHS = [f"{ENTERPRISE}:manager", "manager", f"{ENTERPRISE}.manager"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("verb", ["Add", "replace"])
def test_a_manager_is_set_in_every_form_and_can_be_asked_for(scim: Scim, verb: str, form: str, path: str) -> None:
    boss, ann = scim.user("boss"), scim.user("ann")
    shown = patched(scim, ann, op(verb, path, FORMS[form](boss)))
    assert shown[ENTERPRISE]["manager"]["value"] == boss
    for text in (f'id eq "{ann}" and manager eq "{boss}"', f"manager eq {boss} and id eq {ann}"):
        answer = scim.client.get("/scim/v2/Users", {"filter": text, "attributes": "id"}).json()
        assert answer["Resources"] == [{"schemas": [USER], "id": ann}]
    assert scim.find("Users", f'id eq "{boss}" and manager eq "{boss}"') == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "operation", [("replace", ""), ("replace", {"value": ""}), ("Replace", None), ("remove",), ("Remove", "x")]
)
def test_a_manager_is_removed_in_every_form(scim: Scim, operation: tuple[Any, ...], path: str) -> None:
    user_id = scim.user("ann", **{ENTERPRISE: {"manager": "boss"}})
    verb, *value = operation
    shown = patched(scim, user_id, op(verb, path, *value))
    assert ENTERPRISE not in shown
    assert shown["schemas"] == [USER]


@pytest.mark.parametrize(
    "path", ["favouriteColour", "name.nick", 'emails[kind eq "x"].value', "__class__", "is_superuser"]
)
def test_an_odd_mapping_does_not_block_the_disabling_beside_it(scim: Scim, path: str) -> None:
    assert patched(scim, scim.user("ann"), op("Add", path, "x"), op("Replace", "active", "False"))["active"] is False


@pytest.mark.parametrize(
    "path", ["x y.z", "a[", "emails[type eq", "emails]", "a..b", 'emails[type eq "work"]x', "%", "name[", "7"]
)
def test_a_path_that_cannot_be_read_is_refused(scim: Scim, path: str) -> None:
    answer = scim.patch(f"/Users/{scim.user('ann')}", op("Add", path, "x"))
    assert answer.status_code == 400
    assert answer.json()["scimType"] in {"invalidPath", "invalidFilter"}


@pytest.mark.parametrize("key", ["favouriteColour", "name.nick", "x y", "[", "urn:x:", "", "."])
def test_an_odd_key_in_a_map_does_not_block_the_disabling_beside_it(scim: Scim, key: str) -> None:
    assert patched(scim, scim.user("ann"), op("replace", None, {key: "x", "active": False}))["active"] is False


@pytest.mark.parametrize("path", ["id", "meta", "groups", "meta.version", "schemas", 'groups[value eq "x"]'])
def test_what_the_server_sets_is_refused_on_a_path_and_nothing_changes(scim: Scim, path: str) -> None:
    user_id = scim.user("ann")
    before = scim.get(f"/Users/{user_id}").json()
    answer = scim.patch(f"/Users/{user_id}", op("replace", "title", "x"), op("replace", path, "x"))
    assert (answer.status_code, answer.json()["scimType"]) == (400, "mutability")
    assert scim.get(f"/Users/{user_id}").json() == before


def test_a_part_that_the_server_sets_does_not_block_the_disabling_beside_it(scim: Scim) -> None:
    user_id = scim.user("ann")
    shown = patched(
        scim, user_id, op("Add", f"{ENTERPRISE}:manager.displayName", "Bo"), op("Replace", "active", "False")
    )
    assert shown["active"] is False
    assert ENTERPRISE not in shown


@pytest.mark.parametrize("path", ['title[type eq "x"]', 'name[givenName eq "x"].familyName'])
def test_a_path_that_can_mean_nothing_is_refused(scim: Scim, path: str) -> None:
    answer = scim.patch(f"/Users/{scim.user('ann')}", op("Replace", path, "x"))
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidPath")


def test_what_the_server_sets_is_passed_over_in_a_map(scim: Scim) -> None:
    user_id = scim.user("ann")
    shown = patched(
        scim, user_id, op("replace", None, {"id": "x", "meta": {}, "schemas": [], "groups": [], "title": "T"})
    )
    assert (shown["id"], shown["title"]) == (user_id, "T")


def test_operations_are_applied_in_order(scim: Scim) -> None:
    user_id = scim.user("ann", title="a")
    assert (
        patched(scim, user_id, op("remove", "title"), op("add", "title", "b"), op("replace", "title", "c"))["title"]
        == "c"
    )
    assert "title" not in patched(scim, user_id, op("replace", "title", "d"), op("remove", "title"))


def test_all_operations_are_applied_or_none(scim: Scim) -> None:
    user_id = scim.user("ann", title="a")
    before = scim.get(f"/Users/{user_id}").json()
    answer = scim.patch(f"/Users/{user_id}", op("replace", "title", "b"), op("replace", "active", "perhaps"))
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert scim.get(f"/Users/{user_id}").json() == before


def test_adding_what_is_there_and_removing_what_is_not_changes_nothing(scim: Scim) -> None:
    emails = [{"type": "work", "value": "a@x.example"}]
    user_id = scim.user("ann", emails=emails)
    before = scim.get(f"/Users/{user_id}").json()
    shown = patched(
        scim, user_id, op("Add", "emails", emails), op("Remove", "title"), op("Remove", 'emails[type eq "home"]')
    )
    assert shown == before


@pytest.mark.parametrize("verb", ["Add", "replace"])
def test_json_inside_a_text_comes_back_verbatim(scim: Scim, verb: str) -> None:
    role = '{"id":"06b07648-ecfe-589f-9d2f-6325724a46ee","value":"25","displayName":"Role1234"}'
    assert patched(scim, scim.user("ann"), op(verb, "roles", [{"value": role}]))["roles"] == [{"value": role}]


def test_activating_who_is_active_writes_nothing(scim: Scim) -> None:
    user_id = scim.user("ann")
    before = scim.get(f"/Users/{user_id}").json()
    assert patched(scim, user_id, op("Replace", "active", "True"))["meta"] == before["meta"]


@pytest.mark.parametrize(
    "path", [f"{ENTERPRISE}:manager.value", f"{ENTERPRISE}:department", f"{ENTERPRISE}.department"]
)
def test_a_urn_is_split_behind_its_version(scim: Scim, path: str) -> None:
    shown = patched(scim, scim.user("ann"), op("Add", path, "X"))
    assert shown[ENTERPRISE] in ({"manager": {"value": "X"}}, {"department": "X"})
    assert shown["schemas"] == [USER, ENTERPRISE]


def test_a_custom_extension_is_kept_and_comes_back_under_its_urn(scim: Scim) -> None:
    urn = "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User"
    user_id = scim.user("ann")
    assert patched(scim, user_id, op("Add", f"{urn}:tag", "x"))[urn] == {"tag": "x"}
    shown = patched(scim, user_id, op("replace", None, {f"{urn}:level": 3}))
    assert shown[urn] == {"tag": "x", "level": 3}
    assert shown["schemas"] == [USER, urn]
    assert urn not in patched(scim, user_id, op("Replace", f"{urn}:tag", ""), op("remove", f"{urn}:level"))


def test_extensions_are_listed_in_the_same_order_by_every_answer(scim: Scim) -> None:
    urns = ["urn:long:ext:2.0:User", "urn:x:2.0:User"]
    made = scim.post("/Users", {"userName": "ann", **{urn: {"a": 1} for urn in urns}}).json()
    assert made["schemas"] == scim.get(f"/Users/{made['id']}").json()["schemas"] == [USER, *urns]


def test_a_custom_extension_is_the_same_one_in_any_case(scim: Scim) -> None:
    urn = "urn:my:ext:2.0:User"
    user_id = scim.user("ann", **{urn: {"a": 1}})
    shown = patched(scim, user_id, op("replace", f"{urn.upper()}:a", 2), op("replace", None, {urn.lower(): {"b": 3}}))
    assert (shown[urn], shown["schemas"]) == ({"a": 2, "b": 3}, [USER, urn])


OPTIONAL = [
    *("displayName", "title", "nickName", "externalId", "userType"),
    *("locale", "timezone", "profileUrl", "preferredLanguage"),
    *("name.givenName", "name.familyName", "name.formatted", "name.middleName", f"{WORK}.value"),
    *('phoneNumbers[type eq "mobile"].value', 'addresses[type eq "work"].locality', 'roles[primary eq "True"].value'),
    *(
        f"{ENTERPRISE}:{name}"
        for name in ("employeeNumber", "costCenter", "organization", "division", "department", "manager")
    ),
]


@pytest.mark.parametrize("nothing", ["", None])
@pytest.mark.parametrize("shape", ["path", "map"])
def test_a_value_is_cleared_by_nothing(scim: Scim, shape: str, nothing: str | None) -> None:
    user_id = scim.user("ann")
    bare = scim.get(f"/Users/{user_id}").json()
    full = patched(scim, user_id, *(op("Add", path, "x") for path in OPTIONAL))
    assert len(full) > len(bare) + 10
    by_path = [op("replace", path, nothing) for path in OPTIONAL if shape == "path" or "[" in path]
    by_map = {path: nothing for path in OPTIONAL if shape == "map" and "[" not in path}
    cleared = patched(scim, user_id, *by_path, *([op("replace", None, by_map)] if by_map else []))
    assert {**cleared, "meta": None} == {**bare, "meta": None}


def test_operations_may_stand_before_schemas_and_names_have_any_case(scim: Scim) -> None:
    user_id = scim.user("ann")
    body = b'{"operations":[{"OP":"Replace","Path":"active","VALUE":false}],"schemas":["urn:x"]}'
    assert scim.call("PATCH", f"/Users/{user_id}", body).json()["active"] is False


def test_unassigning_active_lets_nobody_in_and_a_put_that_is_silent_changes_neither(scim: Scim) -> None:
    user_id = scim.user("ann")
    assert "active" not in patched(scim, user_id, op("remove", "active"))
    assert "active" not in scim.put(f"/Users/{user_id}", {"userName": "ann"}).json()
    assert scim.find("Users", "active eq true") == []
    patched(scim, user_id, op("add", "active", False))
    assert scim.put(f"/Users/{user_id}", {"userName": "ann"}).json()["active"] is False
