"""What the database itself refuses: a reference into another domain, and a connection of the operators' domain."""

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, models, transaction

from oauth.applications import own_application
from oauth.models import Connection
from securelogin.directory import dialect as dialects
from securelogin.directory.models import Domain, Group, Manager, Membership, Operator, User, UserLookup
from tests.credentials import AUTHOR
from tests.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def refused(sql: str, *parameters: Any) -> None:
    """Run raw SQL that must fail, at the latest when the transaction ends."""
    bound = [dialects.current().id(each) if isinstance(each, UUID) else each for each in parameters]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, bound)


@pytest.fixture
def team(acme: Domain) -> Group:
    return Group.objects.create(domain=acme, display_name="team", display_name_key="team")


def strangers_are_refused(acme: Domain, umbra: Domain, team: Group, mallory: User) -> None:
    """Try each way of putting mallory, of umbra, into the team of acme."""
    for domain in (acme, umbra):
        insert = "INSERT INTO directory_membership (domain_id, group_id, user_id) VALUES (%s, %s, %s)"
        refused(insert, domain.pk, team.pk, mallory.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(domain=domain, group=team, user=mallory)
    alice = make_user(acme, "insider")
    with transaction.atomic():
        Membership.objects.create(domain=acme, group=team, user=alice)
    refused("UPDATE directory_membership SET user_id = %s", mallory.pk)
    refused("UPDATE directory_membership SET domain_id = %s", umbra.pk)
    refused("UPDATE directory_user SET domain_id = %s WHERE id = %s", umbra.pk, alice.pk)
    refused("DELETE FROM directory_user WHERE id = %s", alice.pk)
    Membership.objects.all().delete()
    alice.delete()


def test_a_member_of_another_domain_cannot_be_written(acme: Domain, umbra: Domain, team: Group, mallory: User) -> None:
    strangers_are_refused(acme, umbra, team, mallory)


@pytest.mark.parametrize("model", [Membership, User, Group])
def test_nor_after_a_later_migration_has_rebuilt_the_table(
    acme: Domain, umbra: Domain, team: Group, mallory: User, model: type[models.Model]
) -> None:
    field = models.IntegerField(null=True)
    field.set_attributes_from_name("later")
    with _editor() as editor:
        editor.add_field(model, field)
    try:
        strangers_are_refused(acme, umbra, team, mallory)
    finally:
        with _editor() as editor:
            editor.remove_field(model, field)
    strangers_are_refused(acme, umbra, team, mallory)


def _editor() -> Any:
    # As `migrate` does on SQLite: a table that is rebuilt must not take its references with it.
    if connection.vendor == "sqlite":
        connection.disable_constraint_checking()
    return connection.schema_editor()


def test_a_manager_or_a_look_up_row_belongs_to_the_domain_of_its_user(
    acme: Domain, umbra: Domain, mallory: User
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Manager.objects.filter(user=mallory).update(domain=acme)
    with pytest.raises(IntegrityError), transaction.atomic():
        UserLookup.objects.create(domain=acme, user=mallory, attribute="emails", position=0, key="x")


@pytest.fixture
def operators() -> Domain:
    return Domain.objects.create(name="operators", display_name="Operators", kind=Domain.Kind.OPERATORS)


@pytest.mark.parametrize("kind", ["tenant", "operators"])
@pytest.mark.parametrize("way", ["authorize", "client", "federation", "key"])
def test_the_operators_domain_holds_no_connection(operators: Domain, kind: str, way: str) -> None:
    application = None if way == "key" else own_application("x", AUTHOR)
    made = {"kind": way, "application": application, "name": "x", "scope": "scim", "authorized_by_name": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.create(domain=operators, domain_kind=kind, **made)


def test_a_connection_cannot_be_moved_there(acme: Domain, operators: Domain) -> None:
    Connection.objects.create(domain=acme, kind="key", name="x", scope="scim", authorized_by_name="x")
    refused("UPDATE oauth_connection SET domain_id = %s", operators.pk)
    refused("UPDATE oauth_connection SET domain_id = %s, domain_kind = 'operators'", operators.pk)
    refused("UPDATE directory_domain SET kind = 'operators' WHERE id = %s", acme.pk)


def test_an_operator_is_a_user_of_the_operators_domain(acme: Domain, alice: User, operators: Domain) -> None:
    for domain in (acme, operators):
        for kind in ("tenant", "operators"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Operator.objects.create(domain=domain, domain_kind=kind, user=alice)
    with transaction.atomic():
        Operator.objects.create(domain=operators, user=make_user(operators, "root"))
    refused("UPDATE directory_domain SET kind = 'tenant' WHERE id = %s", operators.pk)


def test_a_name_is_unique_in_its_domain_and_never_empty(acme: Domain) -> None:
    User.objects.create(domain=acme, user_name="Ann", user_name_key="ann")
    for name in ("ann", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(domain=acme, user_name=name, user_name_key=name)
