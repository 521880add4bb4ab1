#!/bin/sh
# Run pytest with these arguments on SQLite, then on PostgreSQL: the one in TEST_DATABASE_URL, a throw-away cluster, or
# one that answers on this machine. Says so where there is none; REQUIRE_POSTGRESQL=true makes that a failure.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python}

echo "== SQLite"
DATABASE_URL=sqlite:///:memory: "$PYTHON" -m pytest "$@"

cluster=${TMPDIR:-/tmp}/securelogin-postgresql-$$
trap '"$PYTHON" -m tests.postgresql stop "$cluster"' EXIT
url=$("$PYTHON" -m tests.postgresql start "$cluster")
if [ -n "$url" ]; then
    echo "== PostgreSQL"
    DATABASE_URL=$url "$PYTHON" -m pytest "$@"
elif [ "${REQUIRE_POSTGRESQL:-false}" = true ]; then
    echo "No PostgreSQL to test on: set TEST_DATABASE_URL, install one, or start a server." >&2
    exit 1
else
    echo "== PostgreSQL: skipped, none here (set TEST_DATABASE_URL, install one, or start a server)"
fi
