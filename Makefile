# `make demo` shows the whole journey; `make test` runs the tests. Both set up what they need first.
.PHONY: help dev demo test test-long check bench lock clean
PY := .venv/bin/python

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

dev: ## sets up .venv; at a terminal, opens a shell in it
	@scripts/setup --tests
	@if [ -t 0 ] && [ -t 1 ]; then echo "kynhan and kynhan-relay are on the PATH of this shell; leave with exit."; \
	PATH="$(CURDIR)/.venv/bin:$$PATH" VIRTUAL_ENV="$(CURDIR)/.venv" "$${SHELL:-/bin/sh}" || true; fi

demo: ## one dossier, there and back, on real processes (FILES="a.pdf b.xlsx" sends others)
	@scripts/setup
	@$(PY) examples/demo $(if $(FILES),--files "$(FILES)")

test: ## every test (about half an hour)
	@scripts/setup --tests
	@$(PY) -m pytest $(TESTS)

test-long: ## the same with 20,000 byte flips
	@scripts/setup --tests
	@KYNHAN_LONG=1 $(PY) -m pytest $(TESTS)

check: ## ruff, mypy strict, import-linter, docs kept true
	@scripts/setup --tests
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports
	@$(PY) -m pytest -q tests/docs

bench: ## speed as ratios against peers, in one run
	@scripts/setup
	@$(PY) -m bench

lock: ## pins requirements/*.txt anew (network)
	@scripts/lock

clean: ## removes what demo and tests left, not .venv
	@rm -rf demo bench/out .pytest_cache .mypy_cache .ruff_cache .hypothesis
