# Every target makes what it needs by itself; nothing is assumed but Python 3.11, make and git.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
READY  := $(VENV)/.ready
DEV    := $(VENV)/.dev
ARGS   ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Under it everything is compiled at every start, and the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check bench bench-peers guard backtest soak fuzz format clean remake

# An environment that was moved, or whose Python is gone, is mended; a sound one costs this one look.
ifneq ($(shell $(PY) -c 'import plantrack' 2>/dev/null && echo sound),sound)
$(READY): remake
endif

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Shown on copies in a scratch folder, which is removed: not even a memory is left behind.
demo: $(READY) ## see plantrack at work on sample_docs/ and on ten weeks of their history
	@set -e; scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; trap 'exit 1' HUP INT PIPE TERM; \
	cp -Rp sample_docs "$$scratch"; \
	$(PY) tests/story.py "$$scratch/story" --until "$$(date +%Y-%m-%d)"; \
	cd "$$scratch"; \
	say() { printf '\n--- %s\n' "$$1"; }; \
	show() { printf '\n$$ plantrack %s\n\n' "$$*"; "$(CURDIR)/$(VENV)/bin/plantrack" "$$@"; }; \
	say 'The plans of a harbour office, in sample_docs/: where do they stand?'; \
	show -C sample_docs status; \
	show -C sample_docs status 0001; \
	say 'What is next?'; \
	show -C sample_docs next; \
	say 'What was counted, and why?'; \
	show -C sample_docs explain 0017; \
	say 'Seven of these plans, and ten weeks of commits to them: what changed?'; \
	show -C story log -n 11; \
	show -C story log --kind removed; \
	say 'The life of one step, and who did what in one document'; \
	show -C story log '0001#M3.2'; \
	show -C story blame 0008; \
	say 'How is it going, and when will it be done?'; \
	show -C story burndown; \
	show -C story forecast; \
	say 'What is ticked and not committed, and what came after a release?'; \
	show -C story diff; \
	show -C story diff v0.2..HEAD; \
	printf '\nTo look around in this repository: %s FOLDER\n' '$(PY) tests/story.py'

test: $(DEV) ## run the tests (ARGS="-k word" picks some)
	$(PY) -m pytest -n auto --dist worksteal $(ARGS)

check: $(DEV) ## run everything a change must pass: style, types, layers, tests, coverage, README
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint(["--no-logo"])'
	$(PY) -m deptry src
	$(PY) -m vulture
	$(PY) -m pytest -n auto --dist worksteal --cov --cov-report=term-missing:skip-covered $(ARGS)
	$(PY) -m coverage report --fail-under=100 --include='*/plantrack/core/*,*/plantrack/render/*'
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(PY) -m cogapp --check README.md docs/agents.md docs/check.md docs/tables.md

bench: $(DEV) ## measure speed against references timed in the same run
	$(PY) tests/bench/run.py $(ARGS)

bench-peers: $(DEV) ## ask other tools the same, beside plantrack, and put it into docs/benchmarks.md
	$(PY) tests/bench/run.py peers --page docs/benchmarks.md $(ARGS)

guard: $(DEV) ## count instructions of the hot path, and fail where they grew (needs valgrind)
	$(PY) tests/bench/run.py guard $(ARGS)

backtest: $(DEV) ## ask real histories how often next named what was ticked then
	$(PY) tests/backtest/run.py $(ARGS)

soak: $(DEV) ## put the promises of docs/reliability.md to the test, ten minutes (ARGS="--short")
	$(PY) tests/soak/run.py $(ARGS)

# It is in no group of its own: it has no wheel for every Python that the tests run on.
fuzz: $(DEV) ## search for documents that break a promise (ARGS="--minutes 10 --only parse")
	@$(PY) -c 'import atheris' 2>/dev/null || $(PY) -m pip install --quiet 'atheris~=3.0'
	$(PY) tests/fuzz/run.py $(ARGS)

format: $(DEV) ## format the code, mend what ruff can, refresh what the README quotes
	$(PY) -m ruff format
	$(PY) -m ruff check --fix-only
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(PY) -m cogapp -r README.md docs/agents.md docs/check.md docs/tables.md
	$(PY) tests/pictures.py

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
