# Everything starts here; `make` lists the targets. PYTHON names another interpreter, such as PYTHON=python3.13.
# The database's wheels exist for Python 3.11 to 3.14.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c '$(FITS)' 2>/dev/null && echo $$name && break; done)
endif
BIN := .venv/bin
# The directory of the system's PostgreSQL, installed where it is missing; GEVINST_TEST_POSTGRES names another.
SERVER_POSTGRES = $(BIN)/python -m tests.support.server_postgres
# A file's tests stay together, on a core with a database of its own.
PYTEST := $(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help run demo test test-server check format bench clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1 /p' $(MAKEFILE_LIST) | while read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

run: .venv/runtime.stamp ## Start everything on http://127.0.0.1:8080 and stay in front
	@exec $(BIN)/gevinst up

demo: .venv/runtime.stamp ## Play the story on real projects in a temporary home
	@exec $(BIN)/gevinst demo

test: .venv/dev.stamp ## Run the tests, and those that ask a database once more on the system's PostgreSQL
	@$(PYTEST)
	@postgres=$$($(SERVER_POSTGRES)) && echo "Once more on $$postgres, what asks a database:" && \
		GEVINST_TEST_POSTGRES=$$postgres $(PYTEST) --database

test-server: .venv/dev.stamp ## Run every test on the system's PostgreSQL
	@postgres=$$($(SERVER_POSTGRES)) && GEVINST_TEST_POSTGRES=$$postgres $(PYTEST)

check: .venv/dev.stamp ## Format, lint, types, import contracts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

format: .venv/dev.stamp ## Write the code in the one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev.stamp ## Measure against the bare limit
	@exec $(BIN)/python -m bench

clean: ## Remove the environment and all caches; the data in .gevinst stays
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is as old as the installation that it stands for; a changed lock is newer and installs again.
# What builds the project is locked too, so pip fetches nothing by itself.
.venv/runtime.stamp: requirements/build.txt requirements/runtime.txt pyproject.toml | .venv/made.stamp
	@echo "Installing what Gevinst needs (about a minute the first time) …"
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements/build.txt requirements/dev.txt pyproject.toml | .venv/made.stamp
	@echo "Installing what development needs (about a minute the first time) …"
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/made.stamp:
	@$(or $(PYTHON),false) -c '$(FITS)' 2>/dev/null || \
		{ echo "Gevinst needs Python 3.11 to 3.14: install it, or name it, as in: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing: install it (on Debian and Ubuntu: apt install python3-venv)."; exit 1; }
	@$(PYTHON) -m venv .venv && touch $@
