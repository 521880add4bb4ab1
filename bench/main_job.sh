#!/bin/sh
# The main job with figures: the stand-in presses Authorize and syncs, in both dialects, on each database.
# Sizes: USERS GROUPS MEMBERSHIPS from the environment; databases: SQLite, and PostgreSQL where there is one.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python}
USERS=${USERS:-1000} GROUPS_=${GROUPS_:-50} MEMBERSHIPS=${MEMBERSHIPS:-10000}
export LOGBOOK_IN_BACKGROUND=true
work=$(mktemp -d)
cluster=${TMPDIR:-/tmp}/securelogin-postgresql-$$
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    "$PYTHON" -m tests.postgresql stop "$cluster"
    rm -rf "$work"
}
trap finish EXIT

field() { "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

# sync NAME DIALECT: one domain, one connection, one whole run against the database in DATABASE_URL
sync() {
    PORT=$("$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    export PUBLIC_URL="http://127.0.0.1:$PORT"
    printf '\n== %s, dialect %s\n' "$1" "$2"
    "$PYTHON" manage.py migrate --verbosity 0
    "$PYTHON" manage.py create_domain "bench$2" --json >/dev/null
    ENTRA_PASSWORD=$("$PYTHON" manage.py create_manager "bench$2" owner@bench.example --json | field password)
    client=$("$PYTHON" manage.py create_client --json)
    ENTRA_CLIENT_SECRET=$(echo "$client" | field client_secret)
    export ENTRA_PASSWORD ENTRA_CLIENT_SECRET
    "$PYTHON" -m granian --interface wsgi --host 127.0.0.1 --port "$PORT" --workers 2 --blocking-threads 2 \
        --log-level warning securelogin.wsgi:application &
    server=$!
    until "$PYTHON" -c "import urllib.request as u; u.urlopen('$PUBLIC_URL/readyz')" 2>/dev/null; do sleep 0.2; done
    "$PYTHON" -m entra "$PUBLIC_URL/scim/v2" --authorize "$PUBLIC_URL/oauth/authorize" \
        --token-url "$PUBLIC_URL/oauth/token" --client-id "$(echo "$client" | field client_id)" \
        --domain "bench$2" --username owner@bench.example --dialect "$2" --quiet --seed 7 \
        --users "$USERS" --groups "$GROUPS_" --memberships "$MEMBERSHIPS"
    kill "$server"; wait "$server" 2>/dev/null || true
    server=
}

for dialect in legacy scim; do
    DATABASE_URL=sqlite:///$work/$dialect.sqlite3; export DATABASE_URL
    sync SQLite "$dialect"
done

admin=$("$PYTHON" -m tests.postgresql start "$cluster" --answering)
if [ -z "$admin" ]; then
    echo "== PostgreSQL: skipped, none here"
    exit 0
fi
name=securelogin_bench_$$
"$PYTHON" bench/database.py create "$admin" "$name"
DATABASE_URL="${admin%/*}/$name"; export DATABASE_URL
for dialect in legacy scim; do
    sync PostgreSQL "$dialect"
done
"$PYTHON" bench/database.py drop "$admin" "$name"
