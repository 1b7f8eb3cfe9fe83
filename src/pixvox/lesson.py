"""A lesson's machinery: profile, seed and provenance; expectations, claims and the results file."""

import importlib.metadata
import json
import math
import numbers
import operator
import os
import time
from datetime import UTC, datetime

from pixvox import backend, guesses, provenance
from pixvox.datasets import store
from pixvox.datasets.files import replace_file
from pixvox.tables import load_results, plain, plain_histories, study_record

OPERATORS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq}


def strict():
    """Tell whether a missed expectation raises (PIXVOX_STRICT=1, as in CI) or is only printed."""
    return os.environ.get("PIXVOX_STRICT", "") == "1"


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
    """
    profile = store.profile()
    backend.load_quietly()
    seed = _seed_from_environment(seed)
    backend.make_deterministic(seed)
    store.forget()
    lesson = Lesson(name, profile, seed)
    print(lesson.introduction())
    return lesson


def _seed_from_environment(seed):
    """Return PIXVOX_SEED as a number where it is set, else `seed`."""
    text = os.environ.get("PIXVOX_SEED", "")
    if not text:
        return seed
    if not text.isdecimal() or int(text) >= 2**32:
        raise ValueError(f"PIXVOX_SEED: expected a whole number from 0 to 4294967295, got {text!r}; unset it")
    return int(text)


def ledger():
    """Return `pixvox_evidence.claims`: it lies above this package and announces itself as an entry point."""
    (entry,) = importlib.metadata.entry_points(group="pixvox.ledger")
    return entry.load()


class Lesson:
    """What a running lesson has measured so far. Recording a name again replaces what it held."""

    def __init__(self, name, profile, seed):
        """Start empty; `start` is the way in."""
        self.name, self.profile, self.seed = name, profile, seed
        self._ledger = ledger().load_claims(name)
        self._expectations, self._claims, self._seconds, self._guesses = {}, {}, {}, {}
        self._wall_start, self._cpu_start = time.perf_counter(), time.process_time()

    def introduction(self):
        """Say in four lines what this run depends on."""
        folder = store.data_dir(self.profile)
        shown = folder.relative_to(store.ROOT).as_posix() if folder.is_relative_to(store.ROOT) else folder
        recorded = {profile: load_results(self.name, profile) for profile in store.PROFILES}
        times = [f"{profile} {_time_text(result)}" for profile, result in recorded.items() if result]
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

        Raises:
            TypeError: if it is something else.
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

    def expect(self, name, left, comparison, right, *, margin=0.0, unit=""):
        """Compare two measured numbers, print the outcome and record it.

        Args:
            name: what is expected, in words; claims refer to it.
            left, comparison, right: two numbers, and ">", ">=", "<", "<=" or "==" between them.
            margin: by how much at least `left` must differ in the direction that is expected (for
                "==", by how much at most it may differ).
            unit: printed after the numbers. Seconds ("s") differ from run to run: they are kept apart in
                the results file, and missing such an expectation never raises.

        Raises:
            ValueError: if `comparison` is none of the five.
            AssertionError: if the expectation is missed, PIXVOX_STRICT=1 and `unit` is not "s".
        """
        if comparison not in OPERATORS:
            raise ValueError(f"expected a comparison among {' '.join(OPERATORS)}, got {comparison!r}")
        left, right, margin = (float(number) for number in (left, right, margin))
        met = _met(left, comparison, right, margin)
        detail = {"met": met, "left": plain(left), "comparison": comparison}
        detail |= {"right": plain(right), "margin": plain(margin)}
        self._expectations.pop(name, None)
        self._seconds.pop(name, None)
        (self._seconds if unit == "s" else self._expectations)[name] = detail
        numbers = f"{left:.4g} {comparison} {right:.4g}{_beyond(comparison, margin)}{unit and ' ' + unit}"
        text = f"{'as expected' if met else 'NOT as expected'}: {name} ({numbers})"
        print(text)
        if not met and strict() and unit != "s":
            raise AssertionError(text)

    def claim(self, claim_id, *values, n=None, supports=(), refutes=(), study=None):
        """Record what was measured for a claim of the ledger, and judge it.

        Args:
            claim_id: an id of `data/claims.csv` that belongs to this lesson, such as "P4.3".
            *values: the measured numbers, in the order of the posted ones; None for one not measured.
            n: for accuracies, the number of pictures behind them.
            supports, refutes: for statements, a name (or names) of an expectation that, met, speaks for the
                claim or against it.
            study: the table of `tables.load_study` that the numbers come from, if they do; its name, seeds
                and CPU seconds are recorded with them.

        Raises:
            ValueError: if the id is not this lesson's, a count or an accuracy has not as many numbers as were
                posted, an accuracy comes without `n`, or a statement names no known expectation.
        """
        if claim_id not in self._ledger:
            known = ", ".join(self._ledger)
            raise ValueError(f"expected a claim of lesson {self.name} ({known}), got {claim_id!r}")
        claim = self._ledger[claim_id]
        evidence = self._evidence(supports, True) + self._evidence(refutes, False)
        values = [plain(value) for value in values]
        record = ledger().record(claim, values, profile=self.profile, n=n, evidence=evidence)
        if study is not None:
            record["study"] = study_record(study)
        self._claims[claim_id] = record
        judged = "judged on the full data only" if "mark" in record else record["verdict"]
        print(f"{claim_id}: {claim.text}. {judged[0].upper() + judged[1:]}.")

    def _evidence(self, names, speaks_for):
        """Look up expectations by name: True where one speaks for the claim, None where it compared a NaN."""
        names = [names] if isinstance(names, str) else list(names)
        known = self._expectations | self._seconds
        unknown = [name for name in names if name not in known]
        if unknown:
            raise ValueError(f"no expectation is called {unknown[0]!r}; so far: {list(known)}")
        found = [known[name]["met"] for name in names]
        return [None if met is None else met == speaks_for for met in found]

    def finish(self, *, headline=None, history=None):
        """Write the results file and, of a lesson with claims, show a table: posted, sample, full, verdict.

        Args:
            headline: dict of one or two numbers that sum the lesson up, such as {"test accuracy": .97}.
            history: what `fit` returned, or a dict from names to such histories.
        """
        from IPython.display import display

        result = self._result(headline or {}, history)
        path = store.build_dir(self.profile) / f"{self.name}.json"
        with replace_file(path) as temporary:
            text = json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False)
            temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
        if not self._claims:
            return
        both = {profile: load_results(self.name, profile) for profile in store.PROFILES}
        table = ledger().claims_table(self.name, both | {self.profile: result})
        html = table.to_html(index=False, justify="left", max_rows=None, border=0)
        display({"text/plain": table.to_string(index=False), "text/html": html}, raw=True)

    def _result(self, headline, history):
        """Gather what this run has to say; what differs between two equal runs goes under "run".

        A run without claims hands on those that were kept, and says from which commit.
        """
        missing = {"values": [], "n": None, "verdict": "not measured here"}
        kept = {} if self._claims else load_results(self.name, self.profile) or {}
        found = self._claims or kept.get("claims") or {}
        origin = {"claims_from": kept.get("claims_from", kept.get("commit"))} if kept and found else {}
        return {
            "lesson": self.name,
            "profile": self.profile,
            "seed": self.seed,
            "headline": {key: plain(value) for key, value in headline.items()},
            "versions": provenance.versions(),
            "commit": provenance.commit(),
            "device": provenance.device(),
            "data": store.used(),
            "claims": {claim_id: found.get(claim_id, missing) for claim_id in self._ledger},
            **origin,
            "expectations": self._expectations,
            "history": plain_histories(history),
            "run": {
                "date": datetime.now(UTC).isoformat(timespec="seconds"),
                "wall_seconds": round(time.perf_counter() - self._wall_start, 2),
                "cpu_seconds": round(time.process_time() - self._cpu_start, 2),
                "seconds_compared": self._seconds,
            },
        }


def _time_text(result):
    """Write how long a recorded run took, and on what."""
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
