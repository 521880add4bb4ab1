"""Create or drop a database for a measurement: database.py create|drop ADDRESS NAME."""

import sys

import psycopg
from psycopg import sql

STATEMENTS = {"create": "CREATE DATABASE {}", "drop": "DROP DATABASE {} WITH (FORCE)"}

if __name__ == "__main__":
    verb, address, name = sys.argv[1:]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL(STATEMENTS[verb]).format(sql.Identifier(name)))
