# Two commands do everything: `make run` and `make test`. The rest are their parts.
PYTHON ?= python3

VENV := .venv
CLIENTS := .venv-clients
GRAPHIQL := edge/graphiql
STAMP := .installed

.DEFAULT_GOAL := help
.PHONY: help run test check format schema release-schema graphiql screenshot fuzz bench bench-soak test-deps \
  reset lock clean

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: $(VENV)/$(STAMP) ## Serve GraphQL on the embedded sandbox (HOST, PORT, WORKERS)
	@$(MAKE) --question graphiql || $(GRAPHIQL)/build || echo "The service runs all the same." >&2
	@exec $(VENV)/bin/python app.py

test: check $(CLIENTS)/$(STAMP) ## Check format, lint and types, then run every test
	@$(VENV)/bin/python -m pytest

fuzz: $(VENV)/$(STAMP)-test $(CLIENTS)/$(STAMP) ## Ask the service whatever fits its schema, for two minutes
	@FUZZ_SECONDS=120 $(VENV)/bin/python -m pytest tests/service/test_fuzz.py -s

bench: $(VENV)/$(STAMP) ## Measure beside other servers (BENCH="--quick --only ours,mercurius", PYTHON_BENCH)
	@$(VENV)/bin/python -m bench $(if $(PYTHON_BENCH),--python $(PYTHON_BENCH)) $(BENCH)

bench-soak: ## Run 200,000 operations, watching memory
	@$(MAKE) --no-print-directory bench BENCH="--parts soak $(BENCH)"

check: $(VENV)/$(STAMP)-test ## Check format, lint and types
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy

format: $(VENV)/$(STAMP)-test ## Format the code and mend what the linter can
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

schema: $(VENV)/$(STAMP) ## Write the schema as clients see it to schema/schema.graphql
	@$(VENV)/bin/python -m schema > schema/schema.graphql.new && mv schema/schema.graphql.new schema/schema.graphql

release-schema: schema ## Accept the schema as the release that later ones must not break (schema/released.graphql)
	@cp schema/schema.graphql schema/released.graphql

graphiql: $(GRAPHIQL)/dist/index.html ## Build GraphiQL, if anything of it has changed (needs Node)

screenshot: $(VENV)/$(STAMP)-test graphiql ## Take README's picture of GraphiQL anew (needs Node and Chromium)
	@PYTHONPATH=.:tests $(VENV)/bin/python tests/browser/screenshot.py docs/graphiql.png

reset: $(VENV)/$(STAMP) ## Put the sandbox's demo data back as it was
	@$(VENV)/bin/python -m sandbox --reset

test-deps: ## Install the system packages some tests need (Redis, Node, Chromium; Debian, as root)
	@./tests/install-system-packages

lock: ## Pin the newest versions pyproject.toml admits (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  -U pyproject.toml -o locks/service.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  -U pyproject.toml --group test -c locks/service.txt -o locks/test.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  -U --group clients -o locks/clients.txt

clean: ## Remove the environments and the sandbox's data
	@rm -rf $(VENV) $(CLIENTS) $(GRAPHIQL)/dist $(GRAPHIQL)/node_modules var .mypy_cache .ruff_cache .pytest_cache

# An environment is made anew when its lock changes, and never otherwise.
define install
	@test -x $(1)/bin/pip || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "This needs Python 3.11 or later, which $(PYTHON) is not: name one, as 'make run PYTHON=python3.13' does." >&2; \
	  exit 1; }
	@test -x $(1)/bin/pip || $(PYTHON) -m venv $(1) || { rm -rf $(1); \
	  echo "Python's venv module is missing: run 'apt-get install python3-venv', then try again." >&2; exit 1; }
	@echo "Installing $(2) into $(1) ..."
	@$(1)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $(2)
	@touch $@
endef

$(VENV)/$(STAMP): locks/service.txt
	$(call install,$(VENV),$<)

$(VENV)/$(STAMP)-test: locks/test.txt
	$(call install,$(VENV),$<)
	@touch $(VENV)/$(STAMP)

$(CLIENTS)/$(STAMP): locks/clients.txt
	$(call install,$(CLIENTS),$<)

$(GRAPHIQL)/dist/index.html: $(addprefix $(GRAPHIQL)/,package-lock.json index.html) $(wildcard $(GRAPHIQL)/*.js $(GRAPHIQL)/src/*)
	@$(GRAPHIQL)/build
