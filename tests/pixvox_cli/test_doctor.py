import errno
import importlib.metadata
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from support.picture_trees import put
from support.published import npz

import pixvox
from pixvox.datasets import store
from pixvox.datasets.files import checksum
from pixvox_cli import console, doctor
from pixvox_cli import run as runner
from pixvox_cli.publications import PUBLICATIONS

SOURCE = Path(pixvox.__file__).parents[1]
LESSON = (doctor.KERNEL, doctor.TENSORFLOW, doctor.PACKAGES)
posix = pytest.mark.skipif(os.name != "posix", reason="what is typed there is of another kind")


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


def test_a_lesson_is_looked_at_in_its_own_kernel_and_settings_at_home_do_not_matter(monkeypatch, tmp_path):
    settings = {"floatx": "float32", "epsilon": 1e-7, "backend": "torch"}
    settings["image_data_format"] = "channels_first"
    put(tmp_path, {".keras/keras.json": json.dumps(settings).encode()})
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("KERAS_HOME")
    found = doctor.look_apart(LESSON)
    assert tuple(finding.what for finding in found) == LESSON
    assert {finding.state for finding in found} == {"good"}, found
    assert " with Keras 3" in found[1].detail and "computes on " in found[1].detail


@pytest.mark.parametrize(
    ("cell", "ran", "row"), [(None, 0, 0), (1, 1, 0), (2, 1, 1), (2, 2, 1), (None, 1, 1), (3, 3, 2)]
)
def test_what_ends_a_lesson_costs_the_row_that_was_looked_at(monkeypatch, cell, ran, row):
    def execute(notebook, folder, environment, *, stop, on_cell):
        for number, each in enumerate(notebook.cells[:ran]):
            on_cell()
            told = json.dumps(doctor.Finding(LESSON[number], "good", "", ""))
            text = f"chatter\n{told}\n" if number and number + 1 != cell else "chatter\n"
            each.outputs = [runner.nbformat.v4.new_output("stream", text=text)]
        return runner.Failure("the kernel died with SIGILL (-4)", cell)

    monkeypatch.setattr(runner, "execute", execute)
    *before, last = doctor.look_in_a_lesson()
    assert [finding[:2] for finding in before] == [(name, "good") for name in LESSON[:row]]
    assert last == doctor.Finding(LESSON[row], "wrong", "the kernel died with SIGILL (-4)", None)


def test_a_lesson_that_takes_forever_is_ended(monkeypatch):
    def execute(*arguments, stop, **options):
        stop.wait()
        raise InterruptedError

    monkeypatch.setattr(runner, "execute", execute)
    monkeypatch.setattr(doctor, "LESSON_SECONDS", 0)
    [finding] = doctor.look_in_a_lesson()
    assert finding[:3] == (doctor.KERNEL, "wrong", "it took more than 0 s")


def test_programs_that_cannot_reach_each_other_are_told_at_once(monkeypatch):
    def closed(address):
        raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")

    monkeypatch.setattr(doctor.socket, "create_server", closed)
    [finding] = doctor.look_in_a_lesson()
    assert finding.state == "wrong" and "127.0.0.1" in finding.detail and finding.remedy == ""


def test_everything_that_lessons_import_is_looked_at():
    texts = [path.read_text(encoding="utf-8") for path in (SOURCE / "pixvox").rglob("*.py")]
    for path in (SOURCE.parent / "notebooks").rglob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    found = {name for text in texts for name in re.findall(r"^ *(?:import|from) (\w+)", text, re.MULTILINE)}
    found = {name for name in found if importlib.util.find_spec(name)} - set(sys.stdlib_module_names)
    ours = {path.name for path in SOURCE.iterdir()} | {"keras", "tensorflow", "mpl_toolkits"}
    assert found - ours <= {name.partition(".")[0] for name in doctor.LESSON_MODULES}


