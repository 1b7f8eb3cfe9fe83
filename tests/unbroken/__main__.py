"""Tries to break the course, and writes how often that was tried and how often it survived.

`python -m unbroken --kills 10 --others 3` in the folder tests writes data/results/unbroken.json.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from unbroken.course import PARTS
from unbroken.faults import FAULTS, SYSTEM, can_have, try_alone

from pixvox import provenance
from pixvox.datasets.store import ROOT

RESULTS = ROOT / "data" / "results" / "unbroken.json"


def main() -> int:
    """Do all trials; return 1 if something broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10, help="SIGKILLs of each part")
    parser.add_argument("--others", type=int, default=3, help="trials of each part with each other fault")
    parser.add_argument("--parts", nargs="*", default=list(PARTS), choices=PARTS)
    parser.add_argument("--examples", default="nightly", help="hypothesis's profile: repeatable or nightly")
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    found = {"trials": [], "fuzzed": []}
    if arguments.out.is_file():
        found = json.loads(arguments.out.read_text(encoding="utf-8"))
        found["trials"] = [trial for trial in found["trials"] if trial["part"] not in arguments.parts]
    with tempfile.TemporaryDirectory() as folder:
        for part in arguments.parts:
            for fault in FAULTS if part == "fetch" else [name for name in FAULTS if name != "no network"]:
                tries = arguments.kills if fault == "SIGKILL" else arguments.others
                found["trials"].append(_count(part, fault, tries, Path(folder)))
    found["trials"].sort(key=lambda trial: list(PARTS).index(trial["part"]))
    _write(found, arguments.out)
    found["fuzzed"] = _fuzz(arguments.examples)
    _write(found, arguments.out)
    lost = [trial for trial in found["trials"] if not trial["survived"] == trial["tried"] > 0]
    for one in lost:
        print(f"not tried, or not survived: {one}")
    return int(bool(lost))


def _write(found: dict, path: Path) -> None:
    """Write what was found; trials of other parts, from an earlier call, stay."""
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _measured_by() -> dict:
    """Return what a count comes from."""
    return {"commit": provenance.commit(), "device": provenance.device()}


def _fuzz(profile: str) -> list[dict]:
    """Give every reader damaged files, as many as hypothesis's profile says; return how often it survived."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "junit.xml"
        words = [
            "test_damaged_files.py",
            f"--hypothesis-profile={profile}",
            f"--junitxml={report}",
            "-ojunit_family=xunit1",
        ]
        subprocess.run([sys.executable, "-m", "pytest", "-q", *words], cwd=ROOT / "tests", check=True)
        cases = ElementTree.parse(report).iter("testcase")
        counts = []
        for case in cases:
            found = {item.get("name"): int(item.get("value")) for item in case.iter("property")}
            if found:
                reader = case.get("name").partition("[")[2].rstrip("]")
                counts.append({"reader": reader, **found, **_measured_by()})
        return counts


def _count(part: str, fault: str, tries: int, folder: Path) -> dict:
    """Do a fault to a part some times; return how often it was tried and survived."""
    tries = tries if can_have(SYSTEM.get(fault, "")) else 0
    survived = 0
    for seed in range(tries):
        wrong = try_alone(part, fault, seed, folder)
        survived += not wrong
        if wrong:
            print(f"{part}, {fault}, seed {seed}:\n{wrong}\n", flush=True)
    print(f"{part}, {fault}: {survived} of {tries} survived", flush=True)
    return {"part": part, "fault": fault, "tried": tries, "survived": survived, **_measured_by()}


if __name__ == "__main__":
    sys.exit(main())
