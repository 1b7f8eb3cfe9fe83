"""What can go wrong while a part of the course writes: each fault is done to it, and then it must come right.

`try_fault` is one trial. It raises AssertionError if something was lost, something wrong was taken for good,
the next run failed, or half-made things stayed behind.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from support.local_server import Answer, serve
from unbroken.course import PARTS, environment, make_course, make_mirror

from pixvox.datasets.files import STAGING

PATIENCE = 300  # seconds, for one run of a part
NOBODY = "http://127.0.0.1:9"  # a port at which nobody listens
YEARS = (1975, 2040)
SYSTEM = {
    "disk full": "m",
    "read-only disk": "m",
    "no network": "n",
}  # faults that need name spaces of their own


class Trial(NamedTuple):
    """A part, its course's folder, the mirror's address, random numbers; a clean run's results, seconds."""

    part: str
    course: Path
    mirror: str
    rng: random.Random
    expected: dict
    seconds: float

    def start(self, mirror: str | None = None) -> subprocess.Popen:
        """Start the part, in a process group of its own."""
        return subprocess.Popen(
            PARTS[self.part].words(self.course, mirror or self.mirror),
            cwd=self.course,
            env=environment(self.course),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def results(self) -> dict:
        """Return what lies there now."""
        return PARTS[self.part].results(self.course)


def end(process: subprocess.Popen) -> tuple[int, str]:
    """Wait for a process; return its exit status, and what it wrote."""
    try:
        out, _ = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise AssertionError("it hung") from None
    assert "Traceback" not in out, out
    return process.returncode, out


def kill(trial: Trial) -> None:
    """Kill the process, or all that it started too, at a random moment."""
    process = trial.start()
    time.sleep(trial.rng.uniform(0, trial.seconds))
    (os.killpg if trial.rng.random() < 0.5 else os.kill)(process.pid, signal.SIGKILL)
    with process:  # its pipes, which what it started may hold open a while
        process.wait()


def fill_disk(trial: Trial) -> None:
    """Leave it a random number of bytes, fewer than it needs or just enough."""
    with _small_disk(trial.course) as room:
        filler = trial.course / "filler"
        filler.write_bytes(bytes(room - trial.rng.randrange(0, 300_000)))
        before = trial.results()
        status, out = end(trial.start())
        assert status == 0 or "No space left" in out or "full disk" in out, out
        _check_whole(trial, before)
        filler.unlink()
        _check_next_run(trial)


@contextmanager
def _small_disk(folder: Path):
    """Put a folder on a disk of its own, in memory; give how many bytes are free there."""
    aside = folder.with_name("aside")
    shutil.copytree(folder, aside, symlinks=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], check=True)
    try:
        shutil.copytree(aside, folder, symlinks=True, dirs_exist_ok=True)
        yield shutil.disk_usage(folder).free
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        shutil.rmtree(aside)


