import os
import subprocess
import sys
from pathlib import Path

import pytest

import pixvox
from pixvox.datasets.registry import DATASETS
from pixvox_cli import doctor
from pixvox_cli import main as cli
from pixvox_cli import sketch as sketching

HEAVY = {"tensorflow", "keras", "pandas", "matplotlib", "numpy", "rich", "nbclient", "sklearn"}
COMMANDS = ("doctor", "run", "fetch", "study", "bench", "report", "sketch")


def python(code, **environment):
    """Run Python on its own; return standard output and standard error."""
    environment = {**os.environ, **environment}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    return done.stdout.strip(), done.stderr.strip()


def test_help_and_mistakes_load_nothing_heavy():
    code = f"""
import contextlib, io, sys
from pixvox_cli import main as cli
words = [[], ["--help"], ["dance"], ["run", "--jobs", "two"]]
words += [[name, "--help"] for name in {COMMANDS}] + [[name, "--no-such"] for name in {COMMANDS}]
for line in words:
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        cli.main(line)
print(sorted({HEAVY} & set(sys.modules)))
"""
    assert python(code)[0] == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_gives_an_example(command, capsys):
    assert cli.main([]) == 0
    assert f"  {command} " in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert f"pixvox {command}" in capsys.readouterr().out.split("examples:")[1]


def test_version(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"pixvox {pixvox.__version__}\n"


def test_everything_that_can_be_drawn_has_a_command():
    assert set(sketching.SKETCHES) >= {entry.sketch for entry in DATASETS.values() if entry.sketch}


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("dance", "'dance'"),
        ("run --seed -1", "--seed"),
        ("run --profile half", "'half'"),
        ("run", "'large'"),  # what the variable says
        ("run 1 --jobs 0", "--jobs 2"),
        ("sketch cats", "'cats'"),
        ("sketch digits --size 9", "--size"),
        ("sketch digits --out=", "--out more"),
        ("sketch animals --sheet --count 1 --size 0", "size"),
        ("study no-such", "`pixvox study`"),
        ("fetch no-such", "'no-such'"),
    ],
)
def test_a_mistake_is_answered_in_a_line_that_names_it(capsys, monkeypatch, words, named):
    if words == "run":
        monkeypatch.setenv("PIXVOX_PROFILE", "large")
    assert cli.main(words.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith("pixvox: ") and named in error and "Traceback" not in error


def doctor_raises(monkeypatch, error):
    def act():
        raise error

    monkeypatch.setattr(doctor, "diagnose", act)


@pytest.mark.parametrize(
    ("error", "status", "shown"),
    [
        (FileNotFoundError("expected x, got y"), 2, "expected x, got y"),
        (ValueError("expected x"), 2, "expected x"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ModuleNotFoundError("no", name="not_installed"), 2, "-r requirements.lock`"),
        (ModuleNotFoundError("no", name="rich"), 2, "the package rich=="),  # installed, and not there
    ],
)
def test_errors_become_messages(monkeypatch, capsys, error, status, shown):
    doctor_raises(monkeypatch, error)
    assert cli.main(["doctor"]) == status
    assert shown in capsys.readouterr().err


def test_a_backend_that_is_not_installed_is_not_answered_with_pip(monkeypatch, capsys):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    doctor_raises(monkeypatch, ModuleNotFoundError("No module named 'jax'", name="jax"))
    assert cli.main(["doctor"]) == 2
    error = capsys.readouterr().err
    assert "KERAS_BACKEND" in error.split("Type")[1] and "pip" not in error


def test_a_package_in_the_place_of_the_courses_is_named_with_what_to_type(tmp_path):
    """Even one of Python's own modules, which `pixvox doctor` itself cannot do without."""
    for module, text in {"random": "x = 1", "numpy": "1 / 0"}.items():
        folder = tmp_path / module
        folder.mkdir()
        (folder / f"{module}.py").write_text(text, encoding="utf-8")
        path = os.pathsep.join([str(folder), str(Path(pixvox.__file__).parents[1])])
        for words in (["doctor"], ["study"]) if module == "random" else (["study"],):
            out, err = python(f"from pixvox_cli import main; print(main.main({words}))", PYTHONPATH=path)
            assert out == "2" and err.count("\n") == 0 and err.startswith(f"pixvox: {folder / module}.py was")
            assert "PYTHONPATH" in err.split("Type")[1] and "Traceback" not in err


def test_an_error_of_ours_is_told_in_its_own_words_wherever_the_course_is(monkeypatch, capsys):
    monkeypatch.setenv("PYTHONPATH", str(Path(pixvox.__file__).parents[1]))
    assert cli.main(["run", "--profile", "half"]) == 2
    assert capsys.readouterr().err.startswith("pixvox: expected the profile")


@pytest.mark.parametrize("error", [KeyError("fault"), ModuleNotFoundError("fault", name="pixvox.nothing")])
def test_faults_of_ours_keep_their_traceback(monkeypatch, error):
    doctor_raises(monkeypatch, error)
    with pytest.raises(type(error)):
        cli.main(["doctor"])


def test_a_traceback_is_shown_on_demand(monkeypatch):
    doctor_raises(monkeypatch, ValueError("expected x"))
    monkeypatch.setenv("PIXVOX_TRACEBACK", "1")
    with pytest.raises(ValueError, match="expected x"):
        cli.main(["doctor"])


@pytest.mark.skipif(os.name != "posix", reason="a pipe that nobody reads is an error of another kind there")
def test_a_reader_that_stops_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    code = "import sys, pixvox_cli.main as m; m._parser = lambda: print('x'); sys.exit(m.main([]))"
    command = [sys.executable, "-u", "-c", code]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


def test_letters_a_terminal_lacks_are_no_error():
    code = "import sys, pixvox_cli.main as m; m._parser = lambda: sys.exit(print('\\u2192')); m.main([])"
    assert python(code, PYTHONIOENCODING="ascii") == ("?", "")


@pytest.mark.skipif(os.name != "posix", reason="a folder in use cannot be removed there")
def test_a_working_folder_that_is_gone_is_told(tmp_path, monkeypatch, capsys):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert cli.main(["run", "1"]) == 2
    assert "the one you are in is gone. Type `cd`" in capsys.readouterr().err
