# Pixels to Voxels. `make help` lists the targets; Windows users: see README.md.

VENV := .venv
SCRIPTS := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
BIN := $(VENV)/$(SCRIPTS)
SITE := .venv-site/$(SCRIPTS)
SCALE := .venv-scale/$(SCRIPTS)
FIRST_FIT := for p in $(BIN)/python python3 python3.13 python3.12 python3.11 python; do \
  $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { echo $$p; break; }; done
PYTHON ?= $(shell $(FIRST_FIT))
NBVAL := --nbval-lax --nbval-current-env -n 2 --dist loadscope

.DEFAULT_GOAL := help
.PHONY: help ready run test site check scale verify bench seeds lab tensorboard notebooks data full sketch lock clean

help:  ## list the targets
	@awk -F ':.*## *' '/^[a-z]+:.*## /{printf "%-11s %s\n", $$1, $$2}' Makefile

ready:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 was not found. Install one, or type: make PYTHON=/path/to/python $(MAKECMDGOALS)"; exit 1; }
	@"$(PYTHON)" src/pixvox_cli/set_up.py

run: ready  ## run every lesson top to bottom on the sample data; a table of results and times
	$(BIN)/python -m pixvox_cli.main run

# One thread a worker. Unit tests also wait, for processes and locks: three of them keep two cores busy.
test: export PIXVOX_PROFILE = sample
test: export KERAS_BACKEND = tensorflow
test: export OMP_NUM_THREADS = 1
test: export TF_NUM_INTRAOP_THREADS = 1
test: export TF_NUM_INTEROP_THREADS = 1
test: ready  ## lint, unit tests, and every notebook re-run and compared (nbval)
	$(BIN)/python -m ruff check --no-cache .
	$(BIN)/python -m ruff format --no-cache --check .
	$(BIN)/python -m pytest -n 3 tests
	PIXVOX_STRICT=1 $(BIN)/python -m pytest $(NBVAL) notebooks
	$(BIN)/python -m pixvox_cli.seconds

site: ready  ## build the course as a site from the committed notebooks: build/site/html/index.html
	@"$(PYTHON)" src/pixvox_cli/set_up.py .venv-site
	$(SITE)/python -m sphinx -q -W --keep-going -E -b html -d build/site/doctrees notebooks build/site/html

check: ready site  ## open every page of the site, and a lesson in JupyterLab, in a browser and look at what happens
	$(SITE)/python -m pytest --confcutdir=tests/browser tests/browser

scale: ready  ## set up and test what several machines need: Dask and JAX
	@"$(PYTHON)" src/pixvox_cli/set_up.py .venv-scale
	$(SCALE)/python -m pytest tests/scale

verify: ready  ## measure the day's row of each committed table of the sample again and compare
	$(BIN)/python -m pixvox_cli.main study --all --verify --profile sample

bench: ready  ## time our ways against others, in six minutes: build/sample/bench.json
	$(BIN)/python -m pixvox_cli.main bench

seeds: export PIXVOX_STRICT = 0
seeds: ready  ## run every lesson with seeds 0 to 4 and keep how far its expectations are from failing (forty minutes)
	for seed in 0 1 2 3 4; do PIXVOX_BUILD=build/seeds/$$seed $(BIN)/python -m pixvox_cli.main run --profile sample --seed $$seed || exit 1; done
	$(BIN)/python -m pixvox_cli.margins build/seeds

lab: export MPLBACKEND = module://matplotlib_inline.backend_inline
lab: ready  ## open the first lesson in JupyterLab; options: make lab LABFLAGS=--allow-root
	$(BIN)/python -m jupyterlab notebooks/01_mnist.ipynb $(LABFLAGS)

tensorboard: ready  ## open the embeddings in TensorBoard's projector (after make run)
	$(BIN)/python -m pixvox_cli.tensorboard

notebooks: ready  ## run all notebooks on the sample data and keep outputs and results
	$(BIN)/python -m pixvox_cli.main run --profile sample --keep
	$(BIN)/python -m pixvox_cli.main run evidence --profile sample --keep
	$(BIN)/python -m pixvox_cli.main report

data: ready  ## fetch the published data sets into data/full
	$(BIN)/python -m pixvox_cli.main fetch

full: ready  ## run every lesson on the published data and keep the results (hours)
	$(BIN)/python -m pixvox_cli.main run --profile full --keep
	$(BIN)/python -m pixvox_cli.main run evidence --profile sample --keep
	$(BIN)/python -m pixvox_cli.main report

sketch: ready  ## make data/sample again
	$(BIN)/python -m pixvox_cli.main sketch digits
	$(BIN)/python -m pixvox_cli.main sketch voxels
	$(BIN)/python -m pixvox_cli.main sketch animals
	$(BIN)/python -m pixvox_cli.main sketch dial
	$(BIN)/python -m pixvox_cli.main sketch kinds
	$(BIN)/python -m pixvox_cli.main sketch faces
	$(BIN)/python -m pixvox_cli.main sketch clothes
	$(BIN)/python -m pixvox_cli.main sketch solids
	$(BIN)/python -m pixvox_cli.main sketch own-pictures

LOCK = $(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-strip-extras --python-version 3.11 \
  --no-emit-index-url --custom-compile-command "make lock"
lock: ready  ## make the locks again for all systems (Python 3.11 to 3.13)
	$(LOCK) --extra dev pyproject.toml -o requirements.lock
	$(LOCK) --extra dev --extra scale pyproject.toml -c requirements.lock -o requirements-scale.lock
	$(LOCK) --group site -c requirements.lock -o requirements-site.lock

clean:  ## remove build and the environment; data/full stays, and so does PIXVOX_BUILD
	rm -rf build .venv .venv-site .venv-scale .pytest_cache .ruff_cache .coverage
	find src tests notebooks -name __pycache__ -o -name .ipynb_checkpoints -o -name '*.egg-info' | xargs rm -rf
