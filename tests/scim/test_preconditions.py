"""If-Match and If-None-Match, with one tag, a list of them, or `*`. RFC 9110 §13.1."""

import pytest

from tests.scim.conftest import Scim

BODY = {"userName": "ann", "title": "x"}
OPERATION = {"op": "replace", "path": "title", "value": "x"}


@pytest.mark.parametrize("tags", ['"1", "2"', '"2","1"', 'W/"7", W/"1"', '"a,b", "1"', '"2", *'])
def test_a_write_passes_where_one_tag_of_a_list_is_right(scim: Scim, tags: str) -> None:
    header = {"If-Match": tags}
    assert scim.put(f"/Users/{scim.user('ann')}", BODY, **header).status_code == 200
    assert scim.patch(f"/Users/{scim.user('bob')}", OPERATION, **header).status_code == 200
    assert scim.delete(f"/Users/{scim.user('eve')}", **header).status_code == 204


@pytest.mark.parametrize("tags", ['"2", "3"', '"a,1"', '"x", "11"', ","])
def test_a_write_is_refused_where_no_tag_of_a_list_is_right(scim: Scim, tags: str) -> None:
    path, header = f"/Users/{scim.user('ann')}", {"If-Match": tags}
    answers = [
        scim.put(path, BODY, **header),
        scim.patch(path, OPERATION, **header),
        scim.delete(path, **header),
    ]
    assert [answer.status_code for answer in answers] == [412, 412, 412]
    assert scim.get(path)["ETag"] == 'W/"1"'


def test_a_list_of_tags_for_what_is_not_there_is_answered_as_one_tag_is(scim: Scim) -> None:
    path = f"/Users/{scim.user('ann')}"
    scim.delete(path)
    for tags in ('"1"', '"1", "2"'):
        assert scim.put(path, BODY, **{"If-Match": tags}).status_code == 404


@pytest.mark.parametrize("tags, status", [('"7", "1"', 304), ('W/"1"', 304), ("*", 304), ('"7", "8"', 200), ("", 200)])
def test_a_read_is_spared_where_one_tag_is_right_or_any_will_do(scim: Scim, tags: str, status: int) -> None:
    path = f"/Users/{scim.user('ann')}?excludedAttributes=groups"
    assert scim.get(path, **{"If-None-Match": tags}).status_code == status


def test_a_tag_does_not_vouch_for_groups_that_the_version_does_not_count(scim: Scim) -> None:
    path = f"/Users/{scim.user('ann')}"
    assert scim.get(path, **{"If-None-Match": '"1"'}).status_code == 200
    assert scim.get(path, **{"If-None-Match": "*"}).status_code == 304
    assert scim.get(f"/Groups/{scim.group('staff')}", **{"If-None-Match": '"1"'}).status_code == 304


@pytest.mark.parametrize("tags, status", [("*", 412), ('"7", W/"1"', 412), ('"7"', 200)])
def test_a_write_is_refused_where_a_tag_excludes_the_version(scim: Scim, tags: str, status: int) -> None:
    header = {"If-None-Match": tags}
    assert scim.put(f"/Users/{scim.user('ann')}", BODY, **header).status_code == status
    assert scim.patch(f"/Users/{scim.user('bob')}", OPERATION, **header).status_code == status
    assert scim.delete(f"/Users/{scim.user('eve')}", **header).status_code == (204 if status == 200 else 412)
