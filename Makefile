# Two commands: `make run` opens the portal, `make test` proves it. Nothing else has to be installed first.
.PHONY: run test check bench
run: .venv/.run
	@exec .venv/bin/python -m bawaba run --demo

test: check
	@exec .venv/bin/python -m tests.everything

check: .venv/.test
	@exec .venv/bin/python -m tests.checks

bench: .venv/.test
	@exec .venv/bin/python -m bench

.venv/.%: requirements/%.lock requirements/install
	@exec requirements/install $*
