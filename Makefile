# `make help` lists what can be done. All paths are relative, so a clone may lie anywhere.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8000
HOST ?= 127.0.0.1
WORKERS ?= 2
# By what other machines reach it: by HOST, or, where that is every address of this machine, by each and by its name.
NAMES = $(if $(filter 0.0.0.0 ::,$(HOST)),$$(hostname) $$(hostname -I),$(HOST))
# What is compiled once serves all processes that the tests start, too.
export PYTHONDONTWRITEBYTECODE :=
UV := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

.PHONY: help run test test-fast test-all test-witness test-desk test-hostile test-postgres test-cluster test-kills test-hosts mutants test-browser test-clients layouts lint bench format lock references goldens accuracy messages ranker sbom release clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

# A virtual environment of this project's own. The stamp is renewed when the lock file changes.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
	  { echo "This Python has no venv module. On Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.installed

run: $(VENV)/.installed  ## install, migrate, import the bundled documents, build the index, serve (PORT=8000)
	@$(PY) manage.py prepare
	@echo "Serving on http://$(HOST):$(PORT)  (Ctrl-C stops)"
	@echo "Files are taken in at http://$(HOST):$(PORT)/admin/intake/ ($(PY) manage.py createsuperuser makes an account)"
	@export ALLOWED_HOSTS="$${ALLOWED_HOSTS:-$$(echo "localhost 127.0.0.1 [::1]" $(NAMES) | tr ' ' ,)}"; \
	  $(PY) manage.py read_uploads --beside -v0 & exec $(PY) -m gunicorn --bind $(HOST):$(PORT) --workers $(WORKERS) archive.wsgi

test: $(VENV)/.installed-dev  ## run the tests (ARGS="-k name")
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-fast: $(VENV)/.installed-dev  ## run what asks no database: the core, query language, citations; a minute
	FAST=1 $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m fast $(ARGS)

test-all: $(VENV)/.installed-dev  ## run all tests, on PostgreSQL and on a cluster too, let writers meet and kill every operation; takes an hour and a half
	WHOLE=1 $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "long or not long" $(ARGS)
	$(PY) -m tests.tools.postgres -n 2
	$(PY) -m tests.tools.overlaps
	$(PY) -m tests.tools.overlaps --postgres
	$(PY) -m tests.kills --jobs 2
	$(PY) -m tests.cluster

test-postgres: $(VENV)/.installed-dev  ## run the tests of storing on a private PostgreSQL server (ARGS="-k name")
	$(PY) -m tests.tools.postgres -n 2 $(ARGS)

test-cluster: $(VENV)/.installed-dev  ## both engines held against each other on three nodes of OpenSearch, nodes killed; needs Maven
	$(PY) -m tests.cluster $(ARGS)

test-kills: $(VENV)/.installed-dev  ## kill each operation 200 times; slow (ARGS="--kills 20 import")
	$(PY) -m tests.kills --jobs 2 $(ARGS)

test-hosts: $(VENV)/.installed-dev  ## kill hosts that share one archive on PostgreSQL, in turn, under load (ARGS="--seconds 60 --cluster": three nodes of OpenSearch, too)
	$(PY) -m tests.hosts $(ARGS)

mutants: $(VENV)/.installed-dev  ## put small faults into a copy, one at a time, and print those that no test notices
	$(PY) -m tests.tools.mutants $(ARGS)

test-browser: $(VENV)/.installed-dev  ## look at every kind of page in Chromium: axe, console, 320 px, keys (ARGS="-k help")
	$(PY) -m pytest -m long tests/browser $(ARGS)

test-clients: $(VENV)/.installed-dev  ## ask the programs of others: Reader View, the validator of HTML, generated clients; needs Node and Java
	$(PY) -m pytest -m long tests/clients $(ARGS)

test-hostile: $(VENV)/.installed-dev  ## attack the site behind nginx with docs/nginx.conf; five minutes (ARGS="--seconds 6 --bare")
	$(PY) -m tests.tools.hostile $(ARGS)

test-desk: $(VENV)/.installed-dev  ## send the desk what its page promises, and more; kill its reader; ten minutes (ARGS="--files 20 --kills 4 --small")
	$(PY) -m tests.tools.desk $(ARGS)

test-witness: $(VENV)/.installed-dev  ## run the tests of the index on whoosh3, in the place of whoosh-reloaded
	$(PY) -m pip install --quiet --require-hashes --no-deps --upgrade --target build/witness -r tests/witness.lock
	PYTHONPATH=build/witness $(PY) -m pytest $(patsubst %,tests/search/test_%.py,search_engines search_base search_integrity) tests/store/test_scores.py $(ARGS)

layouts: $(VENV)/.installed-dev  ## set held documents in seeded layouts and read them back (ARGS="--runs 1000 --by-browser")
	$(PY) -m tests.pages_set $(ARGS)

lint: $(VENV)/.installed-dev  ## ruff, sizes, who imports whom, types, missing migrations, deployment checks, templates
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m tests.tools.budget
	$(VENV)/bin/lint-imports --no-logo
	$(PY) -m mypy
	$(PY) manage.py makemigrations --check --dry-run
	@command -v msgfmt >/dev/null || echo "GNU gettext is not installed: the catalogues are not compared"
	@! command -v msgfmt >/dev/null || $(PY) -m tests.tools.messages --check
	$(PY) -m djlint --quiet --lint templates
	DEBUG=0 SECRET_KEY=only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF ALLOWED_HOSTS=archive.example \
	  $(PY) manage.py check --deploy --fail-level WARNING

format: $(VENV)/.installed-dev  ## put the code into its usual form
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(VENV)/.installed-dev  ## measure (ARGS="search --corpus FILE")
	$(PY) -m tests.benchmarks $(ARGS)

accuracy: $(VENV)/.installed-dev  ## measure the parser on the marked documents, tell gains and losses; /accuracy shows it (ARGS="-v")
	$(PY) -m tests.tools.accuracy $(ARGS)

messages: $(VENV)/.installed-dev  ## extract messages, convert the traditional catalogue, compile what is complete; needs GNU gettext
	$(PY) -m tests.tools.messages

ranker: $(VENV)/.installed-dev  ## learn the second stage of the search from the judged queries; some minutes
	$(PY) -m tests.tools.ranker

goldens: $(VENV)/.installed-dev  ## write the expected output of the golden tests anew; review the diff
	$(PY) -m tests.golden

references: $(VENV)/.installed-dev  ## write docs/settings.md, commands.md, addresses.md and map.md anew from the code
	$(PY) -m tests.tools.references

lock: $(VENV)/.installed-dev  ## resolve the dependencies anew
	$(UV) --upgrade pyproject.toml -o requirements.lock
	$(UV) --upgrade --extra dev --extra postgres --extra opensearch pyproject.toml -o requirements-dev.lock
	$(UV) --extra postgres --extra opensearch pyproject.toml -c requirements-dev.lock -o requirements-servers.lock
	$(UV) --extra ocr pyproject.toml -c requirements-dev.lock -o requirements-ocr.lock
	$(UV) --upgrade tests/clients/requirements.in -o tests/clients/requirements.lock
	$(UV) --upgrade tests/cluster/requirements.in -o tests/cluster/requirements.lock

sbom: $(VENV)/.installed-dev  ## list what the site is made of, as CycloneDX, in var/sbom.json
	@mkdir -p var
	$(PY) -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o var/sbom.json

release: $(VENV)/.installed-dev  ## number, changelog, list of parts, signed bundle, tag (VERSION=1.2.3 KEY=FILE)
	$(PY) -m tests.tools.release "$(VERSION)" "$(KEY)"

clean:  ## remove the environment and all data
	rm -rf $(VENV) var
