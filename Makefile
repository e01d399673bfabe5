# Chorale: every target sets up what it needs. `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
RUNNABLE := $(VENV)/.runnable
READY := $(VENV)/.ready
SAM_VENV := .venv-sam
AUDIT_VENV := .venv-audit
SAM := $(SAM_VENV)/bin/sam
AUDIT := $(AUDIT_VENV)/bin/pip-audit
CHECKOV_VENV := .venv-checkov
CHECKOV := $(CHECKOV_VENV)/bin/checkov
PYTEST := $(BIN)/python -m pytest
export SAM_CLI_TELEMETRY := 0
SOURCES := layers cli infra functions tests benchmarks tools

.DEFAULT_GOAL := help
.PHONY: help run stop reset demo build test test-fast equality crashes check format lint types imports templates generate \
        generated openapi examples lock audit audit-templates secrets sam-build deploy bench bench-validation ci clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

# What the hub needs, and all that a developer needs: one environment, the second a larger one.
$(RUNNABLE): infra/local/requirements.txt layers/dependencies/requirements.txt pyproject.toml infra/local/set_up.py
	$(call set-up,run)
	@touch $@

$(READY): requirements.txt infra/local/requirements.txt layers/dependencies/requirements.txt pyproject.toml infra/local/set_up.py
	$(call set-up,all)
	@touch $(RUNNABLE) $@

define set-up
	@command -v $(PYTHON) >/dev/null || { echo "Chorale needs Python 3.11 or newer: $(PYTHON) was not found."; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Chorale needs Python 3.11 or newer: $(PYTHON) is $$($(PYTHON) -V 2>&1). Try make PYTHON=python3.13."; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Chorale needs Python's venv module: install it (Debian: apt install python3-venv)."; exit 2; }
	@echo "Setting up (once) ..."
	@$(PYTHON) infra/local/set_up.py $(1)
endef

build: $(READY) ## Build the layers and functions for this machine's Python, and the bill of what is shipped
	@$(BIN)/python -m chorale_local.artefacts
	@$(BIN)/python -m tools.packages --bill

run: $(RUNNABLE) ## Start the hub on http://127.0.0.1:8000 (PORT=8899 for another; HOST=0.0.0.0 for containers)
	@exec $(BIN)/python -m chorale_local.run --port $(PORT) --host $(HOST) $(addprefix --name ,$(NAME))

stop: $(RUNNABLE) ## Stop the hub of this folder
	@$(BIN)/python -m chorale_local.run --stop

reset: $(RUNNABLE) ## Stop the hub of this folder and remove its data
	@$(BIN)/python -m chorale_local.run --reset

demo: $(RUNNABLE) ## Deposit, follow, treat: the main journey, replayed on the hub
	@$(BIN)/python -m chorale_local.demo --port $(PORT)

test: build $(SAM) ## Run all tests
	$(PYTEST) -m "not platform" -n 2 --dist loadfile
	$(PYTEST) -m platform

test-fast: build ## Run the tests that need no local platform
	$(PYTEST) -m "not platform and not slow"

equality: build ## Compare our rule engine with the official one on 5,000 mutants a rule set (long)
	CHORALE_MUTANTS=5000 $(PYTEST) tests/equality

crashes: build ## Stop every use case that writes at every one of its calls to AWS (long)
	$(PYTEST) tests/integration/crashes -n 2 --dist worksteal

format: $(READY) ## Format the code
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix --quiet $(SOURCES) || true

check: lint types imports generated secrets templates ## Format, lint, types, import rules, generated files, secrets, templates

lint: $(READY)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)

types: build
	$(BIN)/mypy layers/chorale/chorale cli/chorale_cli infra/local/chorale_local functions tests tools benchmarks

imports: $(READY)
	$(BIN)/lint-imports

secrets: $(READY) ## Look for keys and passwords of others' services in what git knows
	@git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook $(addprefix --disable-plugin ,$(NO_SIGN_OF_A_SECRET))

# They take digests, examples and test words for secrets: hundreds of times here, never rightly.
NO_SIGN_OF_A_SECRET := Base64HighEntropyString HexHighEntropyString KeywordDetector IPPublicDetector

templates: build
	$(PYTEST) tests/architecture

generate: build ## Write every file again that is made from tables and routes
	$(BIN)/python -m tools.generate

generated: build
	$(BIN)/python -m tools.generate --check

openapi: build ## Write the description of the API to build/openapi.json, for tools (the hub serves it at /docs/openapi.json)
	$(BIN)/python -m chorale.apidoc.openapi --write build/openapi.json

examples: build ## Write again the examples that are made from others
	@$(BIN)/python -m chorale_local.example_files

lock: $(READY) ## Pin the packages of the dependencies layer by hash, after a change of its short list
	$(BIN)/python -m tools.packages --lock

$(AUDIT): infra/audit.requirements.txt
	@echo "Installing pip-audit in $(AUDIT_VENV) ..."
	@$(PYTHON) -m venv $(AUDIT_VENV)
	@$(AUDIT_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r infra/audit.requirements.txt
	@touch $@

audit: $(AUDIT) ## Ask the advisories of PyPI about what is shipped and about what runs on a laptop
	$(AUDIT) --strict --no-deps --disable-pip --require-hashes -r layers/dependencies/requirements.lock
	$(AUDIT) --strict --no-deps --disable-pip -r infra/local/requirements.txt

$(CHECKOV): infra/checkov.requirements.txt
	@echo "Installing checkov in $(CHECKOV_VENV) ..."
	@$(PYTHON) -m venv $(CHECKOV_VENV)
	@$(CHECKOV_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r infra/checkov.requirements.txt
	@touch $@

audit-templates: $(CHECKOV) ## Ask checkov about the templates; what it is not asked is in infra/decisions/audit-2026-12-01.md
	$(CHECKOV) --config-file infra/checkov.conf --file template.yaml infra/*.yaml infra/capabilities/*.yaml

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
ci: export CHORALE_CRASHES_EVERY := 6
ci: check $(SAM) ## What continuous integration runs (1,000 mutants a rule set, one crash point in six)
	$(PYTEST) -m "not platform" -n 2 --dist loadfile
	$(PYTEST) -m platform

clean: ## Remove everything that was built, the environments and the local state
	rm -rf build .aws-sam .local-state $(VENV) $(SAM_VENV) $(AUDIT_VENV) $(CHECKOV_VENV)
