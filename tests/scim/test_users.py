"""Users over the wire: RFC 7644 §3.3 to §3.6, with what Entra sends and wants."""

from tests.scim.conftest import ENTERPRISE, Scim


def test_smoke(scim: Scim):
    a = scim.user(
        "Ann@acme.example",
        name={"givenName": "Ann"},
        emails=[{"value": "ann@x.example", "type": "work", "primary": True}],
        **{ENTERPRISE: {"department": "Sales", "manager": "boss"}},
    )
    r = scim.get(f"/Users/{a}")
    print(r.json())
    for f in [
        'userName eq "ANN@acme.example"',
        'emails[type eq "work"].value eq "ANN@x.example"',
        'emails.value sw "ann"',
        f'id eq "{a}"',
        'name.givenName eq "ann" and not (active eq false)',
        f'{ENTERPRISE}:department eq "sales"',
        'manager eq "boss"',
        'emails[primary eq "True"]',
        'meta.lastModified ge "2020-01-01T00:00:00Z"',
        "emails pr",
        "name pr",
        'groups.value eq "x" or userName pr',
        'displayName ne "x"',
        'addresses.type ne "x"',
    ]:
        assert scim.find("Users", f) == [a], f
    p = scim.patch(
        f"/Users/{a}",
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+31"},
    )
    print(p.status_code, p.json())
    g = scim.group("Team", a)
    assert scim.members(g) == {a}
    assert scim.find("Groups", f'members eq "{a}"') == [g]
    assert scim.find("Users", f'groups.value eq "{g}"') == [a]
    print(scim.get(f"/Users/{a}").json())
    r = scim.patch(f"/Groups/{g}", {"op": "Remove", "path": "members", "value": [{"value": a}]})
    assert r.status_code == 204, r.content
    assert scim.members(g) == set()
    print(scim.post("/Users", {"userName": "ann@ACME.example"}).json())
    assert scim.delete(f"/Users/{a}").status_code == 204
    print(scim.delete(f"/Users/{a}").json())
    print(scim.get("/Users?sortBy=name.familyName&sortOrder=descending&startIndex=1&count=3").json())
    print(scim.get("/nope").json(), scim.get("").json())
