# Two commands: `make run` opens the portal, `make test` proves it. Nothing else has to be installed first.
.PHONY: run install test check bench faults sample mutants lock wheels
run: .venv/.run
	@exec .venv/bin/python -m bawaba run --demo

# For a portal whose user may not write into this folder: everything that is made from the sources.
install: .venv/.run
	.venv/bin/python -c "from bawaba.commands.messages import compile_catalogues; compile_catalogues()"

test: check
	@exec .venv/bin/python -m tests.everything

check: .venv/.test
	@exec .venv/bin/python -m tests.checks

sample: .venv/.test
	@exec .venv/bin/python -m examples.sample_service

bench: .venv/.test
	@exec .venv/bin/python -m bench

# The fault tests in full: ten thousand registrations while web and courier are being killed.
faults: .venv/.test
	FAULTS=full .venv/bin/python -m pytest -q -m faults

# Change the code that decides who gets in and who may guess how often; see which changes no test notices: tests/README.md.
mutants: .venv/.test
	rm -rf mutants
	.venv/bin/python -m mutmut run --max-children 1
	.venv/bin/python -m mutmut results

.venv/.%: requirements/%.lock requirements/install
	@exec requirements/install $*

# For developers: compile the lock files anew; fetch what a machine without network needs.
lock:
	@cd requirements && for name in run test postgres valkey smpp apprise; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $$name.in -o $$name.lock \
	  || exit 1; done

wheels: .venv/.run
	.venv/bin/python -m pip download --quiet --require-hashes --only-binary :all: --dest wheels -r requirements/run.lock
