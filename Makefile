# Chorale: every target sets up what it needs. `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SAM_VENV := .venv-sam
SAM := $(SAM_VENV)/bin/sam
PYTEST := $(BIN)/python -m pytest
export SAM_CLI_TELEMETRY := 0
SOURCES := layers cli infra functions tests benchmarks

.DEFAULT_GOAL := help
.PHONY: help run demo build test test-fast equality check format lint types imports templates openapi \
        sam-build deploy bench bench-validation ci clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

$(READY): requirements.txt layers/dependencies/requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Chorale needs Python 3.11 or newer: $(PYTHON) was not found."; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Chorale needs Python 3.11 or newer: $(PYTHON) is $$($(PYTHON) -V 2>&1). Try make PYTHON=python3.13."; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Chorale needs Python's venv module: install it (Debian: apt install python3-venv)."; exit 2; }
	@echo "Installing the developer environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

build: $(READY) ## Build the layers and functions for this machine's Python
	@$(BIN)/python -m chorale_local.artefacts

run: $(READY) ## Start the hub on http://127.0.0.1:8000 (PORT=8899 for another)
	@exec $(BIN)/python -m chorale_local.run --port $(PORT)

demo: $(READY) ## Deposit, follow, treat: the main journey, replayed on the hub
	@$(BIN)/python -m chorale_local.demo --port $(PORT)

test: build $(SAM) ## Run all tests
	$(PYTEST) -m "not platform" -n 2 --dist loadfile
	$(PYTEST) -m platform

test-fast: build ## Run the tests that need no local platform
	$(PYTEST) -m "not platform and not slow"

equality: build ## Compare our rule engine with the official one on 5,000 mutants a rule set (long)
	CHORALE_MUTANTS=5000 $(PYTEST) tests/equality

format: $(READY) ## Format the code
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix --quiet $(SOURCES) || true

check: lint types imports templates ## Format, lint, types, import rules, templates

lint: $(READY)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)

types: build
	$(BIN)/mypy layers/chorale/chorale cli/chorale_cli infra/local/chorale_local

imports: $(READY)
	$(BIN)/lint-imports

templates: build
	$(PYTEST) tests/architecture

openapi: build ## Write infra/api/openapi.yaml again from the routes
	$(BIN)/python -m chorale.http.openapi --write infra/api/openapi.yaml

$(SAM): infra/sam.requirements.txt
	@echo "Installing the SAM CLI in $(SAM_VENV) ..."
	@$(PYTHON) -m venv $(SAM_VENV)
	@$(SAM_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r infra/sam.requirements.txt
	@touch $@

sam-build: $(READY) $(SAM) ## Build for AWS (python3.13, x86_64)
	$(SAM) validate --lint
	$(SAM) build

deploy: sam-build ## Deploy to AWS (ENV=sandbox, staging or production)
	$(SAM) deploy --config-env $(or $(ENV),sandbox)

bench: build ## Measure the hub: deposit to verdict, batches, AWS calls
	$(BIN)/python -m benchmarks.hub

bench-validation: build ## Measure validation against its peers
	$(BIN)/python -m benchmarks.validation

ci: export CHORALE_MUTANTS := 1000
ci: check $(SAM) ## What continuous integration runs (1,000 mutants a rule set)
	$(PYTEST) -m "not platform" -n 2 --dist loadfile
	$(PYTEST) -m platform

clean: ## Remove everything that was built, the environments and the local state
	rm -rf build .aws-sam .local-state $(VENV) .venv-platform $(SAM_VENV)
