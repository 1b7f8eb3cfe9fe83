"""What `make` sets up, when it does so again, and what it says; venv and pip are stand-ins."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from pixvox.datasets import store

pytestmark = pytest.mark.skipif(os.name != "posix" or not shutil.which("make"), reason="needs make and sh")

SET_UP = ["venv", "pip -r requirements.lock", "pip -e ."]
LOCKS = ("requirements.lock", "requirements-site.lock", "requirements-scale.lock")
FILES = ("Makefile", *LOCKS, "pyproject.toml", "src/pixvox_cli/set_up.py")
# Modules that take the place of venv and pip, and note in a file what they were called with.
VENV = """
import os, pathlib, sys
folder = pathlib.Path(sys.argv[-1])
assert sys.argv[1:-1] == ["--clear"]
(folder / "bin").mkdir(parents=True, exist_ok=True)
python = folder / "bin" / "python"
python.write_text('#!/bin/sh\\nexec "$REAL_PYTHON" "$@"\\n')
python.chmod(0o755)
with open(os.environ["CALLS"], "a") as calls:
    print("venv", file=calls)
"""
PIP = """
import os, sys, time
with open(os.environ["CALLS"], "a") as calls:
    print("pip", *sys.argv[-2:], file=calls)
time.sleep(float(os.environ.get("PIP_TAKES", "0")))
print("WARNING: pip has something to say")
sys.exit(int(os.environ.get("PIP_STATUS", "0")))
"""


@pytest.fixture(params=["course", 'it\'s a # $HOME "Kürs" 100%'])
def clone(tmp_path, request):
    """A clone in a folder of that name, with stand-ins for venv and pip."""
    made = tmp_path / request.param
    for name in FILES:
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(store.ROOT / name, made / name)
    shutil.copytree(store.ROOT / "src" / "pixvox", made / "src" / "pixvox")
    stand_ins = tmp_path / "stand-ins"
    stand_ins.mkdir()
    (stand_ins / "venv.py").write_text(VENV, encoding="utf-8")
    (stand_ins / "pip.py").write_text(PIP, encoding="utf-8")
    return made


def start(clone, *words, **environment):
    """Start `make` in a clone."""
    here = clone.parent
    settings = {"PYTHONPATH": str(here / "stand-ins"), "CALLS": str(here / "calls")}
    settings |= {"REAL_PYTHON": sys.executable, **environment}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON")
    }
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    words = words or ("ready", f"PYTHON={sys.executable}")
    return subprocess.Popen(["make", *words], cwd=clone, env=kept | settings, start_new_session=True, **pipes)


def make(clone, *words, **environment):
    """Call `make` in a clone; return its exit status, what it wrote, and what it called."""
    process = start(clone, *words, **environment)
    shown, _ = process.communicate(timeout=60)
    return process.returncode, shown, take_calls(clone)


def take_calls(clone):
    """Return what venv and pip were called with since the last time."""
    calls = clone.parent / "calls"
    lines = calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []
    calls.unlink(missing_ok=True)
    return lines


def test_it_is_set_up_once_quietly_and_again_only_if_what_it_is_made_from_changes(clone):
    status, shown, calls = make(clone)
    assert (status, calls) == (0, SET_UP)
    assert "Setting up .venv" in shown and "WARNING" not in shown
    assert make(clone) == (0, "", [])
    lock = clone / "requirements.lock"
    for moment in (time.time() + 1e6, 0):
        os.utime(lock, (moment, moment))
        os.utime(clone / ".venv" / "ready", (0, 0))
        assert make(clone) == (0, "", []), "times do not matter"
    for path in (lock, clone / "pyproject.toml"):
        path.write_text(path.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
        os.utime(path, (0, 0))
        assert make(clone)[2] == SET_UP and make(clone)[2] == []


@pytest.mark.parametrize("name", ["site", "scale"])
def test_other_environments_are_set_up_when_they_are_wanted(clone, name):
    make(clone)
    command = [sys.executable, "src/pixvox_cli/set_up.py", f".venv-{name}"]
    wanted = ["venv", f"pip -r requirements-{name}.lock", *["pip -e ."] * (name == "scale")]
    settings = {**os.environ, "PYTHONPATH": str(clone.parent / "stand-ins"), "REAL_PYTHON": sys.executable}
    settings["CALLS"] = str(clone.parent / "calls")
    for calls in (wanted, []):
        subprocess.run(command, cwd=clone, env=settings, check=True)
        assert take_calls(clone) == calls
    assert make(clone)[2] == []
    _, shown, _ = make(clone, "-n", "check", "scale", f"PYTHON={sys.executable}")
    assert ".venv-site/bin/python -m sphinx" in shown and f".venv-{name}/bin/python -m pytest" in shown


def test_it_is_set_up_anew_where_its_python_is_gone_or_the_clone_was_moved(clone):
    make(clone)
    (clone / ".venv" / "bin" / "python").unlink()
    assert make(clone)[2] == SET_UP
    moved = clone.rename(clone.with_name("moved"))
    assert make(moved)[2] == SET_UP and make(moved)[2] == []


def test_the_python_it_was_made_with_is_taken_again(clone):
    make(clone)
    assert make(clone, "ready") == (0, "", [])


def test_what_pip_says_is_shown_if_it_fails_and_the_next_call_begins_again(clone):
    status, shown, calls = make(clone, PIP_STATUS="3")
    assert status == 2 and calls == SET_UP[:2] and "WARNING: pip has something to say" in shown
    assert "got the status 3 of" in shown and "Traceback" not in shown
    assert make(clone)[2] == SET_UP


def wait_for_pip(clone):
    """Wait until pip runs."""
    deadline = time.monotonic() + 30
    while "pip" not in (clone.parent / "calls").read_text() if (clone.parent / "calls").exists() else True:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_set_up_is_begun_again(clone, how):
    process = start(clone, PIP_TAKES="30")
    wait_for_pip(clone)
    os.killpg(process.pid, how)
    assert "Traceback" not in process.communicate(timeout=30)[0] and process.returncode
    take_calls(clone)
    assert make(clone)[2] == SET_UP


def test_a_second_call_waits_for_the_first(clone):
    first = start(clone, PIP_TAKES="1")
    wait_for_pip(clone)
    second = start(clone)
    assert "waiting" in second.communicate(timeout=60)[0] and second.returncode == 0
    assert first.communicate(timeout=60) and first.returncode == 0
    assert take_calls(clone) == SET_UP


def test_a_dry_run_and_several_targets_at_once(clone):
    python = f"PYTHON={sys.executable}"
    status, shown, calls = make(clone, "-n", "run", python)
    assert (status, calls) == (0, []) and "pixvox_cli.main run" in shown
    assert not (clone / ".venv").exists()
    options = ["lab", "ready", "sketch", python, "LABFLAGS=--allow-root --no-browser"]
    _, shown, _ = make(clone, "-n", *options)
    assert "jupyterlab notebooks/01_mnist.ipynb --allow-root --no-browser\n" in shown
    assert make(clone, "-j4", "ready", "help", python)[2] == SET_UP


def test_no_python_is_told_with_what_to_type(clone):
    status, shown, _ = make(clone, "ready", "PYTHON=")
    assert status == 2 and "make PYTHON=/path/to/python ready" in shown