def put_first(monkeypatch, folder, module, text):
    """Put a module first on PYTHONPATH; return its path."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    command = [sys.executable, "-P", "-c", "import pixvox; print(pixvox.__file__)"]
    if subprocess.run(command, capture_output=True, text=True).stdout.strip() != pixvox.__file__:
        pytest.skip("the course is not installed here, but found by PYTHONPATH")
    put(folder, {f"{module}.py": text.encode()})
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder / f"{module}.py"


def test_a_broken_package_is_named_with_its_path_and_with_what_helped(monkeypatch, tmp_path):
    path = put_first(monkeypatch, tmp_path, "numpy", "raise ImportError('half an installation')")
    wrong, good = doctor.look_and_try(("mnist, sample", "Python"))
    assert wrong.state == "wrong" and "half an installation" in wrong.detail and str(path) in wrong.detail
    assert "PYTHONPATH" in wrong.remedy and good.state == "good"
    monkeypatch.delenv("PYTHONPATH")  # as the remedy says
    assert [finding.state for finding in doctor.look_and_try(("mnist, sample", "Python"))] == ["good"] * 2


@posix
def test_a_row_that_ends_its_process_costs_no_other(monkeypatch, tmp_path):
    text = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)"
    put_first(monkeypatch, tmp_path, "numpy", text)
    wrong, good = doctor.look_and_try(("mnist, sample", "Python"))
    assert wrong.state == "wrong" and "SIGSEGV (-11)" in wrong.detail and "PYTHONPATH" in wrong.remedy
    assert good.state == "good"


@pytest.mark.parametrize("text", ["", "x = ", "import nothing_like_it", "1 / 0", "raise OSError('ill')"])
def test_whatever_is_wrong_with_a_module_its_file_is_named(monkeypatch, tmp_path, text):
    path = put(tmp_path, {"colorsys.py": text.encode()}) / "colorsys.py"
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with pytest.raises(Exception) as raised:  # noqa: B017, PT011
        from colorsys import missing  # noqa: F401
    sys.modules.pop("colorsys", None)
    finding = doctor._broken("mnist, sample", raised.value)
    assert finding.state == "wrong" and finding.remedy is None
    assert finding.detail.endswith(f"it was loaded from {path}")
    assert doctor._broken("mnist, full", raised.value).state == "note"


@posix
def test_a_module_among_the_notebooks_is_moved_away(course):
    folder = course / "notebooks"
    put(folder, {"numpy.py": b"x = 1"})
    code = f"""
import pathlib, sys
from pixvox.datasets import store
from pixvox_cli import doctor
store.ROOT = pathlib.Path({str(course)!r})
sys.path.insert(0, {str(folder)!r})
doctor.tell(["row"], {{"row": lambda: doctor.Finding("row", "good", str(__import__("numpy").array))}})
"""

    def look():
        environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
        done = subprocess.run([sys.executable, "-P", "-c", code], env=environment, capture_output=True)
        return doctor._told(done.stdout.decode())[0]

    wrong = look()
    assert wrong.state == "wrong" and str(folder / "numpy.py") in wrong.detail
    subprocess.run(wrong.remedy, shell=True, check=True)
    assert look().state == "good" and (folder / "my_numpy.py").is_file()


WHEEL = {
    "ill/__init__.py": "from ill.inside import well\n",
    "ill/inside.py": "well = True\n",
    "ill-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: ill\nVersion: 1.0\n",
    "ill-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}


@posix
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_broken_installed_package_is_installed_again(monkeypatch, tmp_path, damage):
    with zipfile.ZipFile(tmp_path / "ill-1.0-py3-none-any.whl", "w") as wheel:
        for name, text in WHEEL.items():
            wheel.writestr(name, text)
        names = [*WHEEL, "ill-1.0.dist-info/RECORD"]
        wheel.writestr("ill-1.0.dist-info/RECORD", "".join(f"{name},,\n" for name in names))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    inside = Path(subprocess.run([python, "-c", code], capture_output=True, text=True).stdout.strip())
    places = [SOURCE, *(folder for folder in sys.path if folder.endswith("-packages"))]  # among them pip's
    (inside / "rest.pth").write_text("".join(f"{place}\n" for place in places), encoding="utf-8")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    for name, value in {"NO_INDEX": "1", "FIND_LINKS": str(tmp_path)}.items():
        monkeypatch.setenv(f"PIP_{name}", value)

    def type_it(command):
        words = command.replace("python -m", f"{python} -P -m", 1)
        subprocess.run(words, shell=True, cwd=tmp_path, capture_output=True, check=True)

    def look():
        code = "from pixvox_cli import doctor\n"
        code += "doctor.tell(['ill'], {'ill': lambda: doctor.Finding('ill', 'good', str(__import__('ill')))})"
        done = subprocess.run([python, "-P", "-c", code], capture_output=True, text=True)
        return doctor._told(done.stdout)[0]

    type_it("python -m pip install ill")
    assert look().state == "good"
    if damage == "cut":
        (inside / "ill" / "inside.py").write_text("wel = True", encoding="utf-8")
    else:
        (inside / "ill").rename(inside / "elsewhere")
    wrong = look()
    assert wrong.state == "wrong" and wrong.remedy.endswith("--force-reinstall --no-deps ill==1.0")
    type_it("python -m pip install ill==1.0")  # finds nothing to do
    assert look().state == "wrong"
    type_it(wrong.remedy)
    assert look().state == "good"


def test_a_package_that_is_not_installed_is_answered_with_the_lock():
    finding = doctor._broken("mnist, sample", ModuleNotFoundError("no", name="no_such_package"))
    assert finding.remedy == doctor.INSTALL


def test_a_row_that_hangs_is_told_so_and_costs_no_other(monkeypatch):
    code = """
