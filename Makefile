# A newcomer needs Python 3.11 or later and make: `make run` to see it work, `make test` to see it tested.
PYTHON ?= python3
BIN := .venv/bin
# Whoever starts Python a hundred times, as the tests do, wants it compiled once.
unexport PYTHONDONTWRITEBYTECODE
# A share of the tests for each core; one that has done its share takes from another's.
SHARED := -n auto --dist worksteal
run bench: export SECRET_KEY_FILE ?= $(CURDIR)/var/secret_key

.PHONY: help run test check browser pictures soak bench messages lock clean

help: ## Say what each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

run: .venv/ready var/secret_key ## Set up a demo, let the stand-in for Entra provision it, keep the server up
	@PUBLIC_URL=$(PUBLIC_URL) $(BIN)/python manage.py demo $(DEMO)

test: .venv/ready ## Every test but browser and soak, on SQLite and, where there is one, on PostgreSQL
	@PYTHON=$(BIN)/python ./tests/on_both.sh $(SHARED) -m "not browser and not soak"

check: .venv/ready ## Lint, format, types, import contracts, migrations, deployment checks, documentation
	@PYTHON=$(BIN)/python ./tests/check.sh

browser: .venv/ready ## The pages in a real Chromium
	@PYTHON=$(BIN)/python ./tests/in_browser.sh $(SHARED)

pictures: .venv/ready ## Every page, light and dark, wide and on a phone, into docs/pictures/pages/
	@PYTHON=$(BIN)/python ./tests/in_browser.sh -q tests/browser/pictures.py

soak: .venv/ready ## The long tests, seeded, with figures
	@PYTHON=$(BIN)/python ./tests/on_both.sh -m soak -s

bench: .venv/ready var/secret_key ## Beside its peers, into docs/performance.md (FULL=--full takes longer); then the main job with figures
	@PYTHON=$(BIN)/python ./bench/run.sh $(FULL)
	@PYTHON=$(BIN)/python ./bench/main_job.sh

messages: .venv/ready ## Bring the translations in locale/ in step with what the source says, and compile them
	@$(BIN)/python tests/catalog.py

lock: .venv/ready ## Resolve the dependencies anew, into requirements*.lock
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --upgrade --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra entra --group dev --universal --generate-hashes --no-header --no-annotate --upgrade --quiet --output-file requirements-dev.lock

clean: ## Remove the environment and the demo
	rm -rf .venv var

.venv/ready: requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed; name one with: make PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None'
	@echo "Building the environment in .venv (a minute, once) …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements-dev.lock
	@touch $@

var/secret_key:
	@mkdir -p var
	@umask 077 && $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))' > $@
