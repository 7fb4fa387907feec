# Everything a newcomer, a curator or CI does here. Python 3.11, make and git are all that a machine needs.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve test coverage soak checks lint format bench bench-quick coverage-of-sources notebooks docs lock clean browser postgresql

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export SVSSV_HOME ?= var
HOST ?= 127.0.0.1
PORT ?= 8000
DESK_PORT ?= 8001

WEB := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/built/*' 2>/dev/null)
KNOWLEDGE := $(shell find ontology shapes data queries -type f 2>/dev/null)

help:  ## show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# An editable install runs the build hook, which compiles the web assets. The lock files are complete, so nothing is
# resolved: pip would take a newer release for a name with an extra, and then refuse it for want of a hash.
$(VENV)/.run: requirements.lock pyproject.toml hatch_build.py $(WEB)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing SVSSV into $(VENV) (once; about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing the development tools …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

$(SVSSV_HOME)/.built: $(VENV)/.run $(KNOWLEDGE)
	@test -f $(SVSSV_HOME)/home.json || $(BIN)/svssv init $(SVSSV_HOME)
	@$(BIN)/svssv release build --note "built by make from the files in data/"
	@touch $@

# Ctrl-C reaches the public site; when it ends, however it ends, the desk is told to end too.
serve: $(SVSSV_HOME)/.built  ## build a release from data/ and serve it at http://127.0.0.1:8000, the desk at 8001
	@$(BIN)/svssv serve --desk --port $(DESK_PORT) & desk=$$!; \
	trap 'kill $$desk 2>/dev/null; wait $$desk 2>/dev/null' EXIT; trap 'exit 130' INT; trap 'exit 143' TERM; \
	$(BIN)/svssv serve --host $(HOST) --port $(PORT)

# Chromium for the pages' tests: the machine's own, or Debian's. Without either those tests skip, and fail in CI.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { command -v apt-get >/dev/null && { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }; } \
	  || echo "No Chromium: the tests of the pages will be skipped (or fail in CI)."

# PostgreSQL for the ledger's tests, in the same way.
postgresql:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
	  || { command -v apt-get >/dev/null && { apt-get update -qq && apt-get install -y -qq postgresql >/dev/null; }; } \
	  || echo "No PostgreSQL: the ledger is tested on SQLite alone (or the tests fail in CI)."

test: $(VENV)/.dev browser postgresql  ## what every change has to pass, browsers included
	@$(BIN)/python -m pytest -n auto --dist loadscope -m "not soak"

coverage: $(VENV)/.dev browser postgresql  ## the same, and which lines no test reaches (slower)
	@$(BIN)/python -m pytest -n auto --dist loadscope --cov --cov-report=term:skip-covered -m "not soak"

soak: $(VENV)/.dev browser  ## the long forms of the tests
	@$(BIN)/python -m pytest -m soak

checks: $(VENV)/.dev browser  ## look at every kind of page in Chromium, and write down what was found in data/checks/
	@SVSSV_CHECKS=data/checks/pages.yaml $(BIN)/python -m pytest tests/browser/test_accessible.py tests/promises/test_safe_to_have_open.py -m "not soak"

lint: $(VENV)/.dev  ## style, types, floors, lock files
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.dev  ## put the Python files into the one layout
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.dev  ## time queries and checking beside their peers
	@$(BIN)/python -m benchmarks

bench-quick: $(VENV)/.dev  ## the same, few rounds and records
	@$(BIN)/python -m benchmarks --rounds 5 --records 50

coverage-of-sources: $(VENV)/.run  ## what of each document is recorded, section by section, and what is left out and why
	@$(BIN)/python -m taxonomy.sources

notebooks: $(VENV)/.dev $(SVSSV_HOME)/.built  ## run the notebooks in docs/ again, and keep what they show
	@SVSSV_HOME=$(abspath $(SVSSV_HOME)) $(BIN)/python docs/_ext/notebooks.py

docs: $(VENV)/.dev  ## build the documentation into build/docs
	@$(BIN)/sphinx-build --fail-on-warning --quiet docs build/docs
	@echo "Open build/docs/index.html"

# Needs uv on the PATH. Lock files hold names, versions and hashes, and no host.
lock:  ## renew the lock files from pyproject.toml
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet -o requirements.lock
	uv pip compile pyproject.toml --group dev --extra dask --extra pandas --extra polars --extra postgresql --extra reasoner --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet -o requirements-dev.lock

clean:  ## remove what was built (never the home in var/)
	rm -rf $(VENV) build dist web/built web/node_modules .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
