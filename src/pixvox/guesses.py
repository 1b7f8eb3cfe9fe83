"""What readers guess before a cell and what the cell then shows, kept in build/guesses.json."""

import json
import math
import time

from pixvox.datasets import store
from pixvox.datasets.files import locked, replace_file
from pixvox.tables import parse, plain

TRIES = 200  # twenty a second


def path():
    """Return where the guesses are kept: one file for all lessons and profiles."""
    return store.build_root() / "guesses.json"


def load():
    """Return all guesses: dicts of guess, result and profile by their names, by lesson.

    A file that cannot be read is set aside as guesses.broken.json, and said so.
    """
    try:
        every = parse(path().read_text(encoding="utf-8"))
        return {key: {name: _entry(**entry) for name, entry in kept.items()} for key, kept in every.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError, OverflowError):
        aside = path().replace(path().with_suffix(".broken.json"))
        print(f"expected guesses in {path().name}, got something else: it is set aside as {aside.name}")
        return {}


def _entry(guess, result, profile):
    """Return what is kept of a guess; raise an error if it is something else."""
    if profile not in store.PROFILES or not all(math.isfinite(x) for x in (guess, result) if x is not None):
        raise ValueError("no guess")
    return {"guess": guess, "result": result, "profile": profile}


def keep(lesson, name, guess, result):
    """Keep a guess and what came; a later one of the same name replaces it."""
    entry = {"guess": plain(guess), "result": plain(result), "profile": store.profile()}
    for _ in range(TRIES):
        try:
            with locked(path().with_suffix(".lock")):
                every = load()
                every.setdefault(lesson, {})[name] = entry
                with replace_file(path()) as temporary:
                    temporary.write_text(json.dumps(every, indent=1) + "\n", encoding="utf-8")
            return
        except BlockingIOError:  # another notebook keeps one
            time.sleep(0.05)
        except OSError as error:
            return print(f"your guess is not kept in {path()}: {error.strerror or error}")
    print(f"your guess is not kept in {path()}: another notebook is at it")


def write(number):
    """Write whole numbers in full, others with three decimals."""
    return f"{number:,.3f}" if number % 1 else f"{number:,.0f}"
