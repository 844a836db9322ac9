# Every target works on a fresh clone: what it needs is set up first, once.
VENV := .venv
BIN := $(VENV)/bin
# Each stamp says that a step of setting up is done: newer than what it depends on, there is nothing to do.
CORE := $(VENV)/.erlsim-core
STAMP := $(VENV)/.erlsim-setup
DOCS_STAMP := $(VENV)/.erlsim-docs
LESSONS_STAMP := $(VENV)/.erlsim-lessons
LITE_STAMP := $(VENV)/.erlsim-lite
MUTANTS_STAMP := $(VENV)/.erlsim-mutants
# The pytest plugin is tried under this one, too: in a folder of its own beside the one that is installed.
PYTEST_8 := $(VENV)/pytest-8/.erlsim
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup demo test check example lint format golden bench docs lessons notebooks course lite oracle fuzz mutants pictures clean

help:  ## say what there is
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/\1|\2/p' $(MAKEFILE_LIST) | \
	    while IFS='|' read -r name what; do printf '  make %-9s %s\n' "$$name" "$$what"; done

setup: $(STAMP)  ## make .venv and install erlsim with what the tests need

$(CORE): pyproject.toml
	@echo "Setting up $(VENV) ..."
	@test -x $(BIN)/pip || .ci/venv $(VENV)
	@$(PIP) install --editable .
	@touch $@

$(PYTEST_8): $(CORE)
	@rm -rf $(@D)
	@$(PIP) install --target $(@D) 'pytest>=8,<9' pytest-asyncio anyio
	@touch $@

$(STAMP): $(CORE) $(PYTEST_8)
	@echo "Installing what the tests need ..."
	@$(PIP) install --editable '.[test,lint,notebooks,browser]'
	@.ci/chromium
	@touch $@

demo: $(CORE)  ## a director at work, in virtual time
	@$(BIN)/erlsim demo

test: lint check  ## every check: lint, types, tests, examples, golden figures

# Tests start many an interpreter, for a moment each: what the first has compiled is kept for all, whatever the environment says.
check: export PYTHONDONTWRITEBYTECODE :=
check: $(STAMP)  ## the tests alone
ifdef ARGS
	@$(BIN)/python -m pytest $(ARGS)
else
	@$(BIN)/python -m pytest -n auto --dist loadfile
endif

example: $(CORE)  ## the example project with erlsim from its wheel
	@.ci/example

lint: $(STAMP)  ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict

format: $(STAMP)  ## lay out the code as lint wants it, renew the generated pages
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@for page in divergences portable otp_table fidelity erl_functions; do $(BIN)/python -m docs._tools.$$page || exit; done

golden: $(STAMP)  ## compare with the recordings of Erlang/OTP
	@$(BIN)/python -m tests.golden $(ARGS)

bench: $(STAMP)  ## speed, beside other libraries and the BEAM
	@$(BIN)/python -m tests.benchmarks $(ARGS)

$(DOCS_STAMP): $(STAMP)
	@$(PIP) install --editable '.[docs]'
	@touch $@

docs: $(DOCS_STAMP)  ## the documentation, in docs/_build/html
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

$(LESSONS_STAMP): $(CORE)
	@echo "Installing JupyterLab ..."
	@$(PIP) install --editable '.[lessons]'
	@touch $@

lessons: $(LESSONS_STAMP)  ## open the course in JupyterLab
	@$(BIN)/jupyter lab --notebook-dir notebooks $(ARGS)

notebooks: $(STAMP)  ## run the lessons, write their notebooks anew
	@$(BIN)/python -m tests.notebooks $(ARGS)

course: $(STAMP)  ## a student's and a teacher's edition of the lessons, in build/course
	@$(BIN)/python -m tests.notebooks --course build/course $(ARGS)

$(LITE_STAMP): $(CORE)
	@$(PIP) install --editable '.[lite]'
	@touch $@

lite: $(LITE_STAMP)  ## the lessons as a site that runs in a browser, in docs/lite/_build/site
	@$(BIN)/python docs/lite/build.py $(ARGS)

oracle: $(STAMP)  ## ask a real Erlang again (needs erl on the PATH; ORIGINAL=DIR has director and gen_tracker, SUITES=DIR OTP's source)
	@$(BIN)/python -m tests.golden.oracle $(ARGS)
	@$(BIN)/python -m tests.golden.otp_modules
	@$(BIN)/python -m tests.erl.oracle
	@$(BIN)/python -m tests.erl.answers.oracle
	@$(BIN)/python -m tests.erl.nodes.record --check
	@$(BIN)/python -m tests.erl.stacks.record --check
	@$(BIN)/python -m tests.porting.scenarios.oracle
	@$(BIN)/python -m tests.lab.oracle
	@$(BIN)/python -m tests.otp.logger.events.oracle
	@$(BIN)/python -m tests.otp.answered.record --check
	@$(BIN)/python -m tests.porting.drafts.oracle $(ORIGINAL:%=--original %)
ifdef SUITES
	@$(BIN)/python -m tests.erl.otp_suites $(SUITES)
endif

fuzz: $(STAMP)  ## random scenarios here and on a real Erlang: AREA=... MINUTES=...; AREA=hostile or search EXAMPLES=... needs no erl
ifeq ($(AREA),hostile)
	@ERLSIM_HOSTILE_EXAMPLES=$(or $(EXAMPLES),10000) $(BIN)/python -m pytest -q tests/hostile $(ARGS)
else ifeq ($(AREA),search)
	@$(BIN)/python -m tests.exhaust.brute 0 $(or $(EXAMPLES),1000)
else
	@$(BIN)/python -m tests.fuzz $(AREA:%=--area %) $(MINUTES:%=--minutes %) $(ORIGINAL:%=--original %) $(ARGS)
endif

$(MUTANTS_STAMP): $(STAMP)
	@$(PIP) install --editable '.[mutants]'
	@touch $@

mutants: $(MUTANTS_STAMP)  ## how many small mistakes the tests find: ARGS='director --every 50'
	@$(BIN)/python -m tests.mutants $(ARGS)

pictures: $(STAMP)  ## take the documentation's screenshots, and those of lessons and of a class to be looked at
	@$(BIN)/python -m tests.trace.screenshots $(ARGS)

clean:  ## remove everything that was made
	rm -rf $(VENV) docs/_build docs/lite/_build build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
