# `make demo` shows the whole journey; `make test` runs the tests. Both set up what they need first.
# All cores run the tests, each file in one process (what a file makes once is made once); one process: WORKERS=0.
.PHONY: help dev demo quick lint types units test test-long lowest mutants check bench lock clean
PY := .venv/bin/python
WORKERS := auto
SHARED := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
PYTEST = $(PY) -m pytest $(SHARED)

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

dev: ## sets up .venv; at a terminal, opens a shell in it
	@scripts/setup --tests
	@if [ -t 0 ] && [ -t 1 ]; then echo "kynhan and kynhan-relay are on the PATH of this shell; leave with exit."; \
	PATH="$(CURDIR)/.venv/bin:$$PATH" VIRTUAL_ENV="$(CURDIR)/.venv" "$${SHELL:-/bin/sh}" || true; fi

demo: ## one dossier, there and back, on real processes (FILES="a.pdf b.xlsx" sends others)
	@scripts/setup
	@$(PY) examples/demo $(if $(FILES),--files "$(FILES)")

quick: ## lint, types, the tests of keys and protocol (a minute and a half)
	@scripts/setup --tests
	@$(MAKE) --no-print-directory -j3 lint types units

lint:
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

types:
	@$(PY) -m mypy

units:
	@$(PYTEST) -q tests/keys tests/protocol

test: ## every test that is not long (twelve minutes; TESTS="tests/keys …" only these)
	@scripts/setup --tests
	@$(PYTEST) $(TESTS)

test-long: ## every test at its long size, what counts days at three drawn moments, then lowest (an hour and more; network)
	@scripts/setup --tests
	@KYNHAN_LONG=1 $(PYTEST) $(TESTS)
	@$(if $(TESTS),,scripts/at-moment --drawn 3 -q $(SHARED))
	@$(if $(TESTS),,scripts/lowest)

lowest: ## quick, on the lowest versions that pyproject.toml allows (network)
	@scripts/lowest

mutants: ## 400 rules written wrong by one token, drawn by chance: do the tests notice nine of ten? (half an hour)
	@scripts/setup --tests
	@$(PY) scripts/mutants

check: ## ruff, mypy strict, import-linter, rooms, docs kept true
	@scripts/setup --tests
	@$(MAKE) --no-print-directory lint types
	@.venv/bin/lint-imports
	@$(PY) scripts/rooms
	@$(PY) -m pytest -q tests/docs

bench: ## speed as ratios against peers, in one run
	@scripts/setup
	@$(PY) -m bench

lock: ## pins requirements/*.txt anew (network)
	@scripts/lock

clean: ## removes what demo and tests left, not .venv
	@rm -rf demo bench/out .pytest_cache .mypy_cache .ruff_cache .hypothesis
