"""Looks at the machine and says what the course lacks, and what to type about it."""

import importlib.metadata
import json
import platform
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from rich.table import Table

from pixvox.datasets import store
from pixvox_cli.console import make_console

PYTHONS = ((3, 11), (3, 13))  # oldest and newest that the lock covers
GOOD, NOTE, WRONG = "good", "note", "wrong"
STYLES = {GOOD: "green", NOTE: "yellow", WRONG: "bold red"}
SAMPLE_GIGABYTES, FULL_GIGABYTES = 0.5, 5
PATIENCE_SECONDS = 300  # for TensorFlow's first import, which on a cold disk takes a minute
NAMED = 4  # packages listed by name in one row
INSTALL = "python -m pip install --require-hashes -r requirements.lock"
LOOK_AT_TENSORFLOW = """
import json, keras, tensorflow as tf
gpus = [tf.config.experimental.get_device_details(gpu).get("device_name", "unnamed")
        for gpu in tf.config.list_physical_devices("GPU")]
print(json.dumps({"tensorflow": tf.__version__, "keras": keras.__version__, "gpus": gpus}))
"""


class Finding(NamedTuple):
    """What was looked at, how it is ("good", "note", "wrong"), the details, the command that mends it.

    Only what the sample profile cannot do without is "wrong".
    """

    what: str
    state: str
    detail: str
    remedy: str = ""


def diagnose(console=None) -> int:
    """Look at Python, packages, TensorFlow, Jupyter, disk and data, and print a table.

    Args:
        console: a rich console; None stands for standard output.

    Returns:
        the exit status: 1 when something is wrong that the sample profile needs, else 0.
    """
    console = console or make_console()
    with console.status("looking at TensorFlow and the data") if console.is_terminal else nullcontext():
        findings = [
            look_at_python(),
            look_at_packages(),
            look_at_tensorflow(),
            look_at_kernel(),
            look_at_disk(),
        ]
        findings += [
            look_at_data(name, profile) for profile in store.PROFILES for name in store.names(profile)
        ]
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
    """Look whether the lock covers this Python."""
    oldest, newest = PYTHONS
    detail = f"{platform.python_version()} at {sys.executable}"
    if oldest <= sys.version_info[:2] <= newest:
        return Finding("Python", GOOD, detail)
    return Finding(
        "Python", WRONG, f"expected 3.11, 3.12 or 3.13, found {detail}", "make run PYTHON=python3.13"
    )


def look_at_packages() -> Finding:
    """Compare the installed packages with requirements.lock."""
    what, lock = "packages", store.ROOT / "requirements.lock"
    if not lock.is_file():
        return Finding(what, NOTE, "requirements.lock is not there", "git checkout -- requirements.lock")
    locked = locked_versions(lock.read_text(encoding="utf-8"))
    installed = {name: _installed(name) for name in locked}
    missing = [name for name, version in installed.items() if version is None]
    differ = {name: version for name, version in installed.items() if version not in (None, locked[name])}
    other = [f"{name} {version} (lock: {locked[name]})" for name, version in differ.items()]
    parts = [f"{len(locked)} in the lock"]
    parts += [f"missing: {_few(missing)}"] if missing else []
    parts += [f"other versions: {_few(other)}"] if other else []
    state = WRONG if needed_packages() & set(missing) else NOTE if missing or other else GOOD
    return Finding(what, state, "; ".join(parts), INSTALL if state != GOOD else "")


def locked_versions(text: str) -> dict[str, str]:
    """Return {package: version} of the lines of a lock that hold on this machine."""
    versions = {}
    for line in text.splitlines():
        try:
            requirement = Requirement(line.split("#")[0].rstrip("\\ "))
        except InvalidRequirement:  # a hash, a comment or an empty line
            continue
        if requirement.marker is None or requirement.marker.evaluate():
            version = next(iter(requirement.specifier), None)
            versions[canonicalize_name(requirement.name)] = version.version if version else ""
    return versions


def needed_packages() -> set[str]:
    """Return the packages that pixvox asks for, and what these ask for, without what only developers need."""
    found, waiting = {"pixvox"}, ["pixvox"]
    while waiting:
        name = waiting.pop()
        try:
            texts = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        requirements = [Requirement(text) for text in texts]
        for requirement in requirements:
            wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            key = canonicalize_name(requirement.name)
            if wanted and key not in found:
                found.add(key)
                waiting.append(key)
    return found


def _installed(name: str) -> str | None:
    """Return a package's version, or None."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _few(names: list[str]) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def look_at_tensorflow() -> Finding:
    """Import TensorFlow and Keras in another process, where their chatter does not show."""
    command = [sys.executable, "-c", LOOK_AT_TENSORFLOW]
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=PATIENCE_SECONDS
        )
    except subprocess.TimeoutExpired:
        return Finding("TensorFlow", WRONG, f"its import took more than {PATIENCE_SECONDS} s", INSTALL)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"its process ended with status {done.returncode}"]
        return Finding("TensorFlow", WRONG, f"cannot be imported: {lines[-1]}", INSTALL)
    found = json.loads(done.stdout.splitlines()[-1])
    devices = ", ".join(["CPU"] + [f"GPU {name}" for name in found["gpus"]])
    return Finding(
        "TensorFlow", GOOD, f"{found['tensorflow']} with Keras {found['keras']}; computes on {devices}"
    )


def look_at_kernel() -> Finding:
    """Look whether the Jupyter kernel "python3" starts this Python."""
    what, mend = "Jupyter kernel", "python -m ipykernel install --sys-prefix"
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

        spec = KernelSpecManager().get_kernel_spec("python3")
    except ImportError as error:
        return Finding(what, WRONG, f"Jupyter is not installed: {error}", INSTALL)
    except NoSuchKernel:
        return Finding(what, WRONG, "there is no kernel python3", mend)
    starts = Path(spec.argv[0])
    here = Path(sys.executable)
    # A bare name such as "python" is replaced by the Python that starts the kernel. Links stay unresolved:
    # the Pythons of two virtual environments may be links to one file.
    if len(starts.parts) == 1 or starts.parent == here.parent:
        return Finding(what, GOOD, f"python3 starts {here}")
    return Finding(what, WRONG, f"python3 starts {starts}, expected {here}", mend)


def look_at_disk() -> Finding:
    """Look how much room is left where the course is."""
    free = shutil.disk_usage(store.ROOT).free / 1e9
    detail = f"{free:.1f} GB free"
    if free < SAMPLE_GIGABYTES:
        return Finding("disk", WRONG, f"{detail}, the sample profile needs {SAMPLE_GIGABYTES} GB")
    if free < FULL_GIGABYTES:
        return Finding(
            "disk", NOTE, f"{detail}, enough for the sample; the full data need {FULL_GIGABYTES} GB"
        )
    return Finding("disk", GOOD, detail)


def look_at_data(name: str, profile: str) -> Finding:
    """Look whether a data set is there and right in a profile."""
    state, detail, remedy = store.status(name, profile)
    what = f"{name}, {profile}"
    if state == "there":
        return Finding(what, GOOD, detail)
    return Finding(what, WRONG if profile == "sample" else NOTE, f"{state}: {detail}", remedy)
