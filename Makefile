# `make run` and `make test` need only make and Python >= 3.11: everything else is put into .venv, checked by hash.
PORT    ?= 8000
WORKERS ?= 2
BIN     := .venv/bin
UV      := $(BIN)/uv pip install --quiet --python $(BIN)/python
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
           --no-emit-index-url --no-annotate --no-header
PYTEST  := $(BIN)/python -m pytest

# What a shell may carry about another Python must not reach this one.
unexport VIRTUAL_ENV CONDA_PREFIX PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONDONTWRITEBYTECODE PYTHONWARNINGS
unexport PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV UV_PYTHON UV_SYSTEM_PYTHON UV_PROJECT_ENVIRONMENT

.PHONY: help run demo test lint format bench soak pictures migration lock clean packages
.NOTPARALLEL:

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

run: .venv/.run ## everything on http://127.0.0.1:8000 (PORT=), with demonstration data when the database is empty
	@$(BIN)/eventsys serve --demo --port $(PORT)

demo: .venv/.run ## fill the database in var/ with demonstration data
	@$(BIN)/eventsys demo

test: .venv/.test packages lint ## lint and all tests but the long ones (ARGS= for pytest; --clock in tests/clock.py)
	$(PYTEST) -m "not soak" -n $(WORKERS) --dist worksteal $(ARGS)

soak: .venv/.test packages ## the long fault, race and fuzz tests, 15 minutes at most
	$(PYTEST) -m soak --timeout=1200 $(ARGS)

lint: .venv/.test ## ruff, mypy, and the floors that imports may cross
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.test ## put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/.test packages ## speed, each figure beside its floor; also var/bench.json
	$(BIN)/python -m tests.benchmarks

pictures: .venv/.test packages ## the pictures in README.md, from the demonstration
	$(BIN)/python -m tests.pictures

migration: .venv/.run ## a new migration from the models (name=...)
	$(BIN)/eventsys db migrate $(or $(name),$(error say name=what_it_does))

lock: .venv/.run ## newest versions inside pyproject.toml's ranges, locked with hashes
	$(COMPILE) --upgrade --extra dev pyproject.toml -o deploy/requirements-dev.lock
	$(COMPILE) --upgrade -c deploy/requirements-dev.lock pyproject.toml -o deploy/requirements.lock
	$(COMPILE) --upgrade -c deploy/requirements-dev.lock deploy/bootstrap.in -o deploy/bootstrap.lock

clean: ## remove what was made, but not var/, where the data lies
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

packages: .venv/.test
	@sh deploy/debian.sh test

.venv/.run: deploy/bootstrap.lock deploy/requirements.lock pyproject.toml
	@sh deploy/python.sh
	@echo "Installing the dependencies of deploy/requirements.lock"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/bootstrap.lock
	@$(UV) --compile-bytecode --require-hashes -r deploy/requirements.lock
	@$(UV) --no-deps --no-build-isolation --editable .
	@rm -rf .venv/lib/python3.*/site-packages/eventsys  # copies of templates/ and others, meant for a wheel, soon stale
	@sh deploy/debian.sh run
	@touch $@

.venv/.test: .venv/.run deploy/requirements-dev.lock
	@echo "Installing the tools of deploy/requirements-dev.lock"
	@$(UV) --compile-bytecode --require-hashes -r deploy/requirements-dev.lock
	@touch $@
