import importlib.metadata
import io
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from rich.console import Console

from pixvox.datasets import store
from pixvox_cli import console, doctor

LOCK = """# made by a program
here==1.0 \\
    --hash=sha256:00 \\
    --hash=sha256:11
    # via pixvox
elsewhere==2.0 ; sys_platform == 'amiga' \\
    --hash=sha256:22
Two.Words==3.0 ; python_version >= '3.11' \\
    --hash=sha256:33
"""
NEEDS = {
    "pixvox": ["here", "elsewhere ; sys_platform == 'amiga'", "tool ; extra == 'dev'"],
    "here": ["two_words"],
}


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """A lock, and a machine on which `installed` says what is installed."""
    installed = {"pixvox": "0.1", "here": "1.0", "two-words": "3.0"}

    def version(name):
        if name not in installed:
            raise importlib.metadata.PackageNotFoundError(name)
        return installed[name]

    def requires(name):
        version(name)
        return NEEDS.get(name)

    monkeypatch.setattr(store, "ROOT", tmp_path)
    monkeypatch.setattr(doctor.importlib.metadata, "version", version)
    monkeypatch.setattr(doctor.importlib.metadata, "requires", requires)
    (tmp_path / "requirements.lock").write_text(LOCK, encoding="utf-8")
    return installed


def test_python_is_one_the_lock_covers(monkeypatch):
    assert doctor.look_at_python().state == "good"
    monkeypatch.setattr(doctor.sys, "version_info", (3, 14, 0))
    finding = doctor.look_at_python()
    assert finding.state == "wrong" and finding.detail.startswith("expected 3.11, 3.12 or 3.13, found")


def test_the_lock_is_read_for_this_machine():
    assert doctor.locked_versions(LOCK) == {"here": "1.0", "two-words": "3.0"}


def test_packages_as_locked(packages):
    assert doctor.look_at_packages() == ("packages", "good", "2 in the lock", "")


def test_another_version_is_a_note(packages):
    packages["here"] = "1.5"
    finding = doctor.look_at_packages()
    assert finding[1:] == ("note", "2 in the lock; other versions: here 1.5 (lock: 1.0)", doctor.INSTALL)


def test_a_missing_package_that_the_lessons_need_is_wrong(packages):
    del packages["two-words"]
    assert doctor.look_at_packages()[1:3] == ("wrong", "2 in the lock; missing: two-words")


def test_a_missing_tool_is_a_note(packages, tmp_path):
    (tmp_path / "requirements.lock").write_text(LOCK + "tool==1\n", encoding="utf-8")
    assert doctor.look_at_packages()[1:3] == ("note", "3 in the lock; missing: tool")


def test_many_packages_are_counted(packages, tmp_path):
    lines = [f"tool{number}==1" for number in range(9)]
    (tmp_path / "requirements.lock").write_text("\n".join(lines), encoding="utf-8")
    finding = doctor.look_at_packages()
    assert finding.detail == "9 in the lock; missing: tool0, tool1, tool2, tool3 and 5 more"


def test_a_missing_lock_is_a_note(packages, tmp_path):
    (tmp_path / "requirements.lock").unlink()
    assert doctor.look_at_packages().remedy == "git checkout -- requirements.lock"


def run_returning(code, out="", err=""):
    return lambda *arguments, **options: SimpleNamespace(returncode=code, stdout=out, stderr=err)


def test_tensorflow_and_its_devices(monkeypatch):
    found = json.dumps({"tensorflow": "2.21.0", "keras": "3.15", "gpus": ["L4"]})
    monkeypatch.setattr(doctor.subprocess, "run", run_returning(0, f"chatter\n{found}\n", "oneDNN"))
    finding = doctor.look_at_tensorflow()
    assert finding == ("TensorFlow", "good", "2.21.0 with Keras 3.15; computes on CPU, GPU L4", "")


def test_a_tensorflow_that_does_not_load(monkeypatch):
    monkeypatch.setattr(doctor.subprocess, "run", run_returning(1, "", "Traceback\nImportError: DLL\n"))
    assert doctor.look_at_tensorflow().detail == "cannot be imported: ImportError: DLL"
    monkeypatch.setattr(doctor.subprocess, "run", run_returning(-4))
    assert doctor.look_at_tensorflow().detail == "cannot be imported: its process ended with status -4"

    def slow(command, *, timeout, **options):
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(doctor.subprocess, "run", slow)
    assert "took more than 300 s" in doctor.look_at_tensorflow().detail


