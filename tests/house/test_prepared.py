"""Statements that repeat are prepared once a connection, and fail as any other does."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from securelogin.postgresql import prepared

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL"),
]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    connection.close()
    yield
    connection.close()


def run(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    wrapper: Any = connection
    rows: list[tuple[Any, ...]] = wrapper.run(sql, parameters)
    return rows


def names() -> set[str]:
    """Return the statements that the server keeps prepared for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall()}


def test_a_statement_is_prepared_when_it_comes_again() -> None:
    for number in range(4):
        assert run("SELECT %s::int, '50 %%'", number) == [(number, "50 %")]
        assert len(names()) == min(number, 1)


def test_another_type_is_another_statement() -> None:
    for value in (1, "1", 1, "1", 2**40, 2**40):
        assert run("SELECT %s::text", value) == [(str(value),)]
    assert len(names()) == 3


def test_what_is_prepared_outlasts_a_rollback() -> None:
    for _ in range(2):
        run("SELECT 1 WHERE %s", True)
    with transaction.atomic():
        run("SELECT 2 WHERE %s", True)
        transaction.set_rollback(True)
    assert run("SELECT 1 WHERE %s", True) == [(1,)]
    assert len(names()) == 1


def test_a_transaction_begins_with_its_first_statement_and_ends_as_it_should() -> None:
    with transaction.atomic():
        run("CREATE TABLE passing (id int)")
        assert connection.connection.info.transaction_status.name == "INTRANS"
        transaction.set_rollback(True)
    assert run("SELECT to_regclass('passing')") == [(None,)]


def test_failures_are_djangos_and_leave_the_connection_usable() -> None:
    run("CREATE TEMPORARY TABLE once (id int PRIMARY KEY)")
    assert run("INSERT INTO once VALUES (%s)", 1) == []
    for _ in range(3):
        with pytest.raises(IntegrityError, match="once_pkey"):
            run("INSERT INTO once VALUES (%s)", 1)
    with pytest.raises(DataError, match="division by zero"):
        run("SELECT 1 / %s::int", 0)
    with pytest.raises(DataError, match="NUL"):
        run("SELECT %s::text", "\x00")
    assert run("SELECT count(*) FROM once") == [(1,)]


def test_a_lost_connection_is_an_operational_error_and_the_next_begins_anew() -> None:
    for _ in range(2):
        run("SELECT %s::int", 1)
    with pytest.raises(OperationalError):
        run("SELECT pg_terminate_backend(pg_backend_pid())")
    assert connection.connection.closed
    connection.close_if_unusable_or_obsolete()
    assert [run("SELECT %s::int", 1) for _ in range(3)] == [[(1,)]] * 3


def test_what_a_migration_has_changed_is_prepared_anew() -> None:
    run("CREATE TEMPORARY TABLE wide (a int)")
    for _ in range(2):
        assert run("SELECT * FROM wide") == []
    run("ALTER TABLE wide ADD COLUMN b int")
    with pytest.raises(Exception, match="cached plan"):
        run("SELECT * FROM wide")
    assert [run("SELECT * FROM wide") for _ in range(3)] == [[]] * 3


def test_no_connection_keeps_statements_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST", 3)
    for number in range(10):
        for _ in range(2):
            assert run(f"SELECT {number}") == [(number,)]
        assert len(names()) <= 3


def test_behind_a_pooler_nothing_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    for _ in range(3):
        assert run("SELECT %s::int", 1) == [(1,)]
    assert names() == set()
