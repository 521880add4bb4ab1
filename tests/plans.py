"""How the database would run a statement."""

from django.db import connection


def explained(sql: str) -> list[str]:
    """Return the steps of the plan, inside a transaction.

    PostgreSQL weighs reading all of a table against an index by their pages. A test's tables have few, and their
    indexes as many more as other tests left behind; so a page of an index costs here what one in memory does, as nearly
    all are in production.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL random_page_cost = 1.1")
        cursor.execute(f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {sql}")
        return [str(row[-1]) for row in cursor.fetchall()]
