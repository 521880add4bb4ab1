#!/bin/sh
# Everything that reads the code instead of running it. The first failure ends it.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python}
BIN=$(dirname "$PYTHON")
export DJANGO_SETTINGS_MODULE=tests.settings

echo "== lint";               "$BIN/ruff" check .
echo "== format";             "$BIN/ruff" format --check --quiet .
echo "== types";              "$BIN/mypy"
echo "== import contracts";   "$BIN/lint-imports"
echo "== migrations";         "$PYTHON" manage.py makemigrations --check --dry-run
echo "== deployment";         PUBLIC_URL=https://login.example.com BEHIND_PROXY=true TRUSTED_PROXIES=1 DATABASE_URL=postgresql://app@db/app "$PYTHON" manage.py check --deploy --fail-level WARNING
echo "== lock";               "$PYTHON" tests/check_lock.py
echo "== documentation";      "$PYTHON" -m pytest -q tests/docs
