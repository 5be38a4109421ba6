# Needs nothing but make and Python 3.11 or newer. Each target sets up .venv by itself, and only when a lock changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-input --no-compile --require-hashes

# What `make demo` plays; see demo/__main__.py.
export WEEKS MEMBERS SEED POPULATION

.DEFAULT_GOAL := help
.PHONY: help demo run test soak lint bench migrate clean

help:  ## say what can be done here
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.demo  ## play four weeks of a small community (WEEKS= MEMBERS= SEED= POPULATION=)
	@$(BIN)/python -m demo

run: $(VENV)/.demo  ## run the bot with the settings in .env
	@$(BIN)/python -m bot run --migrate

migrate: $(VENV)/.demo  ## bring the database to the current schema
	@$(BIN)/python -m bot migrate

test: $(VENV)/.dev  ## run every test
	$(BIN)/python -m pytest

soak: $(VENV)/.dev  ## the randomised tests at full length (about an hour)
	KITH_SOAK=1 $(BIN)/python -m pytest --timeout=7200 tests/privacy/test_profiles.py tests/crash/test_matrix.py \
		tests/crash/test_random_kills.py tests/house/test_fuzz.py

lint: $(VENV)/.dev  ## ruff, mypy, import-linter, deptry
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

bench: $(VENV)/.dev  ## measure what DESIGN promises
	@$(BIN)/python -m benchmarks

clean:  ## remove .venv and every cache
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kith needs Python 3.11 or newer: make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)

# The locked libraries of the bot and the demo; a quarter of what development needs.
$(VENV)/.demo: requirements-demo.lock | $(BIN)/python
	@echo "Setting up $(VENV) (once, about half a minute) …"
	@$(PIP) -r requirements-demo.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(BIN)/python
	@echo "Setting up $(VENV) for development (once, about half a minute) …"
	@$(PIP) -r requirements-dev.lock
	@touch $@ $(VENV)/.demo
