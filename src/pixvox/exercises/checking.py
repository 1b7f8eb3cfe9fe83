"""Calls what a learner wrote and answers in one line: right, a hint, or what the function did.

Most checks read as the right answer itself, under the cases in which `compared` compares the learner's with
it. The others are functions of the learner's answer that raise `Hint`, decorated with `exercise`. Nothing
calls the learner's function but `call`.
"""

import dis
import inspect
import random
import re
from functools import partial, wraps

import numpy as np

from pixvox.lesson import strict


class Hint(Exception):
    """What a wrong answer is told, in one line."""


def exercise(check):
    """Make a check of anything at all out of a function of an answer that raises `Hint` where it is wrong.

    It prints "Right." or "Not yet." with the hint, and nothing while nothing is written: for None, `...` or a
    function with an empty body. Under PIXVOX_STRICT=1 a wrong answer raises AssertionError.
    """

    @wraps(check)
    def checked(answer):
        if _is_untouched(answer):
            return
        state = random.getstate()  # Keras draws the seeds of layers from it
        try:
            with np.errstate(all="ignore"):
                check(answer)
        except Exception as error:
            hint = str(error) if isinstance(error, Hint) else f"This cannot be checked: {_describe(error)}."
            if strict():
                raise AssertionError(f"Not yet. {hint}") from error
            print(f"Not yet. {hint}")
        else:
            print("Right.")
        finally:
            random.setstate(state)

    return checked


def _is_untouched(answer):
    """Tell whether nothing is written yet; an empty body and NotImplementedError are nothing."""
    if not inspect.isfunction(answer):
        return answer is None or answer is ...
    steps = [step for step in dis.get_instructions(answer) if step.opname not in ("RESUME", "NOP")]
    constants = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    others = [step for step in steps if step.opname not in ("LOAD_CONST", "RETURN_CONST", "RETURN_VALUE")]
    if others:
        return others[0].argval == "NotImplementedError"
    return all(constant in (None, ...) for constant in constants)


def call(function, *inputs):
    """Call the learner's function on copies of the inputs, and return what it returns.

    Raises:
        Hint: it is no function, raises (this is the hint's cause), returns nothing, or changes its inputs.
    """
    if not callable(function):
        raise Hint(f"Expected a function, got {show(function)}.")
    copies = [value.copy() if isinstance(value, (np.ndarray, list)) else value for value in inputs]
    try:
        given = function(*copies)
    except (Exception, SystemExit) as error:
        any_shape = " It should take any shape: ask the input for it, with len() or .shape."
        remedy = any_shape if isinstance(error, IndexError) else ""
        raise Hint(f"Yours raised {_describe(error)} for input {show(inputs)}.{remedy}") from error
    if given is None or given is ...:
        raise Hint(f"Yours returned {given} for input {show(inputs)}: is there a `return` in every branch?")
    if not all(np.array_equal(*pair) for pair in zip(inputs, copies, strict=True) if pair[0] is not pair[1]):
        raise Hint("Your function changes what it is given: work on a copy.")
    return given


def to_array(given, like, where=""):
    """Return an answer, anything, as an array of the shape and kind of `like`: numbers, whole ones, texts.

    Raises:
        Hint: it is something else; the hint ends in `where`.
    """
    like = np.asarray(like)
    kind = {"i": "whole number", "b": "boolean", "U": "text"}.get(like.dtype.kind, "number")
    allowed = "U" if kind == "text" else "biuf"
    try:
        array = np.asarray(given)
    except Exception:  # such as lists of several lengths
        array = np.array(None)
    if array.dtype.kind not in allowed or (kind == "whole number" and np.any(array % 1 != 0)):
        got = show(given)
    elif array.shape != like.shape:
        got = f"the shape {array.shape}"
    else:
        return array
    expected = f"{kind}s of the shape {like.shape}" if like.ndim else f"a {kind}"
    raise Hint(f"Expected {expected}, got {got}{where}.")


def compared(**settings):
    """Make a check, with settings of `compare`, out of the right answer, which becomes its `right`."""

    def decorate(right):
        check = exercise(lambda answer: compare(answer, right, **settings))
        check.__name__, check.__doc__, check.right = right.__name__, right.__doc__, right
        return check

    return decorate


