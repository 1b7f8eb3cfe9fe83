"""What a result must carry so that somebody can trust it: versions, commit, device, CPU seconds."""

import importlib.metadata
import json
import os
import platform
import subprocess
import sys

import pixvox
from pixvox.datasets import store

# What can change a result. data/results and the outputs of notebooks are results themselves.
_SOURCES = ("src", "notebooks", "data", "pyproject.toml", "requirements.lock", ":(exclude)data/results")


def versions() -> dict[str, str]:
    """Return the versions that decide a result; imports none of the packages.

    Returns:
        Strings for python, tensorflow, keras, numpy and pixvox; "not installed" for what is missing. Where
        Keras computes with another backend, this stands in TensorFlow's place, for instance "jax".
    """
    name = _backend()
    return {
        "python": platform.python_version(),
        name: _installed(name) if name != "tensorflow" else _installed("tensorflow-cpu", "tensorflow"),
        "keras": _installed("keras"),
        "numpy": _installed("numpy"),
        "pixvox": pixvox.__version__,
    }


def _backend() -> str:
    """Return the backend of an already loaded Keras; before that, the one that the course is for."""
    keras = sys.modules.get("keras")
    return keras.config.backend() if hasattr(keras, "config") else "tensorflow"


def _installed(*names: str) -> str:
    """Return the version of the first of these distributions that is installed."""
    for name in names:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return "not installed"


def commit() -> str:
    """Return the git commit (12 hex digits) of the checkout that is running.

    "+changes" is added when code, lessons or data differ from the commit. Results and a
    notebook's outputs do not count: keeping one lesson must not make the next one look changed. Outside a
    checkout it is "unknown".
    """
    top = _git("rev-parse", "--show-toplevel")
    head = _git("rev-parse", "--verify", "HEAD")
    if top is None or head is None or not store.ROOT.samefile(top.strip()):
        return "unknown"
    listing = _git("status", "--porcelain", "--no-renames", "--untracked-files=all", "-z", "--", *_SOURCES)
    dirty = any(_differs(entry[:2], entry[3:]) for entry in (listing or "").split("\0") if entry)
    return head.strip()[:12] + ("+changes" if dirty else "")


def _differs(state: str, relative: str) -> bool:
    """Say whether a file that git lists is changed in more than a notebook's outputs."""
    if not relative.endswith(".ipynb") or "M" not in state or "D" in state:
        return True
    committed = _git("show", f"HEAD:{relative}")
    try:
        present = (store.ROOT / relative).read_text(encoding="utf-8")
        return committed is None or _cells(committed) != _cells(present)
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _cells(notebook: str) -> list[tuple[str, str]]:
    """Return (type, source) of each cell of a notebook's JSON text."""
    return [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(notebook)["cells"]]


def _git(*arguments: str) -> str | None:
    """Return what a git command prints, or None when git or the checkout is not there."""
    command = ["git", "--no-optional-locks", *arguments]
    said = {"capture_output": True, "encoding": "utf-8", "errors": "surrogateescape"}  # a name may be Latin-1
    try:
        done = subprocess.run(command, cwd=store.ROOT, timeout=30, **said)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def device() -> str:
    """Return the device that computes, for instance "CPU, 2 cores" or "GPU NVIDIA L4; CPU, 8 cores".

    Graphics processors are named only where TensorFlow or JAX is already loaded; this never loads them.
    """
    cpu = f"CPU, {cores()} cores" if cores() > 1 else "CPU, 1 core"
    return "; ".join([*_gpus(), cpu])


def cores() -> int:
    """Return the number of CPU cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _gpus() -> list[str]:
    """Name the graphics processors that an already loaded TensorFlow or JAX sees."""
    if _backend() == "jax" and "jax" in sys.modules:
        devices = sys.modules["jax"].devices()
        return [f"GPU {found.device_kind}" for found in devices if found.platform == "gpu"]
    config = getattr(sys.modules.get("tensorflow"), "config", None)
    if config is None:
        return []
    gpus = config.list_physical_devices("GPU")
    details = [config.experimental.get_device_details(gpu) for gpu in gpus]
    return [f"GPU {detail.get('device_name', 'unnamed')}" for detail in details]
