"""What `make test` says of a cell that writes to standard error."""

import os
import shutil
import subprocess
import sys

import nbformat

from pixvox.datasets.store import ROOT


def test_a_cells_standard_error_is_told(tmp_path):
    shutil.copyfile(ROOT / "notebooks" / "conftest.py", tmp_path / "conftest.py")
    cell = nbformat.v4.new_code_cell(
        "import sys\nprint(6 * 7)\nprint('nobody', 'expected', 'this', file=sys.stderr)",
        metadata={"tags": ["nbval-check-output"]},
        outputs=[nbformat.v4.new_output("stream", name="stdout", text="42\n")],
    )
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "one.ipynb")
    words = ("--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider", f"--rootdir={tmp_path}")
    command = [sys.executable, "-m", "pytest", "-q", "--color=no", *words, tmp_path]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and "nobody expected this" in done.stdout, done.stdout + done.stderr
