# make run    sets everything up in .venv and starts the bot (a chat in the terminal where no token is set)
# make setup  only sets it up, without what the tests need: for a server
# make test   sets up and runs the tests
# make exhaustive  runs those that try every moment to die in, every zone, every button twice, bad nights, a million votes
# make check  ruff, mypy, import-linter and the tests
# make bench  measures what the README claims
# make chaos  has bad nights at length: ROUNDS of each, HARD seconds, SEED; and so many STRANGERS
# make audit  asks a database of known faults about every package that is pinned
# make messages  brings the translators' catalogues up to date with the source

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run setup test exhaustive check lint bench chaos audit screens messages lock clean

run: .venv/runtime
	@$(BIN)/racing-incident

setup: .venv/runtime

# Bytecode is kept, wherever else it is not: the tests start the program some hundred times.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal

test: .venv/development
	$(PYTEST) -m "not exhaustive"

exhaustive: .venv/development
	$(PYTEST) -m exhaustive

check: lint test

lint: .venv/development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/racing-incident incidents check

bench: .venv/development
	$(BIN)/python -m benchmarks

ROUNDS ?= 3
HARD ?= 5
SEED ?= 1994
STRANGERS ?= 100000

# Processes and servers are killed, stopped and starved while people vote and recaps go out; what came of it is a table.
# Another one is of strangers, who send whatever can be sent.
chaos: .venv/development
	$(BIN)/python -m tests.chaos --rounds=$(ROUNDS) --hard=$(HARD) --seed=$(SEED)
	$(BIN)/python -m tests.chaos.strangers --number=$(STRANGERS) --seed=$(SEED)

# Where the database cannot be reached nothing is known, and it says so.
audit: .venv/development
	$(BIN)/python -m tests.audit

# README's pictures of chats and pages, drawn from what the bot says today; they need Chromium.
screens: .venv/development
	$(BIN)/python -m benchmarks.screens
	$(BIN)/python -m benchmarks.page_screens

# What is said in the source, into bot/i18n/catalogues/*.po: new texts wait there for their translation, old ones go.
messages: .venv/development
	@$(BIN)/pybabel --quiet extract --no-default-keywords --keyword=_ --keyword=marked --keyword=counted:1,2 \
		--mapping-file=pyproject.toml \
		--add-location=file --sort-output --width=120 --omit-header --output-file=messages.pot bot handlers
	@for catalogue in bot/i18n/catalogues/*.po; do \
		$(BIN)/pybabel --quiet update --input-file=messages.pot --output-file=$$catalogue --width=120 \
			--locale=$$(basename $$catalogue .po) --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date; \
		grep -vE '^"(Project-Id|Report|POT|PO-Rev|Last-Tr|Language-T|Generated)[^:]*:' $$catalogue >messages.pot.po; \
		mv messages.pot.po $$catalogue; \
	done; rm messages.pot

# What requirements*.lock pin: every package by version and hash, for all Pythons and systems that are supported.
lock: .venv/development
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --extra postgresql pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --extra postgresql --group dev pyproject.toml --output-file requirements-dev.lock
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' | \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header - --output-file requirements-build.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Whole or not at all: where `venv` makes half an environment, as Debian's Python does without its package, it goes again.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Racing Incident needs Python 3.11 or newer; try: make PYTHON=python3.13")'
	@echo "Setting up in .venv, which takes about a minute."
	@$(PYTHON) -m venv .venv && .venv/bin/python -m pip --version >/dev/null || \
		{ rm -rf .venv; echo "The environment cannot be made. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

.venv/runtime: requirements.lock pyproject.toml | .venv/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/development: requirements-dev.lock pyproject.toml | .venv/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@ .venv/runtime
