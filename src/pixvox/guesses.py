"""What readers guess before a cell and what the cell then shows, kept in build/guesses.json."""

import json

from pixvox.datasets import store
from pixvox.datasets.files import replace_file
from pixvox.tables import plain


def path():
    """Return where the guesses are kept: one file for all lessons and profiles."""
    return store.build_dir().parent / "guesses.json"


def load():
    """Return all guesses: dicts of guess, result and profile by their names, by lesson.

    A file that cannot be read is set aside as guesses.broken.json, and said so.
    """
    try:
        every = json.loads(path().read_text(encoding="utf-8"))
        return {lesson: {**guesses} for lesson, guesses in every.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):
        aside = path().replace(path().with_suffix(".broken.json"))
        print(f"expected guesses in {path().name}, got something else: it is set aside as {aside.name}")
        return {}


def keep(lesson, name, guess, result):
    """Keep a guess and what came; a later one of the same name replaces it."""
    entry = {"guess": plain(guess), "result": plain(result), "profile": store.profile()}
    try:
        every = load()
        every.setdefault(lesson, {})[name] = entry
        with replace_file(path()) as temporary:
            temporary.write_text(json.dumps(every, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        print(f"your guess is not kept: {error}")


def write(number):
    """Write whole numbers in full, others with three decimals."""
    return f"{number:,.3f}" if number % 1 else f"{number:,.0f}"