def test_the_kernel_starts_this_python(monkeypatch, tmp_path):
    from jupyter_client import kernelspec

    def kernel(argv):
        def get(self, name):
            if argv is None:
                raise kernelspec.NoSuchKernel(name)
            return SimpleNamespace(argv=argv)

        monkeypatch.setattr(kernelspec.KernelSpecManager, "get_kernel_spec", get)
        return doctor.look_at_kernel()

    assert kernel(["python", "-m"]).state == kernel([sys.executable, "-m"]).state == "good"
    other = str(tmp_path / "python")
    assert kernel([other])[1:3] == ("wrong", f"python3 starts {other}, expected {sys.executable}")
    assert kernel(None).detail == "there is no kernel python3"
    monkeypatch.setitem(sys.modules, "jupyter_client.kernelspec", None)
    assert kernel(["python"]).remedy == doctor.INSTALL


@pytest.mark.parametrize(("gigabytes", "state"), [(0.4, "wrong"), (4, "note"), (6, "good")])
def test_disk_space(monkeypatch, gigabytes, state):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: SimpleNamespace(free=gigabytes * 1e9))
    finding = doctor.look_at_disk()
    assert finding.state == state and f"{gigabytes:.1f} GB free" in finding.detail


def test_only_the_sample_needs_its_data(monkeypatch):
    answers = {
        "sample": ("missing", "no file", "pixvox sketch digits"),
        "full": ("wrong", "no keys", "pixvox fetch"),
    }
    monkeypatch.setattr(store, "status", lambda name, profile: answers[profile])
    assert doctor.look_at_data("mnist", "sample") == (
        "mnist, sample",
        "wrong",
        "missing: no file",
        "pixvox sketch digits",
    )
    assert doctor.look_at_data("mnist", "full").state == "note"
    monkeypatch.setattr(store, "status", lambda name, profile: ("there", "360 digits", ""))
    assert doctor.look_at_data("mnist", "full") == ("mnist, full", "good", "360 digits", "")


@pytest.fixture
def machine(monkeypatch):
    """A machine on which all is well."""
    for name in ("python", "packages", "tensorflow", "kernel", "disk"):
        finding = doctor.Finding(name, "good", "as it should be")
        monkeypatch.setattr(doctor, f"look_at_{name}", lambda finding=finding: finding)
    monkeypatch.setattr(store, "status", lambda name, profile: ("there", "all of it", ""))


def test_a_good_machine_passes_in_plain_text(machine, capsys):
    assert doctor.diagnose() == 0
    shown = capsys.readouterr().out
    assert "mnist, sample" in shown and "mnist, full" in shown and "Type `pixvox run`." in shown
    assert "\x1b" not in shown


def test_what_the_sample_needs_decides(machine, monkeypatch, capsys):
    monkeypatch.setattr(
        store,
        "status",
        lambda name, profile: ("missing", "no file", "mend it") if profile == "full" else ("there", "x", ""),
    )
    assert doctor.diagnose() == 0
    assert "type: mend it" in capsys.readouterr().out
    monkeypatch.setattr(doctor, "look_at_disk", lambda: doctor.Finding("disk", "wrong", "full"))
    assert doctor.diagnose() == 1
    assert "Wrong, and needed by the sample profile: disk." in capsys.readouterr().out


def test_a_terminal_gets_colours(machine):
    file = io.StringIO()
    assert doctor.diagnose(Console(file=file, force_terminal=True, width=100)) == 0
    assert "\x1b[" in file.getvalue()


def test_this_machine_is_looked_at(monkeypatch):
    finding = doctor.look_at_packages()
    assert finding.state != "wrong", finding.detail


def test_a_console_without_a_terminal_writes_text_as_it_is(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    file = io.StringIO()
    console.make_console(file).print("[bold]x[/bold] :smile: " + "y" * 100, style="red")
    assert file.getvalue() == "[bold]x[/bold] :smile: " + "y" * 100 + "\n"
