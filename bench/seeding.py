"""Fill our own database: one user and the groups are made by the product's own code, the crowd is copied in SQL.

A copy is what the product wrote with another number in it: keys, comparable twins and look-up rows included.
Needs django.setup() before it is imported.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management import call_command
from django.db import connection, models, transaction

from bench import people
from oauth.connections import Author
from oauth.keys import KeyTerms, generate_key
from scim.protocol.projection import default_projection
from scim.resources.catalogue import GROUP_RESOURCE, USER_RESOURCE
from scim.resources.resource import Resource
from scim.shelf import Shelf
from securelogin.directory import dialect as dialects
from securelogin.directory.credential import Actor, Tenant
from securelogin.directory.directory import Directory
from securelogin.directory.domains import create_domain
from securelogin.directory.models import Domain, User, UserLookup

TEMPLATE = "0" * people.DIGITS
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"


def main() -> None:
    """`seeding PEOPLE SIZE,SIZE…`: fill the database in DATABASE_URL and print an access key as JSON."""
    size, groups = int(sys.argv[1]), [int(each) for each in sys.argv[2].split(",")]
    print(json.dumps({"token": seed(size, groups)}))


def seed(size: int, groups: list[int]) -> str:
    """Make a domain with so many people, the spare ones, and groups of the first of them; return an access key."""
    call_command("migrate", verbosity=0)
    domain = create_domain("bench")
    _, key = generate_key(domain, KeyTerms("the benchmark"), Author(None, "the benchmark", None))
    template = _create(domain, USER_RESOURCE, people.user(people.user_name(0), 0))
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")  # a hundred thousand at once, on whatever machine
        for model in (User, UserLookup):
            cursor.execute(_copies(model), (size + people.SPARE - 1, _id(template)))
        cursor.execute(
            "UPDATE directory_counter SET value = value + %s WHERE counted = 'User'", (size + people.SPARE - 1,)
        )
    for count in groups:
        _fill(_create(domain, GROUP_RESOURCE, people.group(people.group_name(count))), count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return key


def _create(domain: Domain, resource: Resource, body: dict[str, Any]) -> str:
    directory = Directory(Tenant(domain.id, domain.name), Actor("command", "", "the benchmark"))
    shelf = Shelf(resource, directory, "http://127.0.0.1/scim/v2", lambda _sentence: None)
    created: str = shelf.create(body, default_projection(resource.schemas)).body["id"]
    return created


def _copies(model: type[models.Model]) -> str:
    """Return the statement that copies the template's rows; its parameters are how many, and the template's id."""
    fields = model._meta.concrete_fields  # noqa: SLF001  # Django documents it, underscore and all
    table = model._meta.db_table  # noqa: SLF001
    columns, values = ", ".join(str(field.column) for field in fields), ", ".join(_values(fields))
    mark = "id" if model is User else "user_id"
    return f"INSERT INTO {table} ({columns}) {_NUMBERS} SELECT {values} FROM {table} t, n WHERE t.{mark} = %s"  # noqa: S608


def _values(fields: Any) -> Iterator[str]:
    """Yield the expression that makes each column of a copy from the template's."""
    postgresql = connection.vendor == "postgresql"
    # In the form of our own ids, and ascending as they do.
    fresh = "('01900000-0000-7000-8000-' || lpad(to_hex(n.i), 12, '0'))::uuid"
    digits = f"lpad(n.i::text, {people.DIGITS}, '0')"
    if not postgresql:
        fresh, digits = "printf('01900000000070008000%%012x', n.i)", f"printf('%%0{people.DIGITS}d', n.i)"
    for field in fields:
        if field.column in {"id", "user_id"}:
            yield fresh
        elif isinstance(field, models.JSONField) and postgresql:
            yield f"replace(t.{field.column}::text, '{TEMPLATE}', {digits})::jsonb"
        elif isinstance(field, models.TextField | models.JSONField):
            yield f"replace(t.{field.column}, '{TEMPLATE}', {digits})"
        else:
            yield f"t.{field.column}"


def _fill(group_id: str, count: int) -> None:
    """Make the first people members of the group."""
    chosen = f"SELECT u.domain_id, {dialects.current().id_parameter}, u.id FROM directory_user u"  # noqa: S608  # no client's text
    sql = f"INSERT INTO directory_membership (domain_id, group_id, user_id) {chosen} ORDER BY u.user_name_key LIMIT %s"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, (_id(group_id), count))


def _id(text: str) -> Any:
    return dialects.current().id(text)
