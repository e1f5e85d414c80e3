# One command does each thing; each sets up what it needs first. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PLUGINS := $(sort $(dir $(wildcard plugins/*/pyproject.toml)))
PACKAGES := gateway $(sort $(patsubst %/__init__.py,%,$(wildcard plugins/*/gateway_*/__init__.py)))
PROJECTS := pyproject.toml $(addsuffix pyproject.toml,$(PLUGINS))
# Two cores run the suite in about half the time of one; `make test PYTEST_ARGS=-x` for one after another.
PYTEST_ARGS ?= -n auto --dist worksteal
BENCHES := startup gate mapping files school store midnight adapters web
# `make bench BENCH_ARGS=--full` for memory at 100,000 cases; `--cases 1000` for a quick look, `--repeat 3` for a calm one.
BENCH_ARGS ?=

SBOM ?= build/sbom.json

.PHONY: sbom help demo test check interop browser tour campaign proof mutants api school-year bench setup format format-check lint types layers docs requirements clean

help:
	@grep -E '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## (.*)$$/make \1\t\2/' | expand -t 20

demo: $(VENV)/.ready-run ## the main job end to end on synthetic people, on the embedded store
	@$(BIN)/bti demo

test: $(VENV)/.ready-dev ## all the tests that this machine can carry; each skip says what it lacks
	@$(BIN)/pytest $(PYTEST_ARGS)

check: format-check lint types layers docs-check test ## format, lint, types, layers, docs drift, tests

interop: $(VENV)/.ready-dev ## against servers, validators and clients that others made
	@$(BIN)/pytest tests/interop -m "" -rs

browser: $(VENV)/.ready-dev ## the pages in Debian's Chromium: every page and flow, axe, widths; `ALL=1` in every language and scheme
	@BTI_BROWSER=$(if $(ALL),all) $(BIN)/pytest tests/browser -m browser -rs --timeout 300 $(BROWSER_ARGS)

tour: $(VENV)/.ready-dev ## pictures of every page at three widths, into docs/tour
	@$(BIN)/python -m tests.browser.tour

campaign: $(VENV)/.ready-dev ## the tests that take minutes: municipalities from many seeds (BTI_CAMPAIGN_SEEDS)
	@$(BIN)/pytest -m campaign -rs --timeout 1800 $(PYTEST_ARGS)

proof: $(VENV)/.ready-dev ## the gate's whole finite domain in two engines, with the theorems over it: minutes on all cores
	@PYTHONPATH=tests/proof:. $(BIN)/python tests/proof/whole.py

mutants: $(VENV)/.ready-dev ## small changes of the rules and the gate, each of which a test must notice: half an hour
	@PYTHONPATH=tests/proof:tests/core/gate:. $(BIN)/python tests/proof/killing.py

api: $(VENV)/.ready-dev ## schemathesis asks the API what its description promises, as each role (some minutes)
	@$(BIN)/pytest -m campaign -rP tests/web/test_api_description.py

school-year: $(VENV)/.ready-dev ## a school year of 5,000 children and 150 logs: how many tasks people get (some minutes)
	@$(BIN)/python -m tests.run.school_year

bench: $(VENV)/.ready-dev $(VENV)/bench/.ready ## the benchmarks, side by side with peers, one JSON line each
	@for name in $(BENCHES); do $(BIN)/python -m "benchmarks.$$name"; done
	@$(BIN)/python -m benchmarks.sync --peers $(VENV)/bench/bin/python $(BENCH_ARGS)

sbom: $(VENV)/.ready-dev ## the list of parts (CycloneDX) with hashes and licences, in build/sbom.json
	@$(BIN)/python .ci/sbom.py $(SBOM)

setup: $(VENV)/.ready-dev ## all that building and testing needs, in .venv

format: $(VENV)/.ready-dev ## write the code in the house's form
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check -q --fix-only .

.PHONY: docs-check
format-check: $(VENV)/.ready-dev
	@$(BIN)/ruff format --check -q .

lint: $(VENV)/.ready-dev ## ruff with everything on; exceptions stand in pyproject.toml with their reasons
	@$(BIN)/ruff check -q .

types: $(VENV)/.ready-dev ## mypy, strict, over the gateway and each plugin
	@$(BIN)/mypy --no-error-summary $(PACKAGES)

layers: $(VENV)/.ready-dev ## cli | web over run over store | sdk over core
	@$(BIN)/lint-imports --no-logo >$(VENV)/layers.txt || { cat $(VENV)/layers.txt; exit 1; }

docs: $(VENV)/.ready-dev ## write the generated pages and schemas anew
	@$(BIN)/python docs/generate.py

docs-check: $(VENV)/.ready-dev
	@$(BIN)/python docs/generate.py --check

requirements: $(VENV)/.ready-dev ## pin the newest of what requirements/*.in names, with hashes
	@for name in run build dev bench; do $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links --upgrade -o requirements/$$name.txt requirements/$$name.in; done

clean: ## throw away what building and testing left, the environment included
	@rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache build dist mutants .coverage

$(VENV)/bin/python:
	@.ci/environment $(VENV)

# What the gateway is measured beside wants other versions than ours, so it has an environment of its own.
$(VENV)/bench/.ready: requirements/bench.txt $(VENV)/.ready-dev
	@.ci/environment $(VENV)/bench
	@VIRTUAL_ENV=$(VENV)/bench $(BIN)/uv pip install --quiet --require-hashes -r requirements/bench.txt || \
	  $(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

$(VENV)/.ready-run: $(VENV)/bin/python requirements/run.txt requirements/build.txt $(PROJECTS)
	@.ci/install $(VENV) run $(PLUGINS)
	@touch $@

$(VENV)/.ready-dev: $(VENV)/bin/python requirements/dev.txt $(PROJECTS)
	@.ci/install $(VENV) dev $(PLUGINS)
	@touch $(VENV)/.ready-run $@
