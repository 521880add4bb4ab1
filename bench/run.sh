#!/bin/sh
# Measure this server beside its peers and a bare view, on PostgreSQL and, against itself, on SQLite.
# Needs npm for one of the peers and a package index for both; `run.sh --full` takes longer rounds.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python}
cluster=${TMPDIR:-/tmp}/securelogin-postgresql-$$
trap '"$PYTHON" -m tests.postgresql stop "$cluster"' EXIT
admin=$("$PYTHON" -m tests.postgresql start "$cluster" --answering)
if [ -z "$admin" ]; then
    echo "There is no PostgreSQL to measure on: set TEST_DATABASE_URL, start a server, or install one." >&2
    exit 1
fi
"$PYTHON" -m bench "$admin" "$@"
