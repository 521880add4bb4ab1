#!/bin/sh
# Run pytest with these arguments on SQLite, then on PostgreSQL: the one in TEST_DATABASE_URL, one that answers on
# this machine, or a throw-away cluster. Says so where there is none; REQUIRE_POSTGRESQL=true makes that a failure.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python}

echo "== SQLite"
DATABASE_URL=sqlite:///:memory: "$PYTHON" -m pytest "$@"

url=$("$PYTHON" tests/postgresql.py start)
trap '"$PYTHON" tests/postgresql.py stop' EXIT
if [ -n "$url" ]; then
    echo "== PostgreSQL"
    DATABASE_URL=$url "$PYTHON" -m pytest "$@"
elif [ "${REQUIRE_POSTGRESQL:-false}" = true ]; then
    echo "No PostgreSQL to test on: set TEST_DATABASE_URL, start a server, or install one." >&2
    exit 1
else
    echo "== PostgreSQL: skipped, none here (set TEST_DATABASE_URL, start a server, or install one)"
fi
