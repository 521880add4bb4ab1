"""What SQLite's planner is told, and that it is: of every index, after every migration."""

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL looks for itself"),
]


def told() -> dict[str, list[int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx, stat FROM sqlite_stat1")
        return {index: [int(figure) for figure in stat.split()] for index, stat in cursor.fetchall()}


def test_every_index_is_told_of() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.name, (SELECT count(*) FROM pragma_index_info(i.name)) FROM sqlite_schema t"
            " JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
        )
        columns = dict(cursor.fetchall())
    assert {index: len(figures) - 1 for index, figures in told().items()} == columns


def test_more_columns_leave_fewer_rows_and_a_key_leaves_one() -> None:
    assert all(figures == sorted(figures, reverse=True) and figures[-1] >= 1 for figures in told().values())
    assert told()["user_external_id"] == [1_000_000, 100_000, 10]
    assert told()["membership_by_user"] == [1_000_000, 100_000, 10]
    assert told()["entry_failed"] == [10_000, 1_000, 1]


def test_what_is_told_is_told_again_after_a_migration() -> None:
    before = told()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as somebody may do by hand
    assert told() != before
    call_command("migrate", verbosity=0)
    assert told() == before
