# Two commands: `make run` opens the portal, `make test` proves it. Nothing else has to be installed first.
PYTHON := $(firstword $(foreach p,python3.11 python3.12 python3.13 python3,$(shell command -v $(p) 2>/dev/null)))

.PHONY: run test check
run: .venv/.run
	exec .venv/bin/python -m bawaba run --demo

test: .venv/.test check
	exec .venv/bin/python -m pytest

check: .venv/.test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.%: requirements/%.lock | .venv/bin/python
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	touch $@
