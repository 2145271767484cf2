# Every target makes what it needs by itself; nothing is assumed but Python 3.11, make and git.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
READY  := $(VENV)/.ready
DEV    := $(VENV)/.dev
ARGS   ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check bench format clean remake

# An environment that was moved, or whose Python is gone, is mended; a sound one costs this one look.
ifneq ($(shell $(PY) -c 'import plantrack' 2>/dev/null && echo sound),sound)
$(READY): remake
endif

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# $(call show,arguments) runs plantrack and prints the command above its output
show = @printf '\n$$ plantrack %s\n\n' '$(1)'; $(VENV)/bin/plantrack $(1)

demo: $(READY) ## see plantrack at work on the design docs in sample_docs/
	$(call show,-C sample_docs status)
	$(call show,-C sample_docs status 0001)
	$(call show,-C sample_docs next)
	$(call show,-C sample_docs explain 0017)

test: $(DEV) ## run the tests (ARGS="-k word" picks some)
	$(PY) -m pytest -n auto $(ARGS)

check: $(DEV) ## run everything a change must pass: style, types, layers, tests, coverage, README
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint(["--no-logo"])'
	$(PY) -m deptry src
	$(PY) -m vulture
	$(PY) -m pytest -n auto --cov --cov-report=term-missing:skip-covered $(ARGS)
	$(PY) -m coverage report --fail-under=100 --include='*/plantrack/core/*,*/plantrack/render/*'
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(PY) -m cogapp --check README.md

bench: $(DEV) ## measure speed against references timed in the same run
	$(PY) tests/bench/run.py $(ARGS)

format: $(DEV) ## format the code, mend what ruff can, refresh what the README quotes
	$(PY) -m ruff format
	$(PY) -m ruff check --fix-only
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(PY) -m cogapp -r README.md

clean: ## remove the environment and what the tools left behind
	rm -rf $(VENV) .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache \
	  .pytest_cache .ruff_cache build dist
	find src tests -name __pycache__ -prune -exec rm -rf {} +

$(READY): pyproject.toml src/plantrack/__init__.py
	@echo "Setting up $(VENV) ..."
	@$(PY) -m pip --version >/dev/null 2>&1 || { \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3' >&2; exit 2; }; \
	  $(PYTHON) -m venv --clear $(VENV) || { \
	    echo 'python3 -m venv does not work here: on Debian, apt-get install python3-venv' >&2; exit 2; }; }
	@$(PY) -m pip install --quiet --editable .
	@touch $@

$(DEV): $(READY)
	@echo "Installing the development tools ..."
	@$(PY) -m pip install --quiet 'pip>=25.1' # the first that knows dependency groups
	@$(PY) -m pip install --quiet --group dev
	@touch $@