def compare(answer, right, *, cases=None, mistakes=None, usual="", tolerance=None):
    """Compare the learner's answer with the right one.

    Args:
        answer: the learner's, anything; wanted is a function, or, without cases, what `right` returns.
        right: a function that returns a number, a text or an array.
        cases: list of inputs, each a tuple for one call or a single input.
        mistakes: dict of hints, each with a list of wrong answers: functions, numbers, or settings of `right`
            in dicts. Who answers like one of them in every case gets its hint.
        usual: the hint for all others.
        tolerance: how far off is right, as a share of the largest number. By default one in 10,000, and for
            whole numbers nothing.

    Raises:
        Hint: it is or does something else.
    """
    function = answer if cases else lambda: answer
    cases = [case if isinstance(case, tuple) else (case,) for case in cases or [()]]
    wanted, given = [np.asarray(right(*case)) for case in cases], []
    for case, like in zip(cases, wanted, strict=True):
        where = f" for input {show(case)}" if case else ""
        given.append(to_array(call(function, *case), like, where))
    for case, came, should in zip(cases, given, wanted, strict=True):
        if not _is_close(came, should, tolerance):
            told = f"For input {show(case)} {_difference(came, should)}" if case else f"Yours: {show(came)}"
            hints = _hints(right, mistakes or {}, cases, given, tolerance)
            raise Hint(f"{told}. {next(hints, usual)}".strip())


def _hints(right, mistakes, cases, given, tolerance):
    """Yield the hints for mistakes that give the learner's numbers in every case."""
    for hint, variants in mistakes.items():
        for variant in variants:
            wrong = partial(right, **variant) if isinstance(variant, dict) else variant
            made = [np.asarray(wrong(*case) if callable(wrong) else wrong) for case in cases]
            if all(map(partial(_is_close, tolerance=tolerance), given, made)):
                yield hint


def _is_close(given, wanted, tolerance=None):
    """Tell whether numbers are those that are wanted."""
    if given.shape != wanted.shape or wanted.size == 0:
        return given.shape == wanted.shape
    if wanted.dtype.kind == "U":
        return np.array_equal(given, wanted)
    if tolerance is None:
        tolerance = 1e-4 if wanted.dtype.kind == "f" else 0  # of float32 a right answer is nearer
    apart = np.abs(given.astype(float) - wanted)
    return bool(apart.max() <= tolerance * np.abs(wanted).max() + 1e-9)


def _difference(given, wanted):
    """Say what is wanted and what came; of a large array, where they differ most."""
    if wanted.size <= 12:
        return f"it should be {show(wanted)}, yours gives {show(given)}"
    apart = np.nan_to_num(np.abs(given.astype(float) - wanted), nan=np.inf)
    place = tuple(int(index) for index in np.unravel_index(apart.argmax(), wanted.shape))
    return f"it should be {show(wanted[place])} at {list(place)}, yours gives {show(given[place])}"


def ask_model(model, images):
    """Return the ten numbers that the learner's Keras model gives for each picture, (n, 10).

    Raises:
        Hint: it is no model of these pictures, has no convolution, or gives something else.
    """
    if not hasattr(model, "predict"):
        raise Hint(f"Expected a Keras model, got {show(model)}.")
    given = call(lambda pictures: np.asarray(model(pictures, training=False)), images)
    if not any(len(weights.shape) == 4 for weights in model.weights):
        raise Hint("Keep a convolution: without one it is another kind of network.")
    return to_array(given, np.zeros((len(images), 10)))


def show(value):
    """Describe any value in some words."""
    if isinstance(value, tuple):
        return f"({', '.join(map(show, value))})"
    if isinstance(value, (np.ndarray, np.generic)):
        if value.ndim == 0 and value.dtype.kind == "U":
            return show(value.item())
        if value.size > 12 or value.dtype.kind not in "biuf":
            return f"an array {value.shape} of {value.dtype}"
        if value.ndim == 0:
            return f"{value.item():,.6g}" if value.dtype.kind == "f" else f"{value.item():,}"
        value = (value.astype(float).round(4) if value.dtype.kind == "f" else value).tolist()
    if isinstance(value, (bool, int, float, complex, str, bytes, list, dict, set, type(None), type(...))):
        return _shorten(repr(value))
    if inspect.isroutine(value) or inspect.isclass(value):
        return value.__name__
    return f"a {type(value).__name__}"


def _describe(error):
    """Return an error's type and the first line of what it says; of Keras's the first that says something."""
    lines = re.sub(r"\x1b\[\d*m", "", str(error)).splitlines()
    said = [line for line in lines if line.strip() and not line.startswith("Exception encountered")]
    return _shorten(": ".join([type(error).__name__, *said[:1]]))


def _shorten(text):
    """Make one line of a text, of 100 characters at most."""
    text = " ".join(text.split())
    return text if len(text) <= 100 else f"{text[:97]}..."
