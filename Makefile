# Attest. `make help` lists what can be made; `make demo` is the place to start.
PORT ?= 8000
PYTHON ?=
RUN := .venv/bin/
# The recipe's own make: should it be killed, the demo ends too.
DEMO := ATTEST_PARENT=$$PPID exec $(RUN)python -m config.demo --port $(PORT)

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test check prove bench bench-full lock venv venv-dev

help:  ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 14

demo: venv  ## run the Online Safety Bill campaign on http://localhost:8000/ (PORT=8001 for another)
	@$(DEMO)

demo-reset: venv  ## the same, without anything that was edited
	@$(DEMO) --reset

TESTS := $(RUN)pytest -n auto --dist loadfile

test: venv-dev  ## run the quick tests
	@$(TESTS) -m "not slow and not long and not browser and not verapdf"

check: venv-dev  ## run all that has to pass: every test but the slow suites, and every linter
	@$(TESTS) -m "not slow"
	@$(RUN)ruff check
	@$(RUN)ruff format --check
	@$(RUN)mypy .
	@$(RUN)lint-imports
	@$(RUN)python manage.py makemigrations --check --dry-run
	@find templates -name '*.html' -exec $(RUN)djade --check {} +

prove: venv-dev  ## run the slow suites: races, faults, mutants and crawls
	@$(TESTS) -m slow --deselect tests/prove/test_guards.py
	@$(RUN)pytest -m slow tests/prove/test_guards.py

bench: venv-dev  ## measure, in one table
	@$(RUN)python -m benchmarks

bench-full: venv-dev  ## measure everything
	@$(RUN)python -m benchmarks --full

# Without uv's own configuration and without addresses, so that the files say the same everywhere.
LOCK := $(RUN)uv pip compile pyproject.toml --quiet --no-config --universal --python-version 3.12 \
	--generate-hashes --no-annotate --no-header

lock: venv-dev  ## choose the newest versions that work together, with their hashes
	@$(LOCK) --upgrade --output-file deploy/requirements.txt
	@$(LOCK) --upgrade --group dev --constraint deploy/requirements.txt \
		--output-file deploy/requirements-dev.txt

venv:
	@PYTHON="$(PYTHON)" sh deploy/setup.sh deploy/requirements.txt

venv-dev:
	@PYTHON="$(PYTHON)" sh deploy/setup.sh deploy/requirements-dev.txt
