# Every target sets up what it needs in .venv; nothing outside the checkout is changed but the package clients' caches.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One process a processor, at most four: a Lean takes 2 GB. Files keep their order, the long ones are not the last.
PROCESSES := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder -p no:benchmark
EXTRAS := dev,torch,onnx,parquet,report,dask,sympy,sklearn,docs

.PHONY: scale setup test test-all lint demo docs bench checker clean paper digits campaign fuzz

$(VENV)/.ready: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[$(EXTRAS)]"
	touch $@

setup: $(VENV)/.ready

test: setup
	$(BIN)/python -m pytest -m "not slow" $(PROCESSES)

test-all: setup
	$(BIN)/python -m pytest $(PROCESSES)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

demo: setup
	$(BIN)/eigenstill demo --out demo

docs: setup
	$(BIN)/python -m sphinx -W --keep-going -E -q -b html docs docs/_build/html

paper: setup
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[bench]"
	$(BIN)/python -m benchmarks.paper.confirmation
	$(BIN)/python -m benchmarks.paper

digits: setup
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[bench,report]"
	$(BIN)/python -m benchmarks.digits

bench: setup
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[bench]"
	$(BIN)/python -m pytest benchmarks --benchmark-only --benchmark-columns=min,median,max,rounds --benchmark-sort=name -W default

# 20,000 changed certificates, every verdict judged, and the figures written into docs/security.md.
campaign: setup
	PYTHONPATH=tests $(BIN)/python -m attacks.campaign --cases 20000 --out docs/security.md

fuzz: setup
	PYTHONPATH=tests $(BIN)/python -m fuzz.long --seconds 60 --out docs/security.md
scale: setup
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[bench]"
	$(BIN)/python -m benchmarks.scale
	$(BIN)/python -m benchmarks.checking
	EIGENSTILL_LEAN=registry $(BIN)/python -m benchmarks.lean

checker: setup
	$(BIN)/python tools/build_checker.py eigenstill-check.pyz

clean:
	rm -rf $(VENV) demo build dist docs/_build eigenstill-check.pyz
