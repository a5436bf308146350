# make run    the site on this machine, with everything it needs
# make test   the tests, on SQLite and on PostgreSQL
# make help   the rest
#
# For GNU make 3.81 (which macOS has) and any POSIX shell.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run staff test lint format bench evaluate messages pictures translations lock
MAKEFLAGS += --no-print-directory

PORT ?= 8000
WORKERS ?= 2
THREADS ?= 4

PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
PIP := $(PYTHON) -m pip --quiet --disable-pip-version-check
CATALOGS := $(patsubst %.po,%.mo,$(shell find locale associations -name '*.po' 2>/dev/null))
STATIC := $(shell find associations/static -type f)
TEMPLATES := $(shell find templates -name '*.html')
TYPED := $(wildcard associations/search associations/importing associations/representations)

# Settings that are not this machine's: the checks read them instead of .env.
IN_MEMORY := DATABASE_URL=sqlite://:memory:
PRODUCTION := SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	ALLOWED_HOSTS=example.org HTTPS=on DEBUG=off $(IN_MEMORY)

help:
	@echo 'make run           serve the site at http://127.0.0.1:8000/ (PORT=8001 make run: at another port)'
	@echo 'make staff         make an account that may edit'
	@echo 'make test          run the tests on SQLite and on PostgreSQL (ARGS="-k search" for some)'
	@echo 'make lint          check style, types, templates, migrations and settings'
	@echo 'make format        rewrite the sources in the style that lint asks for'
	@echo 'make messages      collect the texts to translate in locale/'
	@echo 'make pictures      draw the pictures that other programs show for the site, from its mark'
	@echo 'make bench         measure how fast the site is (ARGS="--help" tells what else it can)'
	@echo 'make evaluate      ask the search real queries of registers (ARGS=FOLDER of these)'
	@echo 'make lock          choose the newest releases of what pyproject.toml asks for'

# The site.

run: .venv/runtime .env translations data/collected
	@$(PYTHON) -c 'import socket; exit(socket.socket().connect_ex(("127.0.0.1", $(PORT))) == 0)' \
	|| { echo 'Port $(PORT) is taken: stop what uses it, or choose another: PORT=8001 make run'; exit 1; }
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_directory
	@echo
	@echo 'The directory is at http://127.0.0.1:$(PORT)/ until you press Ctrl-C.'
	@echo 'To edit it, make an account in another terminal: make staff'
	@echo
	@exec $(PYTHON) -m granian --interface wsgi --host 127.0.0.1 --port $(PORT) --no-ws \
		--workers $(WORKERS) --blocking-threads $(THREADS) --workers-kill-timeout 1 --log-level error \
		directory.wsgi:application

staff: .venv/runtime .env translations
	@mkdir -p data
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) make_staff

.env: | .venv/runtime
	@echo 'Writing .env: a secret key, and settings for this machine alone'
	@umask 077; $(PYTHON) -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50))' >$@
	@echo 'ALLOWED_HOSTS=127.0.0.1,localhost' >>$@
	@echo 'HTTPS=off' >>$@

data/collected: .venv/runtime $(STATIC) | .env
	@mkdir -p data/static
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@touch $@

translations: $(CATALOGS)

%.mo: %.po | .venv/runtime
	@$(PYTHON) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@

# Python and the packages, exactly those of the lock files.

$(PYTHON):
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
		$$python -c 'import sys; exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		$$python -c 'import ensurepip, venv' 2>/dev/null || { bare=$$python; continue; }; \
		exec $$python -m venv --clear .venv; \
	done; \
	if [ "$$bare" ]; then echo "Python's venv is missing: apt install python3-venv"; \
	else echo 'Python 3.11 or newer is missing: apt install python3-venv, or brew install python'; \
	fi; exit 1

.venv/runtime: requirements.txt | $(PYTHON)
	@echo 'Installing what the site needs in .venv'
	@$(PIP) install --require-hashes --requirement requirements.txt
	@touch $@

.venv/development: requirements-dev.txt | $(PYTHON)
	@echo 'Installing what development needs in .venv'
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@touch .venv/runtime $@

lock: | $(PYTHON)
	@$(PIP) install uv
	@$(COMPILE) --output-file requirements.txt
	@$(COMPILE) --group dev --constraints requirements.txt --output-file requirements-dev.txt

COMPILE = UV_CUSTOM_COMPILE_COMMAND='make lock' $(PYTHON) -m uv pip compile pyproject.toml \
	--quiet --upgrade --universal --python-version 3.11 --generate-hashes

# Development.

test: .venv/development translations
	@if $(PYTHON) tests/postgresql.py --find >/dev/null; then \
		echo 'On SQLite:'; \
		$(IN_MEMORY) $(PYTHON) -m pytest $(ARGS) && \
		echo 'On PostgreSQL:' && \
		$(PYTHON) tests/postgresql.py $(PYTHON) -m pytest $(ARGS); \
	elif [ "$$CI" = true ]; then \
		exit 1; \
	else \
		echo 'On SQLite alone:'; \
		$(IN_MEMORY) $(PYTHON) -m pytest $(ARGS); \
	fi

lint: .venv/development translations
	@$(PYTHON) -m ruff check --quiet
	@$(PYTHON) -m ruff format --check --quiet || { echo 'Run: make format'; exit 1; }
	@.venv/bin/djade --check --target-version 5.2 $(TEMPLATES) || { echo 'Run: make format'; exit 1; }
	@$(PRODUCTION) $(PYTHON) -m mypy --no-error-summary $(TYPED)
	@$(PRODUCTION) $(MANAGE) makemigrations --check --dry-run
	@$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

format: .venv/development
	@$(PYTHON) -m ruff check --quiet --fix
	@$(PYTHON) -m ruff format --quiet
	@.venv/bin/djade --target-version 5.2 $(TEMPLATES)

messages: .venv/development
	@$(PRODUCTION) $(MANAGE) makemessages --locale it --no-location --no-obsolete

pictures: .venv/development
	@$(PYTHON) docs/pictures.py

bench: .venv/development translations
	@$(PYTHON) -m benchmarks.run $(ARGS)

evaluate: .venv/development translations
	@$(PYTHON) -m benchmarks.evaluate $(ARGS)
