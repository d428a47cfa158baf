# Every command that people and CI use. The first one that needs it makes .venv by itself.
BIN := .venv/bin
# Half as many again as there are cores: a story waits for the disk as often as it thinks.
WORKERS := $(shell echo $$(( $$(nproc) * 3 / 2 )))
# Compiled modules are kept, whatever the machine is set to: the suite starts the program some hundred times.
export PYTHONDONTWRITEBYTECODE :=
.NOTPARALLEL:
.PHONY: help demo run test check bench soak lock setup clean

help:      ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: .venv/ready-run  ## three phones in your browser, with the real bot behind them; no account needed
	@$(BIN)/python -m bot demo

run: .venv/ready-run  ## the bot itself; settings in README.md
	@$(BIN)/python -m bot run

test: .venv/ready-dev .venv/ready-browser  ## the whole suite
	@$(BIN)/python -m pytest -m "not soak" -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: .venv/ready-dev  ## lint, format, types, import rules, YAML, scripts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yamllint --strict flows tests deploy
	$(BIN)/python -m bot check

bench: .venv/ready-dev  ## people through a check-in, beside other bot libraries; the plans of 200,000
	@$(BIN)/python -m tests.bench

soak: .venv/ready-dev  ## the long runs: other examples of what must always be true, more kills, more people
	@$(BIN)/python -m pytest -m "hypothesis and not soak" --hypothesis-profile=explore -n $(WORKERS) --dist loadfile
	@$(BIN)/python -m pytest -m soak --timeout=3600

lock:      ## the lock files anew, with hashes; needs uv
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 \
	    --group dev pyproject.toml --extra postgres -o requirements-dev.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	    --group build pyproject.toml --extra postgres -c requirements-dev.lock -o requirements.lock

setup: .venv/ready-dev  ## .venv with everything, for an editor

clean:     ## what setup and the tools made; never ./data
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .coverage htmlcov build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready-run: requirements.lock pyproject.toml deploy/setup
	@deploy/setup run

.venv/ready-dev: requirements-dev.lock pyproject.toml deploy/setup
	@deploy/setup dev

.venv/ready-browser: | .venv/ready-dev
	@deploy/setup browser
