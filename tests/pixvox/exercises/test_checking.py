"""Every check takes anything at all, and tells what was not written from what was written wrongly."""

import ast
import functools
import importlib
import json
import pkgutil
import random

import keras
import numpy as np
import pytest

from pixvox import exercises
from pixvox.datasets import store
from pixvox.exercises import checking

TOPICS = [module.name for module in pkgutil.iter_modules(exercises.__path__) if module.name != "checking"]
CHECKS = [
    check
    for topic in TOPICS
    for name, check in vars(importlib.import_module(f"pixvox.exercises.{topic}")).items()
    if name.startswith("check_")
]


@checking.compared(cases=[2, 3], mistakes={"Not the square.": [lambda side: side**2]}, usual="Multiply.")
def check_cube(side):
    """Check the number of voxels in a cube."""
    return side**3


@pytest.fixture(autouse=True)
def lenient(monkeypatch):
    monkeypatch.delenv("PIXVOX_STRICT", raising=False)


def told(check, answer, capsys):
    check(answer)
    return capsys.readouterr().out


def crashes(*case):
    raise KeyError("spoon")


def forgets_return(*case):
    sum([1, 2])


def exits(*case):
    raise SystemExit


def yields(*case):
    yield from case


def dots(*case): ...


def passes(*case):
    pass


def documented(*case):
    """Say what it will do."""


def postponed(*case):
    raise NotImplementedError("later")


class Unspeakable:
    def __repr__(self):
        raise RuntimeError("no words")

    __array__ = __repr__


def of_keras(*case):
    raise ValueError("Exception encountered when calling Squeeze.call().\n\n\x1b[1mCannot squeeze\x1b[0m\n")


ODD_RESULTS = [None, "text", [], [1, [2, 3]], {}, True, np.nan, np.inf, 10**30, (None, None), ["a"], 1j, {1}]
ODD_RESULTS += [object(), Unspeakable(), np.array(["a"]), np.zeros((2, 0)), np.zeros((3, 3)), np.arange(2)]
ODD_RESULTS += [iter([1])]
ODD_FUNCTIONS = [crashes, forgets_return, exits, yields, print, int, lambda: 0, functools.partial(dots, 1)]
ODD_FUNCTIONS += [lambda *case, result=result: result for result in ODD_RESULTS[1:]]


@pytest.mark.parametrize("check", CHECKS)
def test_any_answer_gets_one_line(check, capsys):
    for answer in [*ODD_FUNCTIONS, *ODD_RESULTS[1:], *range(2)]:
        check(answer)
        lines = capsys.readouterr().out.strip().splitlines()
        assert lines and lines[-1].startswith("Not yet. ") and len(lines[-1]) < 500
        assert len(lines) == 1 or answer is print


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("answer", [None, ..., dots, passes, documented, postponed, lambda *case: None])
def test_what_is_not_written_is_met_with_silence(check, answer, capsys, monkeypatch):
    monkeypatch.setenv("PIXVOX_STRICT", "1")
    assert told(check, answer, capsys) == ""


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (crashes, "raised KeyError: 'spoon' for input (2)"),
        (lambda side: 8 if side == 2 else None, "returned None for input (3)"),
        (lambda side: "8", "got '8' for input (2)"),
        (lambda side: [8], "the shape (1,)"),
        (lambda side: side**3 + 0.5, "whole number, got 8.5"),
        (8, "a function, got 8"),
        (np.float32([0.7, 1 / 3]), "a function, got [0.7, 0.3333]"),
        (lambda side: side**2, "should be 8, yours gives 4. Not the square."),
        (lambda side: 4, "Multiply."),
        (exits, "raised SystemExit for input"),
        (of_keras, "ValueError: Cannot squeeze"),
    ],
)
def test_the_line_says_what_the_function_did(answer, what, capsys):
    assert what in told(check_cube, answer, capsys)


@pytest.mark.parametrize(
    "answer", [lambda side: side**3, lambda side: float(side**3), lambda side: np.int8(side**3)]
)
def test_any_kind_of_right_number_is_right(answer, capsys):
    assert told(check_cube, answer, capsys) == "Right.\n"


@pytest.mark.parametrize("answer", [crashes, forgets_return, lambda side: 4, "text"])
def test_wrong_answers_raise_under_strict(answer, monkeypatch):
    monkeypatch.setenv("PIXVOX_STRICT", "1")
    with pytest.raises(AssertionError, match="Not yet"):
        check_cube(answer)


def test_an_answer_must_leave_its_inputs_alone(capsys):
    given = [3, 1, 2]

    @checking.compared(cases=[given])
    def check_largest(numbers):
        return max(numbers)

    def sorts(numbers):
        numbers.sort()
        return numbers[-1]

    assert "work on a copy" in told(check_largest, sorts, capsys)
    assert given == [3, 1, 2]


def test_a_check_leaves_the_random_numbers_alone():
    state = random.getstate()
    checking.exercise(lambda answer: random.random())(1)
    assert random.getstate() == state


def test_a_model_is_asked_without_tracing():
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(10, 28), keras.layers.Flatten()])
    assert checking.ask_model(model, np.zeros((2, 28, 28, 1))).shape == (2, 10)
    assert model.predict_function is None


def cells_with_checks(folder):
    """Return pairs of an exercises module's notebook and the code of its cells: imports and checks."""
    for path in sorted((store.ROOT / "notebooks" / folder).glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        yield path.stem, codes[0], [code for code in codes if "exercises.check_" in code]


@pytest.mark.parametrize(("notebook", "setup", "codes"), [*cells_with_checks(".")])
def test_lessons_leave_their_exercises_untouched(notebook, setup, codes, capsys):
    names = imported(setup, "exercises")
    assert len(codes) >= 4
    for code in codes:
        exec(code, names)
        assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("notebook", "setup", "codes"), [*cells_with_checks("solutions")])
def test_solutions_are_right(notebook, setup, codes, capsys):
    names = imported(setup, "") | {"lesson": lambda: None}
    names["lesson"].seed = 0
    assert len(codes) >= 4
    for code in codes:
        exec(code, names)
        printed = capsys.readouterr().out.splitlines()
        assert printed.count("Right.") == code.count("exercises.check_") and "Not yet" not in str(printed)


def imported(setup, word):
    """Run the import statements of a cell that hold a word."""
    names = {}
    for node in ast.parse(setup).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and word in ast.unparse(node):
            exec(ast.unparse(node), names)
    return names
