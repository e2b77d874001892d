# Bellwether. `make` lists the targets; docs/ explains them.
SHELL := /bin/sh
BIN := .venv/bin
export PYTHON
.DEFAULT_GOAL := help
.PHONY: help run test lint lock calendar clean bench-lake

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: ## fetch, publish and serve: http://127.0.0.1:8000 (PORT, LAKE, FEED, UNIVERSE, ALPHA_VANTAGE_API_KEY)
	@python=$$(tools/setup.sh python) && exec "$$python" tools/run.py

test: ## set up and run every test
	@tools/setup.sh dev
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: ## ruff and mypy strict
	@tools/setup.sh dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

lock: ## resolve the requirements anew, with hashes
	@tools/setup.sh dev
	@tools/lock.sh

calendar: ## write the table of NYSE sessions anew
	@tools/setup.sh dev
	@$(BIN)/python tools/calendar_table.py

examples: ## write the examples of /openapi.json anew
	@$(BIN)/python -m tools.openapi_examples

bench-api: ## measure the API: a line a figure, and benchmarks/out/api.json
	@tools/setup.sh dev
	@$(BIN)/python -m benchmarks.api

clean: ## remove what was set up; lakes stay
	rm -rf .venv .venv-* site dist infra/.aws-sam .mypy_cache .ruff_cache .pytest_cache

bench-lake: ## measure builds of the lake: 2.5 million rows; FULL=1 adds 25 million
	@tools/setup.sh dev
	@$(BIN)/python -m benchmarks.lake

.PHONY: deploy destroy package e2e
deploy: ## into the AWS account of the environment (STACK, UNIVERSE, PARAMETERS, ALPHA_VANTAGE_API_KEY)
	@tools/setup.sh deploy
	@.venv-deploy/bin/python -m tools.deploy deploy

package: ## the functions' zips, the Glue release and the template into dist/, for other stacks
	@tools/setup.sh deploy
	@.venv-deploy/bin/python -m tools.package

destroy: ## out of it again; the lake stays (LAKE_TOO=yes removes it)
	@tools/setup.sh deploy
	@.venv-deploy/bin/python -m tools.deploy destroy

e2e: ## deploy onto an emulator on this machine, and ask what was deployed
	@tools/setup.sh dev
	@tools/setup.sh deploy
	@tools/setup.sh emulator
	@tools/setup.sh s3a
	@$(BIN)/python -m tests.e2e_aws

.PHONY: licences audit
licences: ## list the licence of every locked package in requirements/LICENCES.md
	@tools/setup.sh dev
	@$(BIN)/python -m tools.licences

audit: ## known vulnerabilities of the locked packages, and secrets in the history
	@tools/setup.sh dev
	@$(BIN)/python -m tools.audit
	@$(BIN)/python -m tools.secrets_in_history

.PHONY: fuzz
fuzz: ## hostile input for long: FUZZ times the cases of make test, and others each time (default 50)
	@tools/setup.sh dev
	@FUZZ=$${FUZZ:-50} $(BIN)/python -m pytest tests/hostile

.PHONY: soak
soak: ## load for SECONDS (default 60) while snapshots are published and rolled back beneath it
	@tools/setup.sh dev
	@SECONDS=$${SECONDS:-60} $(BIN)/python -m benchmarks.soak

.PHONY: bench-peers
bench-peers: ## against the original design, and against OpenBB, QuantStats, empyrical and ffn
	@tools/setup.sh dev
	@tools/setup.sh peers
	@$(BIN)/python -m benchmarks.peers

.PHONY: pictures
pictures: ## take the screenshots of the page in docs/ with Chromium
	@tools/setup.sh dev
	@$(BIN)/python -m tools.pictures

.PHONY: docs
docs: ## build the documentation site into site/
	@tools/setup.sh docs
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --strict
	@! grep -rEo '<(script|link|img|iframe)[^>]*(src|href)="https?:[^"]*"' site --include='*.html' || \
		{ echo "make docs: these pages load something from the internet" >&2; exit 1; }

.PHONY: docs-parts
docs-parts: ## write the generated parts of docs/ anew: metrics, costs, faults
	@tools/setup.sh dev
	@$(BIN)/python -m tools.reference_docs
	@$(BIN)/python -m tools.costs
	@$(BIN)/python -m tests.faults

.PHONY: dashboards
dashboards: ## build Grafana's dashboards and alert rules from the definition of the panels
	@tools/setup.sh dev
	@$(BIN)/python -m grafana

.PHONY: client
client: ## write the Python client into clients/python/, from the OpenAPI document
	@tools/setup.sh dev
	@$(BIN)/python -m tools.client
