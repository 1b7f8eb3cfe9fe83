"""Makes an environment from its lock, for `make`: called by its path, by a Python that has no packages yet.

Called with the environment's name: `.venv`, the course's, where there is none, `.venv-site` or `.venv-scale`.
The stamp `ready` in it, written last, holds what it was made from: that is compared, and no times of files.
"""

import hashlib
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE_FROM = {  # the lock first
    ".venv": ("requirements.lock", "pyproject.toml"),
    ".venv-site": ("requirements-site.lock",),
    ".venv-scale": ("requirements-scale.lock", "pyproject.toml"),
}
COST = {
    ".venv": "two minutes and 2 GB",
    ".venv-site": "a minute and 0.5 GB",
    ".venv-scale": "three minutes and 2.5 GB",
}
PIP = ("-m", "pip", "install", "--no-user", "--quiet", "--disable-pip-version-check")


def main(name: str = ".venv") -> int:
    """Make an environment, unless it is whole; wait for another call that makes one. Return the status."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        text = f"expected Python 3.11, 3.12 or 3.13, got {platform.python_version()}"
        print(f"{text}. Type `make PYTHON=/path/to/python`.")
        return 2
    if is_ready(name):
        return 0
    sys.path.insert(0, str(ROOT / "src"))  # the course is not installed yet
    from pixvox_cli.places import waited_for

    def tell(error: BlockingIOError) -> None:
        print(f"Another `make` sets up {name}: waiting for it", flush=True)

    with waited_for(ROOT / "build" / "set-up.lock", tell):
        return 0 if is_ready(name) else set_up(name)


def made_from(name: str) -> bytes:
    """Return what an environment is made from: the contents of its files, the folder, the Python."""
    sums = [f"{file} {hashlib.sha256((ROOT / file).read_bytes()).hexdigest()}" for file in MADE_FROM[name]]
    python = f"Python {sys.version_info.major}.{sys.version_info.minor} in {sys.base_prefix}"
    return os.fsencode("\n".join([*sums, f"folder {ROOT}", python]) + "\n")


def python_of(name: str) -> str:
    """Return the path of an environment's Python."""
    return str(ROOT / name / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def is_ready(name: str) -> bool:
    """Say whether an environment was made from what is there now, and its Python still runs."""
    try:
        return (ROOT / name / "ready").read_bytes() == made_from(name) and not _call(
            (python_of(name), "-c", "")
        )[0]
    except OSError:
        return False


def set_up(name: str) -> int:
    """Make an environment anew; show what a step wrote if it fails, and return its status."""
    lock = MADE_FROM[name][0]
    print(f"Setting up {name} from {lock} (once; about {COST[name]})", flush=True)
    (ROOT / name / "ready").unlink(missing_ok=True)
    base = getattr(sys, "_base_executable", sys.executable)  # not the one below the .venv that is cleared
    python = python_of(name)
    steps = [
        (base, "-m", "venv", "--clear", str(ROOT / name)),
        (python, *PIP, "--require-hashes", "-r", lock),
    ]
    if "pyproject.toml" in MADE_FROM[name]:  # with the course itself
        steps.append((python, *PIP, "--no-deps", "--no-build-isolation", "-e", "."))
    for step in steps:
        status, text = _call(step)
        if status:
            print(f"{text}\nexpected to set up {name}, got the status {status} of: {' '.join(step)}")
            return max(1, status)
    (ROOT / name / "ready").write_bytes(made_from(name))
    return 0


def _call(command: tuple[str, ...]) -> tuple[int, str]:
    """Call a program in the repository's folder; return its exit status and all it wrote."""
    words = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8", "errors": "replace"}
    done = subprocess.run(command, cwd=ROOT, check=False, **words)
    return done.returncode, done.stdout.strip()


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except OSError as error:
        sys.exit(f"expected to set up {' '.join(sys.argv[1:]) or '.venv'}, got: {error}")
    except KeyboardInterrupt:
        sys.exit("interrupted; the next `make` sets up the environment from the beginning")