import sys, time
from pixvox_cli import doctor
doctor.PATIENCE_SECONDS = 0.2
doctor.tell(sys.argv[1:], {"mnist, full": lambda: time.sleep(60), "Python": doctor.look_at_python})
"""
    run = doctor._run
    monkeypatch.setattr(doctor, "_run", lambda p, m, own, *rows, **options: run("-c", code, *rows, **options))
    hangs, good = doctor.look_and_try(("mnist, full", "Python"))
    assert hangs.state == "note" and "took more than" in hangs.detail and good.state == "good"


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


@pytest.mark.parametrize(("gigabytes", "results", "full"), [(0.4, "wrong", "note"), (4, "good", "note")])
def test_disk_space(course, monkeypatch, gigabytes, results, full):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: SimpleNamespace(free=gigabytes * 1e9))
    assert doctor.look_at_results().state == results
    assert doctor.look_at_full_folder().state == full


def refuse(monkeypatch, folder, number=errno.EACCES):
    """Let nothing be written into a folder, and nothing in it be looked at."""
    make, stat = doctor.tempfile.TemporaryFile, Path.stat

    def refusing(dir=None):
        if Path(dir).is_relative_to(folder):
            raise OSError(number, os.strerror(number), f"{dir}/x")
        return make(dir=dir)

    def looking(path, **options):
        if folder in path.parents:
            raise OSError(number, os.strerror(number), str(path))
        return stat(path, **options)

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refusing)
    monkeypatch.setattr(Path, "stat", looking)


@pytest.mark.parametrize(
    ("look", "name", "state"), [("results", "PIXVOX_BUILD", "wrong"), ("full_folder", "PIXVOX_DATA", "note")]
)
def test_a_folder_that_cannot_be_written_is_told_with_a_variable_that_helps(
    course, monkeypatch, tmp_path_factory, look, name, state
):
    look, home = getattr(doctor, f"look_at_{look}"), tmp_path_factory.mktemp("home")
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(home))
    refuse(monkeypatch, course, errno.EROFS)
    finding = look()
    assert finding.state == state and str(course) in finding.detail
    assert os.strerror(errno.EROFS) in finding.detail
    assert (found := re.fullmatch(rf"(?:export|set) {name}=(.+)", finding.remedy))
    monkeypatch.setenv(name, found[1])
    assert look().state == "good" and list(home.iterdir()) == []


def test_without_a_home_there_is_room_among_temporary_files_or_nowhere(monkeypatch, tmp_path):
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path / "none"))
    monkeypatch.setattr(doctor.tempfile, "tempdir", str(tmp_path))
    assert str(tmp_path / "x") in doctor._elsewhere("PIXVOX_BUILD", "x")
    monkeypatch.setattr(doctor, "_refusal", lambda folder: "Read-only file system")
    assert doctor._elsewhere("PIXVOX_BUILD", "x") == ""


def test_data_in_a_folder_that_cannot_be_written_stays_where_it_is(course, monkeypatch):
    put(course / "data" / "full", {"mnist/mnist.npz": npz()})
    monkeypatch.setattr(doctor, "_refusal", lambda folder: "Permission denied")
    finding = doctor.look_at_full_folder()
    assert finding.state == "note" and finding.remedy == "" and "can be used" in finding.detail


@pytest.mark.parametrize("number", [errno.EACCES, errno.ESTALE, errno.EIO])
def test_data_that_cannot_be_read_is_told_with_its_path(course, monkeypatch, number):
    folder = course / "data" / "full" / "mnist"
    folder.mkdir(parents=True)
    refuse(monkeypatch, folder, number)
    finding = doctor.look_at_data("mnist", "full")
    assert (finding.state, finding.remedy) == ("note", "")
    assert os.strerror(number) in finding.detail and str(folder / "mnist.npz") in finding.detail


@pytest.mark.parametrize("kind", ["file", "circle", "home"])
def test_a_path_that_can_be_no_folder_is_told(course, monkeypatch, capsys, kind):
    way = course / "way"
    if kind == "file":
        way.write_bytes(b"")
    elif kind == "circle":
        try:
            way.symlink_to(way)
        except OSError:
            pytest.skip("there are no links here")
    named = "~nobody9" if kind == "home" else str(way / "data")
    monkeypatch.setenv("PIXVOX_DATA", named)
    doctor.tell(["mnist, full", "folder, full"], doctor.LOOKS)
    data, folder = doctor._told(capsys.readouterr().out)
    assert data.detail.startswith("unreadable: ") and not data.remedy
    for finding in (data, folder):
        assert finding.state == "note" and (named if kind == "home" else str(way)) in finding.detail


def write_mnist(folder):
    return put(folder, {"mnist.npz": npz()}) / "mnist.npz"


def test_status(course):
    assert doctor.status("mnist", "full") == (
        "missing",
        f"{course / 'data' / 'full' / 'mnist'} lacks mnist.npz",
        "pixvox fetch mnist",
    )
    path = write_mnist(course / "data" / "sample" / "mnist")
    assert doctor.status("mnist") == ("there", "5 training and 3 test digits of 28x28", "")
    path.write_bytes(path.read_bytes()[:1000])
    state, detail, remedy = doctor.status("mnist", "sample")
    assert (state, remedy) == ("wrong", "pixvox sketch digits")
    assert "expected an npz file" in detail


def test_status_notes_a_checksum_that_is_not_the_published_one(course, monkeypatch):
    path = write_mnist(course / "data" / "full" / "mnist")
    assert "checksum not the published one" in doctor.status("mnist", "full").detail
    entry = PUBLICATIONS["mnist"]
    published = entry.files["mnist.npz"]._replace(checksum=f"sha256:{checksum(path)}")
    monkeypatch.setitem(PUBLICATIONS, "mnist", entry._replace(files={"mnist.npz": published}))
    assert doctor.status("mnist", "full") == ("there", "5 training and 3 test digits of 28x28", "")


def test_status_of_folders_and_of_sets_in_another_folder(course):
    assert doctor.status("age-gap-faces", "full").state == "missing"
    assert store.home("vgg19", "full") == course / "data" / "full" / "vgg"
    (store.home("dogs-vs-cats") / "train").mkdir(parents=True)
    state, detail, _ = doctor.status("dogs-vs-cats", "sample")
    assert state == "wrong" and "0 cats and 0 dogs" in detail


@pytest.mark.parametrize(("lacking", "status"), [("full", 0), ("sample", 1)])
def test_only_the_sample_needs_its_data(monkeypatch, capsys, lacking, status):
    missing, there = ("missing", "no file", "pixvox mend"), ("there", "all of it", "")
    monkeypatch.setattr(doctor, "status", lambda name, profile: missing if profile == lacking else there)

    def look(rows):
        data = [row.split(", ") for row in rows if row.endswith((", sample", ", full"))]
        return [doctor.look_at_data(*words) for words in data]

    monkeypatch.setattr(doctor, "look_and_try", look)
    assert doctor.diagnose() == status
    shown = capsys.readouterr().out
    assert "type: pixvox mend" in shown and "mnist, sample" in shown and "mnist, full" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("broken", [True, False])
def test_the_table_is_there_without_the_package_that_draws_it(monkeypatch, capsys, broken):
    for name in ("rich.table", "rich.console") if broken else ():
        monkeypatch.setitem(sys.modules, name, None)
    found = [doctor.Finding("mnist, sample", "wrong", "it is ill", "pixvox mend")]
    monkeypatch.setattr(doctor, "look_and_try", lambda rows: found)
    assert doctor.diagnose() == 1
    shown = capsys.readouterr().out
    assert all(text in shown for text in ("mnist, sample", "wrong", "it is ill", "type: pixvox mend"))
    assert ("│" in shown) is not broken and "needed by the sample profile: mnist, sample" in shown


def test_without_pip_it_is_told_how_to_get_it(monkeypatch):
    python_answers(monkeypatch, 1, err="/x/python: No module named pip")
    assert doctor.look_at_packages()[1::2] == ("note", "python -m ensurepip")


def test_a_console_without_a_terminal_writes_text_as_it_is(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    file = io.StringIO()
    console.make_console(file).print("[bold]x[/bold] :smile: " + "y" * 100, style="red")
    assert file.getvalue() == "[bold]x[/bold] :smile: " + "y" * 100 + "\n"


def test_a_package_whose_files_are_gone_is_found_by_its_own_list(monkeypatch):
    monkeypatch.setattr("importlib.metadata.packages_distributions", dict)  # as of Python 3.12 for such
    error = ModuleNotFoundError("No module named 'joblib'", name="joblib.parallel")
    assert doctor.causes.broken_package(error) == f"joblib=={importlib.metadata.version('joblib')}"
    assert doctor.causes.broken_package(ModuleNotFoundError("no", name="nowhere_at_all")) is None
