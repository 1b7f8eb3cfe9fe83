"""The same twice: a lesson's results do not depend on how many run at once, nor on a machine's cores."""

import json
import os
import subprocess
import sys

from pixvox.datasets import store
from pixvox_studies.row import ONE_THREAD

LESSON = "10"  # trains networks and regressions, and is soon done


def results(build, variables):
    """Run the lesson in a process of its own, as `pixvox run` does; return its results without the times."""
    outer = {name: value for name, value in os.environ.items() if name not in ONE_THREAD}
    environment = {**outer, "PIXVOX_BUILD": str(build), "PIXVOX_PROFILE": "sample", **variables}
    command = [sys.executable, "-m", "pixvox_cli.main", "run", LESSON, "--jobs", "1"]
    done = subprocess.run(command, env=environment, cwd=store.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = (build / "sample").glob(f"{LESSON}_*.json")
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found.pop("run")["cpu_seconds"] > 0
    return found


def test_a_lesson_gives_the_same_results_alone_and_as_one_of_several(tmp_path):
    alone = results(tmp_path / "alone", {})
    assert alone["headline"] and alone["expectations"]
    assert results(tmp_path / "beside", ONE_THREAD) == alone
