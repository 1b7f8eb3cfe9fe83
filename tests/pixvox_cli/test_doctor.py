import importlib.metadata
import io
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from pixvox.datasets import store
from pixvox_cli import console, doctor


def python_answers(monkeypatch, status, out="", err=""):
    """Let every Python that the doctor starts answer so."""
    done = SimpleNamespace(returncode=status, stdout=out, stderr=err)
    monkeypatch.setattr(doctor.subprocess, "run", lambda *words, **options: done)


def test_this_machine_is_looked_at():
    assert doctor.look_at_python().state == "good"
    finding = doctor.look_at_packages()
    assert finding.state != "wrong", finding.detail


def test_a_course_that_is_not_installed_is_wrong(monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    finding = doctor.look_at_python()
    assert finding.state == "wrong" and finding.remedy.endswith("install --no-deps -e .")


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("pixvox 0.1.0 requires keras, which is not installed.", "wrong"),
        ("pixvox 0.1.0 has requirement keras>=3.12, but you have keras 3.0.", "wrong"),
        ("other 1.0 requires pixvox-friend, which is not installed.", "note"),
    ],
)
def test_what_pixvox_asks_for_is_needed_and_what_others_ask_for_is_a_note(monkeypatch, said, state):
    python_answers(monkeypatch, 1, out=said)
    finding = doctor.look_at_packages()
    assert (finding.state, finding.remedy) == (state, doctor.INSTALL) and said in finding.detail


def test_tensorflow_is_told_with_its_device(monkeypatch):
    python_answers(monkeypatch, 0, out="2.21.0 with Keras 3.15; computes on CPU\n", err="oneDNN\n")
    assert doctor.look_at_tensorflow()[1:3] == ("good", "2.21.0 with Keras 3.15; computes on CPU")


@pytest.mark.parametrize(("status", "err"), [(1, "Traceback\nImportError: DLL\n"), (-4, "")])
def test_a_tensorflow_that_does_not_load_is_wrong(monkeypatch, status, err):
    python_answers(monkeypatch, status, err=err)
    finding = doctor.look_at_tensorflow()
    assert (finding.state, finding.remedy) == ("wrong", doctor.INSTALL)
    assert ("DLL" if err else "-4") in finding.detail


def test_a_tensorflow_that_takes_forever_is_wrong(monkeypatch):
    def slow(command, *, timeout, **options):
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(doctor.subprocess, "run", slow)
    assert doctor.look_at_tensorflow().state == "wrong"


def test_the_settings_of_another_course_at_home_do_not_matter(monkeypatch, tmp_path):
    settings = {"floatx": "float32", "epsilon": 1e-7, "backend": "torch"}
    settings["image_data_format"] = "channels_first"
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text(json.dumps(settings), encoding="utf-8")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("KERAS_HOME")
    finding = doctor.look_at_tensorflow()
    assert finding.state == "good" and " with Keras 3" in finding.detail


def test_another_backend_is_named_with_what_to_type(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    finding = doctor.look_at_tensorflow()
    assert finding.state == "wrong" and "KERAS_BACKEND=jax" in finding.detail
    assert "KERAS_BACKEND" in finding.remedy and "pip" not in finding.remedy


def test_the_kernel_starts_this_python(monkeypatch, tmp_path):
    def kernel(program):
        spec = SimpleNamespace(argv=[program, "-m"])
        monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda self, name: spec)
        return doctor.look_at_kernel()

    assert kernel("python").state == kernel(sys.executable).state == "good"
    assert kernel(str(tmp_path / "python"))[1::2] == ("wrong", "python -m ipykernel install --sys-prefix")


def test_no_kernel_at_all_is_wrong(monkeypatch):
    def missing(self, name):
        raise NoSuchKernel(name)

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", missing)
    assert doctor.look_at_kernel()[1::2] == ("wrong", doctor.INSTALL)


@pytest.mark.parametrize(("gigabytes", "state"), [(0.4, "wrong"), (4, "note"), (6, "good")])
def test_disk_space(monkeypatch, gigabytes, state):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: SimpleNamespace(free=gigabytes * 1e9))
    assert doctor.look_at_disk().state == state


@pytest.mark.parametrize(("lacking", "status"), [("full", 0), ("sample", 1)])
def test_only_the_sample_needs_its_data(monkeypatch, capsys, lacking, status):
    for name in ("python", "packages", "tensorflow", "kernel", "disk"):
        finding = doctor.Finding(name, "good", "as it should be")
        monkeypatch.setattr(doctor, f"look_at_{name}", lambda finding=finding: finding)
    missing, there = ("missing", "no file", "pixvox mend"), ("there", "all of it", "")
    monkeypatch.setattr(store, "status", lambda name, profile: missing if profile == lacking else there)
    assert doctor.diagnose() == status
    shown = capsys.readouterr().out
    assert "type: pixvox mend" in shown and "mnist, sample" in shown and "mnist, full" in shown
    assert "\x1b" not in shown


def test_a_console_without_a_terminal_writes_text_as_it_is(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    file = io.StringIO()
    console.make_console(file).print("[bold]x[/bold] :smile: " + "y" * 100, style="red")
    assert file.getvalue() == "[bold]x[/bold] :smile: " + "y" * 100 + "\n"
