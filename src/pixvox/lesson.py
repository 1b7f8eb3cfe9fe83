"""A lesson's machinery: profile, seed and provenance; expectations, kept numbers and the results file."""

import atexit
import json
import math
import numbers
import operator
import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime

from pixvox import backend, guesses, provenance
from pixvox.datasets import store
from pixvox.datasets.files import replace_file
from pixvox.tables import load_results, plain, plain_histories

OPERATORS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq}


def strict():
    """Tell whether a missed expectation raises (PIXVOX_STRICT=1, as in CI) or is only printed."""
    return os.environ.get("PIXVOX_STRICT", "").strip() == "1"


def start(name, *, seed=0):
    """Begin a lesson: load TensorFlow quietly, fix the seed, print what this run depends on.

    Args:
        name: the lesson's file name without ending, such as "01_mnist".
        seed: seeds Python, NumPy and Keras; PIXVOX_SEED, where set, replaces it.

    Returns:
        the `Lesson`, whose `choose`, `guess`, `reveal`, `expect`, `claim` and `finish` the notebook calls.

    Raises:
        ValueError: if PIXVOX_PROFILE names no profile, PIXVOX_SEED is not a whole number, or KERAS_BACKEND
            names what cannot be loaded.
        OSError: if nothing can be kept and PIXVOX_STRICT=1.
    """
    profile = store.profile()
    _find_build_folder()
    # On the sample's small networks more threads hardly help, and the numbers would differ.
    backend.load_quietly(one_thread=profile == "sample")
    seed = _seed_from_environment(seed)
    backend.make_deterministic(seed)
    store.forget()
    lesson = Lesson(name, profile, seed)
    print(lesson.introduction())
    return lesson


