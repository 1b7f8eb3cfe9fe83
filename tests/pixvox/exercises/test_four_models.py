"""Lesson 03's checks: silent on an untouched answer, a hint for a wrong one, "Right." for a right one."""

import math

import numpy as np
import pytest

from pixvox.exercises import four_models as exercises
from pixvox.models import clothes as models_fashion


def seen_side(stack):
    side, step = 1, 1
    for window, stride in stack:
        side, step = side + (window - 1) * step, step * stride
    return side


def without_strides(stack):
    return 1 + sum(window - 1 for window, _ in stack)


def near_alike(vectors, labels, neighbours):
    shares = []
    for i, vector in enumerate(vectors):
        distances = np.linalg.norm(vectors - vector, axis=1)
        nearest = [j for j in np.argsort(distances) if j != i][:neighbours]
        shares.append(np.mean(labels[nearest] == labels[i]))
    return np.mean(shares)


def with_itself(vectors, labels, neighbours):
    nearest = [np.argsort(np.linalg.norm(vectors - vector, axis=1))[:neighbours] for vector in vectors]
    return np.mean(labels[np.array(nearest)] == labels[:, None])


RIGHT = {
    "seen_side": seen_side,
    "larger_four": models_fashion.build_fashion_four(image_size=(56, 56)).count_params(),
    "sheared_by": lambda degrees, rows: rows * math.tan(math.radians(degrees)),
    "near_alike": near_alike,
    "prepare_once": lambda scaled: np.repeat(scaled * 255, 3, axis=-1),
}
WRONG = {
    "seen_side": (without_strides, "steps"),
    "larger_four": (4 * 1_221_546, "first dense layer"),
    "sheared_by": (lambda degrees, rows: rows * math.tan(degrees), "radians"),
    "near_alike": (with_itself, "its own neighbour"),
    "prepare_once": (lambda scaled: np.repeat(scaled, 3, axis=-1), "0 to 255"),
}
UNTOUCHED = {name: None if name == "larger_four" else lambda *arguments: None for name in RIGHT}


@pytest.fixture(autouse=True)
def lenient(monkeypatch):
    monkeypatch.delenv("PIXVOX_STRICT", raising=False)


def check(name, answer):
    return getattr(exercises, f"check_{name}")(answer)


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers(name, capsys):
    check(name, RIGHT[name])
    assert capsys.readouterr().out == "Right.\n"


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_get_a_hint(name, capsys):
    answer, hint = WRONG[name]
    check(name, answer)
    out = capsys.readouterr().out
    assert out.startswith("Not yet.") and hint in out


@pytest.mark.parametrize("name", RIGHT)
def test_untouched_answers_are_met_with_silence(name, capsys):
    check(name, UNTOUCHED[name])
    assert capsys.readouterr().out == ""


def test_a_wrong_shape_is_named(capsys):
    check("prepare_once", lambda scaled: scaled * 255)
    assert "(2, 6, 5, 3)" in capsys.readouterr().out


def test_wrong_answers_raise_in_strict_runs(monkeypatch):
    monkeypatch.setenv("PIXVOX_STRICT", "1")
    with pytest.raises(AssertionError, match="Not yet"):
        check("larger_four", 1)
