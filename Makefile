# make run, make test, make check: from a machine with python3 (3.11 or later), make and git.
SHELL := /bin/bash
PORT ?= 8000
UV := .bootstrap/bin/uv
PY := .venv/bin/python
DEVELOPING := DEBUG=1

.PHONY: run test check lock css

run: .venv/installed
	@$(DEVELOPING) $(PY) manage.py migrate --verbosity 0
	@$(DEVELOPING) DEMO=1 PORT=$(PORT) $(PY) manage.py demo || true
	@$(DEVELOPING) DEMO=1 $(PY) manage.py runserver 127.0.0.1:$(PORT)

test: .venv/installed
	@.ci/browser
	$(DEVELOPING) $(PY) -m pytest

check: .venv/installed
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(DEVELOPING) .venv/bin/mypy .
	.venv/bin/djlint templates --lint --quiet
	.venv/bin/lint-imports
	$(DEVELOPING) $(PY) manage.py makemigrations --check --dry-run
	DEBUG=0 SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(50))") \
		ALLOWED_HOSTS=together.example TRUSTED_PROXIES=1 EMAIL_HOST=mail.example \
		$(PY) manage.py check --deploy --fail-level WARNING

# The versions that everybody has, with their hashes.
lock: $(UV)
	$(UV) pip compile pyproject.toml --group dev --python-version 3.12 --universal --generate-hashes \
		--no-emit-index-url --no-header --quiet --output-file requirements.lock

# Only to change the style sheets: needs Node. The built ones are committed.
css:
	cd static/src && npm install --no-package-lock && npm run build

.venv/installed: requirements.lock .python-version | $(UV)
	@.ci/libraries
	$(UV) venv --quiet --clear .venv || $(UV) venv --quiet --clear --python '>=3.12' .venv
	VIRTUAL_ENV=.venv $(UV) pip sync --quiet --compile-bytecode requirements.lock
	@touch $@

$(UV):
	python3 -m venv .bootstrap
	.bootstrap/bin/pip install --quiet --disable-pip-version-check uv
