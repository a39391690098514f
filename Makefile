# Istmo. `make demo` and `make test` set themselves up in a fresh clone.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test simulate torture check format setup clean-demo typed-client

help: ## list what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Istmo needs Python 3.11 or newer; give one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(READY)

setup: $(READY) ## make the virtual environment and install everything into it

demo: $(READY) ## an order becomes an authorised invoice, on this machine, without a network
	@$(BIN)/python -m examples.demo

WORKERS ?= 2
test: $(READY) ## all tests; those of PostgreSQL and Redis skip where there is none (WORKERS=4 for more at a time)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

SIMULATE ?=
simulate: $(READY) ## a long simulation with a progress bar, and the page made from it (SIMULATE='--seed 7 --cores 4')
	$(BIN)/istmo simulate --documents 30000 --summary docs/reliability-run.json $(SIMULATE)
	$(BIN)/python -m tests.docs.reliability_page

TORTURE ?=
torture: $(READY) ## kill -9 of real processes 300 times under load and faults (TORTURE='--seed 7 --kills 60')
	$(BIN)/python -m tests.torture $(TORTURE)

check: $(READY) ## lint, format, types, import contracts and tests of architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy examples
	MYPYPATH=plugins/pytest-istmo $(BIN)/mypy --strict --config-file= plugins/pytest-istmo/pytest_istmo
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/architecture

format: $(READY) ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

typed-client: ## generate the client of examples/typed_client anew, with a generator in an environment of its own
	$(PYTHON) -m venv .venv-codegen
	.venv-codegen/bin/pip install --quiet --disable-pip-version-check -r examples/typed_client/requirements.txt
	.venv-codegen/bin/ariadne-codegen --config examples/typed_client/codegen.toml client

clean-demo: ## forget what the demo left behind
	rm -rf var/demo
