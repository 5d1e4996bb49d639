# A newcomer needs two commands: `make annotate` and `make test`. Everything lands in .venv and out.

# The newest Python that Sokhan supports; another one: make PYTHON=/path/to/python3 annotate
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$python"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

.PHONY: annotate test lint soak wheel clean

annotate: $(VENV)/installed
	@mkdir -p out
	@$(BIN)/sokhan annotate seeds/seed.txt --json out/seed.json
	@echo "The same as JSON: out/seed.json"

test: lint
	$(BIN)/python -m pytest -n $(JOBS)

lint: $(VENV)/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

soak: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n $(JOBS) -m soak

wheel: $(VENV)/installed-dev
	$(BIN)/python -m build --wheel --outdir dist

clean:
	rm -rf $(VENV) out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { \
		echo "Python 3.11 or newer with venv is needed (Debian: apt install python3-venv);" \
			"if it is not on the PATH: make PYTHON=/path/to/python3 annotate" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

# The stamps are older than pyproject.toml when what must be installed may have changed.
$(VENV)/installed: pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --disable-pip-version-check --use-pep517 -e .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --disable-pip-version-check --use-pep517 -e '.[dev]'
	@touch $@ $(VENV)/installed