def _find_build_folder():
    """Where the build folder cannot be written, say so, and take one that is removed as this process ends."""
    try:
        store.try_writing(store.build_dir())
    except OSError as error:
        if strict():
            raise
        reason = f"{store.build_dir()} cannot be written ({error.strerror or error})"
        print(f"Nothing is kept, {reason}. Set PIXVOX_BUILD to another folder before you start JupyterLab.")
        os.environ["PIXVOX_BUILD"] = folder = tempfile.mkdtemp(prefix="pixvox-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


def _seed_from_environment(seed):
    """Return PIXVOX_SEED as a number where it is set, else `seed`."""
    text = os.environ.get("PIXVOX_SEED", "").strip()
    if not text:
        return seed
    if not text.isdecimal() or int(text) >= 2**32:
        raise ValueError(f"PIXVOX_SEED: expected a whole number from 0 to 4294967295, got {text!r}; unset it")
    return int(text)


class Lesson:
    """What a running lesson has measured so far. Recording a name again replaces what it held."""

    def __init__(self, name, profile, seed):
        """Start empty; `start` is the way in."""
        self.name, self.profile, self.seed = name, profile, seed
        self._expectations, self._claims, self._guesses = {}, {}, {}
        self._wall_start, self._cpu_start = time.perf_counter(), time.process_time()

    def introduction(self):
        """Say in four lines what this run depends on."""
        folder = store.data_dir(self.profile)
        shown = folder.relative_to(store.ROOT).as_posix() if folder.is_relative_to(store.ROOT) else folder
        times = [f"{profile} {text}" for profile in store.PROFILES if (text := _recorded(self.name, profile))]
        versions = ", ".join(f"{package} {version}" for package, version in provenance.versions().items())
        return (
            f"lesson {self.name}, profile {self.profile} (data in {shown}), seed {self.seed}\n{versions}\n"
            f"running on {provenance.device()}\n"
            f"time when last recorded: {', '.join(times) or 'not recorded yet'}"
        )

    def choose(self, *, sample, full):
        """Return `sample` or `full`, whichever profile runs: the only place where the two differ."""
        return sample if self.profile == "sample" else full

    def guess(self, name, value):
        """Note what a reader expects of a number that a later cell reveals.

        Args:
            name: what is guessed, in words.
            value: a number; None guesses nothing.

        Raises TypeError if it is something else.
        """
        if not isinstance(value, (numbers.Real, type(None))):
            raise TypeError(f"expected a number for your guess, such as 0.5, or None, got {value!r}")
        self._guesses[name] = None if value is None else float(value)

    def reveal(self, name, result):
        """Print a number and, where it was guessed, the guess; both are kept in build/guesses.json."""
        print(f"{name}: {guesses.write(result)}")
        guess = self._guesses.get(name)
        if guess is not None:
            print(f"your guess: {guesses.write(guess)}")
            guesses.keep(self.name, name, guess, result)

    def expect(self, name, left, comparison, right, *, margin=0.0):
        """Compare two measured numbers, print the outcome and record it.

        Args:
            name: what is expected, in words.
            left, comparison, right: two numbers, and ">", ">=", "<", "<=" or "==" between them.
            margin: by how much at least `left` must differ in the direction that is expected (for
                "==", by how much at most it may differ).

        Raises:
            ValueError: if `comparison` is none of the five.
            AssertionError: if the expectation is missed and PIXVOX_STRICT=1.
        """
        if comparison not in OPERATORS:
            raise ValueError(f"expected a comparison among {' '.join(OPERATORS)}, got {comparison!r}")
        left, right, margin = (float(number) for number in (left, right, margin))
        met = _met(left, comparison, right, margin)
        detail = {"met": met, "left": plain(left), "comparison": comparison}
        detail |= {"right": plain(right), "margin": plain(margin)}
        self._expectations[name] = detail
        numbers = f"{left:.4g} {comparison} {right:.4g}{_beyond(comparison, margin)}"
        text = f"{'as expected' if met else 'NOT as expected'}: {name} ({numbers})"
        print(text)
        if not met and strict():
            raise AssertionError(text)

    def claim(self, claim_id, *values):
        """Keep numbers that only a lesson measures, for the evidence on a post's statement.

        Args:
            claim_id: the statement's id in `data/claims.csv`, such as "P3.11".
            *values: the measured numbers, in the order in which the ledger asks for them.

        Raises ValueError if the id has another form.
        """
        if not re.fullmatch(r"P\d+\.\d+", str(claim_id)):
            raise ValueError(
                f"expected a statement's id such as 'P3.11', got {claim_id!r}; look it up in data/claims.csv"
            )
        self._claims[claim_id] = {"values": [plain(value) for value in values]}
        print(f"{claim_id}: kept for notebooks/evidence")

    def finish(self, *, headline=None, history=None):
        """Write the results file; where that cannot be, say so, and raise OSError if PIXVOX_STRICT=1.

        Args:
            headline: dict of one or two numbers that sum the lesson up, such as {"test accuracy": .97}.
            history: what `fit` returned, or a dict from names to such histories.
        """
        result = self._result(headline or {}, history)
        path = store.build_dir(self.profile) / f"{self.name}.json"
        try:
            with replace_file(path) as temporary:
                text = json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False)
                temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
        except OSError as error:
            if strict():
                raise
            print(f"the results are not kept in {path}: {error.strerror or error}")

    def _result(self, headline, history):
        """Gather what this run has to say; what differs between two equal runs goes under "run"."""
        return {
            "lesson": self.name,
            "profile": self.profile,
            "seed": self.seed,
            "headline": {key: plain(value) for key, value in headline.items()},
            "versions": provenance.versions(),
            "commit": provenance.commit(),
            "device": provenance.device(),
            "data": store.used(),
            "claims": self._claims,
            "expectations": self._expectations,
            "history": plain_histories(history),
            "run": {
                "date": datetime.now(UTC).isoformat(timespec="seconds"),
                "wall_seconds": round(time.perf_counter() - self._wall_start, 2),
                "cpu_seconds": round(time.process_time() - self._cpu_start, 2),
            },
        }


def _recorded(lesson, profile):
    """Write how long a recorded run took, and on what; None for no record, or one that is damaged."""
    with suppress(ValueError):
        if result := load_results(lesson, profile):
            seconds = result["run"]["wall_seconds"]
            text = f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"
            return f"{text} ({result['device']})"


def _met(left, comparison, right, margin):
    """Compare, with the margin on the side that makes it harder (for "==", easier); None for a NaN."""
    if any(map(math.isnan, (left, right, margin))):
        return None
    if comparison == "==":
        return abs(left - right) <= margin
    shifted = right + margin if comparison in (">", ">=") else right - margin
    return OPERATORS[comparison](left, shifted)


def _beyond(comparison, margin):
    """Write the margin of a comparison; nothing where there is none."""
    words = "give or take" if comparison == "==" else "with a margin of"
    return f", {words} {margin:.4g}" if margin else ""