def forbid_writing(trial: Trial) -> None:
    """Make the whole course read-only for a while."""
    course = trial.course
    subprocess.run(["mount", "--bind", course, course], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", course], check=True)
        status, out = end(trial.start())
        assert status == 0 or "Read-only" in out, out
    finally:
        subprocess.run(["umount", "-l", course], check=True)


def turn_clock(trial: Trial) -> None:
    """Kill it, and give all files times of another year."""
    kill(trial)
    seconds = (trial.rng.choice(YEARS) - 1970) * 365 * 86_400
    for path in trial.course.rglob("*"):
        if "__pycache__" not in path.parts and not path.is_symlink():
            os.utime(path, (seconds, seconds))


def cut_network(trial: Trial) -> None:
    """Run it where nothing can be reached, not even the mirror."""
    status, out = end(trial.start(NOBODY))
    assert status == 0 or NOBODY.removeprefix("http://") in out or "pixvox fetch" in out, out


def run_twice(trial: Trial) -> None:
    """Start it twice, a random while apart."""
    first = trial.start()
    time.sleep(trial.rng.uniform(0, trial.seconds))
    ends = [end(process) for process in (trial.start(), first)]
    assert 0 in [status for status, _ in ends], ends
    assert all(status == 0 or "is running" in out for status, out in ends), ends


def cut_off(trial: Trial) -> None:
    """Cut a finished file off at a random place."""
    _damage(trial, lambda content: content[: trial.rng.randrange(len(content))])


def overwrite(trial: Trial) -> None:
    """Put random bytes into a finished file."""
    _damage(trial, lambda content: trial.rng.randbytes(len(content)))


def _damage(trial: Trial, change: Callable[[bytes], bytes]) -> None:
    """Let it finish, damage a file, and do as a message about it says: remove the file."""
    assert end(trial.start())[0] == 0
    path = trial.rng.choice(PARTS[trial.part].files(trial.course))
    path.write_bytes(change(path.read_bytes()))
    status, out = end(trial.start())
    if status:
        assert path.name in out and "Remove the file" in out, out
        path.unlink()
    else:
        assert trial.results() == trial.expected


FAULTS: dict[str, Callable[[Trial], None]] = {
    "SIGKILL": kill,
    "disk full": fill_disk,
    "read-only disk": forbid_writing,
    "clock jump": turn_clock,
    "file cut off": cut_off,
    "file overwritten": overwrite,
    "no network": cut_network,
    "two at once": run_twice,
}


def try_fault(part: str, fault: str, seed: int, folder: Path) -> None:
    """Make a part's course in a folder, do the fault to it, and look whether all comes right.

    Args:
        part: one of `PARTS`.
        fault: one of `FAULTS`.
        seed: of the random moments, sizes and places.
        folder: for the course, which later trials of the part use again.
    """
    course, clean = folder / part, folder / f"{part}.json"
    if not course.exists():
        make_course(course)
        shutil.copytree(course, folder / f"{part}-as-made")
    answers = {path: Answer(body, pause=0.02) for path, body in make_mirror(folder).items()}
    with serve(answers) as (mirror, _):
        trial = Trial(part, course, mirror, random.Random(seed), {}, 0.0)
        if not clean.is_file():
            begin = time.perf_counter()
            status, out = end(trial.start())
            assert status == 0, out
            clean.write_text(json.dumps([trial.results(), time.perf_counter() - begin]), encoding="utf-8")
        expected, seconds = json.loads(clean.read_text(encoding="utf-8"))
        trial = trial._replace(expected=expected, seconds=seconds)
        _set_back(course, folder / f"{part}-as-made")
        before = trial.results()
        FAULTS[fault](trial)
        if fault not in ("file cut off", "file overwritten"):
            _check_whole(trial, before)
        _check_next_run(trial)


def _set_back(course: Path, made: Path) -> None:
    """Bring a course back to how it was made; what Python compiled stays."""
    for path in course.iterdir():
        if path.name != "src":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(made, course, dirs_exist_ok=True)


def _check_whole(trial: Trial, before: dict) -> None:
    """Look whether everything is as it was or as it is to be, and nothing is gone."""
    now = trial.results()
    lost = before.keys() - now.keys()
    wrong = [name for name, value in now.items() if value not in (before.get(name), trial.expected.get(name))]
    assert not lost and not wrong, f"lost: {sorted(lost)}; wrong: {wrong}"


def _check_next_run(trial: Trial) -> None:
    """Look whether the next run ends well, with the right results, and leaves nothing half-made."""
    status, out = end(trial.start())
    assert status == 0, out
    assert trial.results() == trial.expected
    halves = [path for path in trial.course.rglob(f"{STAGING}*") if "__pycache__" not in path.parts]
    assert not halves, halves


def try_alone(part: str, fault: str, seed: int, folder: Path) -> str:
    """Do a trial in a process of its own, with its name spaces; return what went wrong, "" for nothing."""
    command = [sys.executable, "-m", "unbroken.faults", part, fault, str(seed), str(folder)]
    if fault in SYSTEM:
        command = [*name_spaces(SYSTEM[fault]), *command]
    tests = str(Path(__file__).parents[1])
    kept = {**os.environ, "PYTHONPATH": os.pathsep.join([tests, os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(command, env=kept, capture_output=True, text=True)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip()[-3000:]


def name_spaces(kinds: str) -> list[str]:
    """Return the command that starts another in name spaces of its own: "m" mounts, "n" network."""
    root = [] if os.name == "posix" and os.geteuid() == 0 else ["-r"]
    return ["unshare", *root, *(f"-{kind}" for kind in kinds)]


def can_have(kinds: str) -> bool:
    """Say whether such name spaces can be had here, by trying; none always."""
    if not kinds or not shutil.which("unshare"):
        return not kinds
    return subprocess.run([*name_spaces(kinds), "true"], capture_output=True).returncode == 0


if __name__ == "__main__":
    if SYSTEM.get(sys.argv[2]) == "n":
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    try_fault(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
