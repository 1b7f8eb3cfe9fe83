# Pixels to Voxels. `make help` lists the targets; Windows users: see README.md.

FIRST_FIT := for p in python3 python3.13 python3.12 python3.11 python; do \
  $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { echo $$p; break; }; done
PYTHON ?= $(shell $(FIRST_FIT))
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/ready
NBVAL := --nbval-lax --nbval-current-env -n 2 --dist loadscope

.DEFAULT_GOAL := help
.PHONY: help run test verify lab tensorboard notebooks data full sketch lock clean

help:  ## list the targets
	@awk -F ':.*## *' '/^[a-z]+:.*## /{printf "%-11s %s\n", $$1, $$2}' Makefile

# The stamp is written last: an installation that was interrupted is begun again, a finished one is kept
# until the lock or the project file changes.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 was not found. Install one, or type: make PYTHON=/path/to/python $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV) from requirements.lock (once; about two minutes and 2 GB)"
	@rm -f $(READY)
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "for this lock" > $(READY)

run: $(READY)  ## run every lesson top to bottom on the sample data; a table of results and times
	$(BIN)/pixvox run

# One thread a worker: two notebooks run at once.
test: export PIXVOX_PROFILE = sample
test: export KERAS_BACKEND = tensorflow
test: export OMP_NUM_THREADS = 1
test: export TF_NUM_INTRAOP_THREADS = 1
test: export TF_NUM_INTEROP_THREADS = 1
test: $(READY)  ## lint, unit tests, and every notebook re-run and compared (nbval)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest -n 2 tests
	PIXVOX_STRICT=1 $(BIN)/python -m pytest $(NBVAL) notebooks

verify: $(READY)  ## measure the day's row of each committed table of the sample again and compare
	$(BIN)/pixvox study --all --verify --profile sample

lab: $(READY)  ## open the lessons in JupyterLab
	$(BIN)/jupyter lab notebooks

tensorboard: $(READY)  ## open the embeddings in TensorBoard's projector (after make run)
	$(BIN)/python -m pixvox.embedding

notebooks: $(READY)  ## run all notebooks on the sample data and keep outputs and results
	$(BIN)/pixvox run --profile sample --keep
	$(BIN)/pixvox run evidence --profile sample --keep
	$(BIN)/pixvox report

data: $(READY)  ## fetch the published data sets into data/full
	$(BIN)/pixvox fetch

full: $(READY)  ## run every lesson on the published data and keep the results (hours)
	$(BIN)/pixvox run --profile full --keep
	$(BIN)/pixvox run evidence --profile sample --keep
	$(BIN)/pixvox report

sketch: $(READY)  ## make data/sample again
	$(BIN)/pixvox sketch digits
	$(BIN)/pixvox sketch voxels
	$(BIN)/pixvox sketch animals
	$(BIN)/pixvox sketch dial
	$(BIN)/pixvox sketch kinds
	$(BIN)/pixvox sketch faces
	$(BIN)/pixvox sketch clothes
	$(BIN)/pixvox sketch solids
	$(BIN)/pixvox sketch own-pictures

lock: $(READY)  ## make requirements.lock again for all systems (Python 3.11 to 3.13)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --extra dev --python-version 3.11 \
	  --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements.lock

clean:  ## remove what runs have made, and the environment; data/full stays
	rm -rf build $(VENV) .pytest_cache .ruff_cache .coverage
	find src tests notebooks -name __pycache__ -o -name .ipynb_checkpoints -o -name '*.egg-info' | xargs rm -rf
