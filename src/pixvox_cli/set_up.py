"""Makes .venv from requirements.lock, for `make`: called by its path, by a Python that has no packages yet.

The stamp .venv/ready, written last, holds what it was made from: that is compared, and no times of files.
"""

import hashlib
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements.lock", "pyproject.toml")
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
READY = VENV / "ready"
PIP = (str(PYTHON), "-m", "pip", "install", "--no-user", "--quiet", "--disable-pip-version-check")
STEPS = (  # by the Python below .venv, which `set_up` sees to
    (*PIP, "--require-hashes", "-r", "requirements.lock"),
    (*PIP, "--no-deps", "--no-build-isolation", "-e", "."),
)


def main() -> int:
    """Make .venv, unless it is there and whole; wait for another call that makes it. Return the status."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        text = f"expected Python 3.11, 3.12 or 3.13, got {platform.python_version()}"
        print(f"{text}. Type `make PYTHON=/path/to/python`.")
        return 2
    if is_ready():
        return 0
    sys.path.insert(0, str(ROOT / "src"))  # the course is not installed yet
    from pixvox_cli.places import waited_for

    def tell(error: BlockingIOError) -> None:
        print("Another `make` sets up .venv: waiting for it", flush=True)

    with waited_for(ROOT / "build" / "set-up.lock", tell):
        return 0 if is_ready() else set_up()


def made_from() -> bytes:
    """Return what .venv is made from: the contents of both files, the folder, the Python."""
    sums = [f"{name} {hashlib.sha256((ROOT / name).read_bytes()).hexdigest()}" for name in FILES]
    python = f"Python {sys.version_info.major}.{sys.version_info.minor} in {sys.base_prefix}"
    return os.fsencode("\n".join([*sums, f"folder {ROOT}", python]) + "\n")


def is_ready() -> bool:
    """Say whether .venv was made from what is there now, and its Python still runs."""
    try:
        return READY.read_bytes() == made_from() and not _call((str(PYTHON), "-c", ""))[0]
    except OSError:
        return False


def set_up() -> int:
    """Make .venv anew; show what a step wrote if it fails, and return its status."""
    print("Setting up .venv from requirements.lock (once; about two minutes and 2 GB)", flush=True)
    READY.unlink(missing_ok=True)
    python = getattr(sys, "_base_executable", sys.executable)  # not the one below the .venv that is cleared
    for step in ((python, "-m", "venv", "--clear", str(VENV)), *STEPS):
        status, text = _call(step)
        if status:
            print(f"{text}\nexpected to set up .venv, got the status {status} of: {' '.join(step)}")
            return max(1, status)
    READY.write_bytes(made_from())
    return 0


def _call(command: tuple[str, ...]) -> tuple[int, str]:
    """Call a program in the repository's folder; return its exit status and all it wrote."""
    words = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8", "errors": "replace"}
    done = subprocess.run(command, cwd=ROOT, check=False, **words)
    return done.returncode, done.stdout.strip()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OSError as error:
        sys.exit(f"expected to set up .venv, got: {error}")
    except KeyboardInterrupt:
        sys.exit("interrupted; the next `make` sets up .venv from the beginning")
