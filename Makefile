# One definition of each recipe, used by people, hooks and CI alike.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export PYTHONUTF8 := 1

.PHONY: run test check bench format requirements clean
.DEFAULT_GOAL := help

help:            ## what can be made
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

run: $(VENV)/run ## start the product on http://localhost:8501 (CRA_DEMO=0: without the demo agency)
	$(BIN)/cra serve

test: $(VENV)/dev ## everything the tests need, and all tests
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(VENV)/dev ## format, lint, types, import contracts, translations, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/architecture

bench: $(VENV)/dev ## ratios against named baselines (ROWS=10000000 for the long run)
	$(BIN)/python -m tests.benchmarks $(if $(ROWS),--rows $(ROWS))

format: $(VENV)/dev ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

requirements:    ## pin the newest versions (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate --quiet --upgrade -o requirements.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate --quiet -c requirements.txt -o requirements-dev.txt

clean:           ## forget the environment; data under .cra stay
	rm -rf $(VENV) build *.egg-info

# The environment: pinned packages, then the project itself, then the compiled catalogues.
define environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m data.language.compile
endef

CATALOGUES := $(wildcard data/language/catalogues/*/LC_MESSAGES/*.po)

$(VENV)/run: requirements.txt pyproject.toml $(CATALOGUES)
	$(call environment,requirements.txt)
	@touch $@

$(VENV)/dev: requirements-dev.txt pyproject.toml $(CATALOGUES)
	$(call environment,requirements-dev.txt)
	@touch $@ $(VENV)/run
