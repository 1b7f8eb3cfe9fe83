import os
import subprocess
import sys

import pytest

import pixvox
from pixvox.datasets.registry import DATASETS
from pixvox_cli import doctor, fetch
from pixvox_cli import main as cli
from pixvox_cli import make_mnist3d as voxel_digits
from pixvox_cli import run as runner
from pixvox_cli import sketch as sketching
from pixvox_cli.console import make_console
from pixvox_sketch import digits
from pixvox_studies import frame as studies

HEAVY = ("tensorflow", "keras", "pandas", "matplotlib", "numpy", "rich", "nbclient", "sklearn")


def python(code, *, timeout=60):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=timeout)


@pytest.fixture
def calls(monkeypatch):
    """Replace what the commands do by a record of how they are called."""
    record = []

    def recorder(name, result):
        def act(*arguments, **named):
            record.append((name, arguments, named))
            return result

        return act

    monkeypatch.setattr(doctor, "diagnose", recorder("doctor", 1))
    monkeypatch.setattr(runner, "run_lessons", recorder("run", 0))
    monkeypatch.setattr(studies, "run_study", recorder("study", 130))
    monkeypatch.setattr(studies, "list_studies", recorder("list", 0))
    monkeypatch.setattr(fetch, "fetch", recorder("fetch", None))
    monkeypatch.setattr(digits, "write_digits", recorder("digits", "somewhere/mnist.npz"))
    monkeypatch.setattr(voxel_digits, "write_voxel_digits", recorder("voxels", ["a.h5", "b.h5"]))
    return record


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["study", "--help"], ["study", "no-such"]])
def test_help_and_mistakes_load_nothing_heavy(words):
    code = (
        "import sys\nfrom pixvox_cli import main as cli\n"
        f"try:\n    cli.main({words})\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', [name for name in {HEAVY} if name in sys.modules])"
    )
    assert python(code).stdout.splitlines()[-1] == "LOADED []"


def test_import_loads_nothing_heavy():
    loaded = python(f"import sys, pixvox\nprint([name for name in {HEAVY} if name in sys.modules])").stdout
    assert loaded.strip() == "[]"


def test_help_names_every_command_with_examples(capsys):
    assert cli.main([]) == 0
    text = capsys.readouterr().out
    assert all(command in text for command in ("doctor", "run", "fetch", "study", "sketch", "pixvox run 1"))
    for command in ("doctor", "run", "fetch", "study", "sketch"):
        with pytest.raises(SystemExit) as ended:
            cli.main([command, "--help"])
        assert ended.value.code == 0
        assert f"pixvox {command}" in capsys.readouterr().out.split("examples:")[1]


def test_version(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"pixvox {pixvox.__version__}\n"


@pytest.mark.parametrize(
    ("words", "status", "call"),
    [
        ("doctor", 1, ("doctor", (), {})),
        ("run", 0, ("run", ([],), dict(profile=None, jobs=1, seed=None, keep=False))),
        (
            "run 1 05 --profile full --jobs 2 --seed 7 --keep",
            0,
            ("run", (["1", "05"],), dict(profile="full", jobs=2, seed=7, keep=True)),
        ),
        ("study", 0, ("list", (), dict(profile=None, make_console=make_console))),
        (
            "study nets --profile full --keep",
            130,
            ("study", ("nets",), dict(profile="full", keep=True, make_console=make_console)),
        ),
        ("fetch", 0, ("fetch", ([],), dict(mirror=None, archive=None))),
        ("fetch mnist --mirror a --from b", 0, ("fetch", (["mnist"],), dict(mirror="a", archive="b"))),
        ("sketch digits --out here", 0, ("digits", ("here",), {})),
        ("sketch voxels", 0, ("voxels", (None,), {})),
    ],
)
def test_commands_reach_their_functions(calls, words, status, call):
    assert cli.main(words.split()) == status
    assert calls == [call]


def test_sketch_says_what_it_wrote(calls, capsys):
    cli.main(["sketch", "digits"])
    cli.main(["sketch", "voxels"])
    assert capsys.readouterr().out == "wrote somewhere/mnist.npz\nwrote a.h5\nwrote b.h5\n"


def test_everything_that_can_be_drawn_has_a_command():
    assert set(sketching.SKETCHES) >= {entry.sketch for entry in DATASETS.values() if entry.sketch}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("dance", "invalid choice: 'dance'"),
        ("run --jobs two", "--jobs: invalid int value: 'two'"),
        ("run --seed -1", "--seed"),
        ("run --seed x", "expected a whole number such as 7, came 'x'"),
        ("run --profile half", "expected the profile 'sample' or 'full', came 'half'"),
        ("run 1 --jobs 0", "expected 1 job or more, came 0"),
        ("sketch cats", "invalid choice: 'cats'"),
        ("study no-such", "came 'no-such'. Type `pixvox study`."),
    ],
)
def test_a_mistake_is_answered_in_a_line(capsys, words, message):
    assert cli.main(words.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith("pixvox: ") and message in error and "Traceback" not in error


def test_the_profile_variable_is_checked_too(capsys, monkeypatch):
    monkeypatch.setenv("PIXVOX_PROFILE", "large")
    assert cli.main(["run"]) == 2
    assert "came 'large'" in capsys.readouterr().err


def raising(error):
    def act(*arguments, **named):
        raise error

    return act


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (FileNotFoundError("expected x, came y"), 2, "pixvox: expected x, came y\n"),
        (ValueError("expected x"), 2, "pixvox: expected x\n"),
        (KeyboardInterrupt(), 130, "pixvox: interrupted\n"),
        (
            ModuleNotFoundError("no", name="rich"),
            2,
            "pixvox: the package rich is not installed. Type `python",
        ),
    ],
)
def test_errors_become_messages(monkeypatch, capsys, error, status, message):
    monkeypatch.setattr(doctor, "diagnose", raising(error))
    assert cli.main(["doctor"]) == status
    assert capsys.readouterr().err.startswith(message)


def test_faults_of_ours_keep_their_traceback(monkeypatch):
    monkeypatch.setattr(doctor, "diagnose", raising(KeyError("fault")))
    with pytest.raises(KeyError):
        cli.main(["doctor"])
    monkeypatch.setattr(doctor, "diagnose", raising(ModuleNotFoundError("fault", name="pixvox.nothing")))
    with pytest.raises(ModuleNotFoundError):
        cli.main(["doctor"])
    monkeypatch.setattr(doctor, "diagnose", raising(ValueError("shown on demand")))
    monkeypatch.setenv("PIXVOX_TRACEBACK", "1")
    with pytest.raises(ValueError):
        cli.main(["doctor"])


@pytest.mark.skipif(os.name != "posix", reason="a pipe that nobody reads is an error of another kind there")
def test_a_reader_that_stops_is_no_error():
    code = (
        "import sys; from pixvox_cli import main as m; m._parser = lambda: print('x'); sys.exit(m.main([]))"
    )
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-u", "-c", code], stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


def test_letters_a_terminal_lacks_are_no_error(tmp_path):
    code = "import sys, pixvox_cli.main as m; m._parser = lambda: sys.exit(print('\\u2192')); m.main([])"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("?", "")
