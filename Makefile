# make run       serve the page (creates .venv on the first call)
# make models    fetch SmolLM2, a chat model, for the pair smollm2-135m
# make check     lint, types, and the tests that take seconds
# make test      lint, types, then every test; browser tests need a Chromium
# make lint      style; make fix repairs what can be repaired
# make coverage  every test, and which lines none of them ran
# make setup     only create .venv with everything that the tests need

VENV := .venv
BIN := $(VENV)/bin
# The first Python on the PATH that is new enough; `make run PYTHON=…` names another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

# Processes that share the tests; a group of tests stays in one (tests/conftest.py).
WORKERS ?= 2
SHARED := -n $(WORKERS) --dist loadgroup --no-loadscope-reorder

.PHONY: run models check test coverage lint types fix setup

run: $(VENV)/runtime.stamp
	$(BIN)/python app.py

models: $(VENV)/runtime.stamp
	$(BIN)/python -m pip install --quiet -r requirements-gguf.txt
	$(BIN)/python -m specdec models fetch smollm2-135m

check: lint types
	$(BIN)/python -m pytest $(SHARED) tests/unit tests/web

test: lint types
	$(BIN)/python -m pytest $(SHARED)

coverage: setup
	$(BIN)/python -m pytest $(SHARED) --cov --cov-report=term

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@if [ -d node_modules ]; then npm run --silent check; \
	else echo "The scripts were not linted: npm ci installs what that needs."; fi

types: setup
	$(BIN)/mypy

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: $(VENV)/dev.stamp

# The stamps make the second call fast: pip runs again only when a list of requirements has changed.
$(VENV)/runtime.stamp: requirements.txt
	@test -n "$(PYTHON)" || { echo "specdec needs Python 3.11 or newer, and none was found." >&2; exit 1; }
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: $(VENV)/runtime.stamp requirements-dev.txt requirements-gguf.txt
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	@touch $@
