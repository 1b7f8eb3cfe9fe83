import json
import subprocess
import sys
import types

import pytest

from pixvox import provenance
from pixvox.datasets import store


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A git checkout with a module, a notebook and a kept result, all committed."""
    root = tmp_path / "course"
    for folder in ("src", "notebooks", "data/results/sample"):
        (root / folder).mkdir(parents=True)
    (root / "src" / "code.py").write_text("x = 1\n", encoding="utf-8")
    (root / "data" / "results" / "sample" / "01.json").write_text("{}", encoding="utf-8")
    write_notebook(root, "1 + 1", outputs=[])
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "-m", "first")
    monkeypatch.setattr(store, "ROOT", root)
    return root


def git(root, *arguments):
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def write_notebook(root, source, outputs):
    cell = {"cell_type": "code", "source": source, "outputs": outputs}
    (root / "notebooks" / "01.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")


def test_versions_name_what_decides_a_result():
    versions = provenance.versions()
    assert list(versions) == ["python", "tensorflow", "keras", "numpy", "pixvox"]
    assert versions["python"] == sys.version.split()[0]
    assert versions["tensorflow"][0].isdigit()


def test_commit_of_a_clean_checkout(checkout):
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=checkout, capture_output=True, text=True).stdout
    assert provenance.commit() == head[:12]


@pytest.mark.parametrize("relative", ["src/code.py", "data/new.csv", "notebooks/02.ipynb"])
def test_changed_and_new_sources_are_said(checkout, relative):
    (checkout / relative).write_text("x = 2\n", encoding="utf-8")
    assert provenance.commit().endswith("+changes")


def test_results_and_outputs_are_no_changes_but_cells_are(checkout):
    (checkout / "data" / "results" / "sample" / "01.json").write_text('{"a": 1}', encoding="utf-8")
    write_notebook(checkout, ["1 +", " 1"], outputs=[{"text": "2"}])
    assert not provenance.commit().endswith("+changes")
    write_notebook(checkout, "1 + 2", outputs=[])
    assert provenance.commit().endswith("+changes")
    notebook = checkout / "notebooks" / "01.ipynb"
    notebook.write_text("{", encoding="utf-8")
    assert provenance.commit().endswith("+changes")
    notebook.unlink()
    assert provenance.commit().endswith("+changes")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_file_whose_name_is_not_utf_8_is_a_change_like_others(checkout):
    (checkout / "data" / "gr\udcfcn.csv").touch()
    assert provenance.commit().endswith("+changes")


def test_outside_a_checkout_and_without_git(checkout, tmp_path, monkeypatch):
    inside = checkout / "notebooks"  # a course unpacked inside somebody's own checkout
    monkeypatch.setattr(store, "ROOT", inside)
    assert provenance.commit() == "unknown"
    monkeypatch.setattr(store, "ROOT", tmp_path)
    assert provenance.commit() == "unknown"
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(store, "ROOT", checkout)
    assert provenance.commit() == "unknown"


def test_cores_are_counted_on_systems_without_affinity_too(monkeypatch):
    monkeypatch.setattr(provenance, "_gpus", lambda: [])
    monkeypatch.delattr("os.sched_getaffinity", raising=False)
    for cores, text in ((None, "CPU, 1 core"), (8, "CPU, 8 cores")):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        assert provenance.device() == text


def test_device_names_the_gpus_of_a_loaded_tensorflow_only(monkeypatch):
    monkeypatch.setattr(provenance, "cores", lambda: 8)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    assert provenance.device() == "CPU, 8 cores"
    experimental = types.SimpleNamespace(get_device_details=lambda gpu: {"device_name": "L4"})
    config = types.SimpleNamespace(list_physical_devices=lambda kind: [kind], experimental=experimental)
    monkeypatch.setitem(sys.modules, "tensorflow", types.SimpleNamespace(config=config))
    assert provenance.device() == "GPU L4; CPU, 8 cores"


def test_another_backend_stands_in_tensorflows_place_and_its_gpus_are_named(monkeypatch):
    keras = types.SimpleNamespace(config=types.SimpleNamespace(backend=lambda: "jax"))
    devices = [types.SimpleNamespace(platform=name, device_kind=f"{name} kind") for name in ("gpu", "cpu")]
    monkeypatch.setitem(sys.modules, "keras", keras)
    monkeypatch.setitem(sys.modules, "jax", types.SimpleNamespace(devices=lambda: devices))
    monkeypatch.setattr(provenance, "cores", lambda: 8)
    assert list(provenance.versions()) == ["python", "jax", "keras", "numpy", "pixvox"]
    assert provenance.device() == "GPU gpu kind; CPU, 8 cores"
