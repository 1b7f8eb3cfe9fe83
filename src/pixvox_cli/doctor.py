"""Looks at the machine and says what the course lacks, and what to type about it."""

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from rich.table import Table

from pixvox import backend
from pixvox.datasets import store
from pixvox_cli.console import make_console

GOOD, NOTE, WRONG = "good", "note", "wrong"
STYLES = {GOOD: "green", NOTE: "yellow", WRONG: "bold red"}
SAMPLE_GIGABYTES, FULL_GIGABYTES = 0.5, 5
PATIENCE_SECONDS = 300  # for TensorFlow's first import, which on a cold disk takes a minute
INSTALL = "python -m pip install --require-hashes -r requirements.lock"
LOOK_AT_TENSORFLOW = """
from pixvox import backend, provenance
backend.load_quietly()
versions = provenance.versions()
print(f"{versions['tensorflow']} with Keras {versions['keras']}; computes on {provenance.device()}")
"""


class Finding(NamedTuple):
    """What was looked at, how it is ("good", "note", "wrong"), the details, the command that mends it.

    Only what the sample profile cannot do without is "wrong".
    """

    what: str
    state: str
    detail: str
    remedy: str = ""


def diagnose() -> int:
    """Look at machine and data, and print a table; return 1 if the sample profile cannot run, else 0."""
    console = make_console()
    looks = (look_at_python, look_at_packages, look_at_tensorflow, look_at_kernel, look_at_disk)
    with console.status("looking at packages, TensorFlow and the data"):
        findings = [look() for look in looks]
        findings += [look_at_data(name, kind) for kind in store.PROFILES for name in store.names(kind)]
    table = Table("what", "state", "details")
    for finding in findings:
        mend = f"\ntype: {finding.remedy}" if finding.remedy else ""
        table.add_row(finding.what, finding.state, finding.detail + mend, style=STYLES[finding.state])
    console.print(table)
    wrong = [finding.what for finding in findings if finding.state == WRONG]
    if wrong:
        console.print(f"Wrong, and needed by the sample profile: {', '.join(wrong)}.", soft_wrap=True)
        return 1
    console.print("The sample profile has all it needs. Type `pixvox run`.")
    return 0


def look_at_python() -> Finding:
    """Look whether the course is installed in this Python; pip installs it in those that the lock covers."""
    detail = f"{platform.python_version()} at {sys.executable}"
    try:
        importlib.metadata.version("pixvox")
    except importlib.metadata.PackageNotFoundError:
        text = f"expected pixvox to be installed in Python {detail}, it is not"
        return Finding("Python", WRONG, text, "python -m pip install --no-deps -e .")
    return Finding("Python", GOOD, detail)


def look_at_packages() -> Finding:
    """Ask pip whether packages have what they ask for; the sample needs what pixvox asks for."""
    status, text = _run("-m", "pip", "check")
    if not status:
        return Finding("packages", GOOD, text)
    needed = any(line.startswith("pixvox ") for line in text.splitlines())
    return Finding("packages", WRONG if needed else NOTE, text, INSTALL)


def look_at_tensorflow() -> Finding:
    """Load TensorFlow and Keras in another process, where their chatter does not show."""
    chosen = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if chosen != "tensorflow":
        detail = f"expected Keras to compute with TensorFlow, got KERAS_BACKEND={chosen}"
        return Finding("TensorFlow", WRONG, detail, backend.UNSET)
    status, text = _run("-c", LOOK_AT_TENSORFLOW)
    if status:
        return Finding("TensorFlow", WRONG, f"cannot be loaded: {text.splitlines()[-1]}", INSTALL)
    return Finding("TensorFlow", GOOD, text.splitlines()[0])


def _run(*words: str) -> tuple[int, str]:
    """Run this Python with some arguments; return its exit status, and what it wrote."""
    command = [sys.executable, *words]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=PATIENCE_SECONDS
        )
    except subprocess.TimeoutExpired:
        return 1, f"it took more than {PATIENCE_SECONDS} s"
    return done.returncode, (done.stdout + done.stderr).strip() or f"exit status {done.returncode}"


def look_at_kernel() -> Finding:
    """Look whether the Jupyter kernel "python3" starts this Python."""
    what, here = "Jupyter kernel", Path(sys.executable)
    try:
        starts = Path(KernelSpecManager().get_kernel_spec("python3").argv[0])
    except NoSuchKernel as error:
        return Finding(what, WRONG, str(error), INSTALL)
    # A bare name such as "python" is replaced by the Python that starts the kernel. Links stay unresolved:
    # the Pythons of two virtual environments may be links to one file.
    if len(starts.parts) == 1 or starts.parent == here.parent:
        return Finding(what, GOOD, f"python3 starts {here}")
    detail = f"expected python3 to start {here}, got {starts}"
    return Finding(what, WRONG, detail, "python -m ipykernel install --sys-prefix")


def look_at_disk() -> Finding:
    """Look how much room is left where the course is."""
    free = shutil.disk_usage(store.ROOT).free / 1e9
    state = WRONG if free < SAMPLE_GIGABYTES else NOTE if free < FULL_GIGABYTES else GOOD
    needs = f"the sample profile needs {SAMPLE_GIGABYTES} GB, the full data {FULL_GIGABYTES} GB"
    return Finding("disk", state, f"{free:.1f} GB free; {needs}")


def look_at_data(name: str, profile: str) -> Finding:
    """Look whether a data set is there and right in a profile."""
    state, detail, remedy = store.status(name, profile)
    what = f"{name}, {profile}"
    if state == "there":
        return Finding(what, GOOD, detail)
    return Finding(what, WRONG if profile == "sample" else NOTE, f"{state}: {detail}", remedy)
