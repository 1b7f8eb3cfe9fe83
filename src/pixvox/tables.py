"""Results that were kept: tables of studies and results of lessons, as the repository holds them."""

import json
import math
import numbers
import operator
from pathlib import Path

from pixvox.datasets import store


def read(path: Path) -> dict:
    """Read a table's document.

    Raises ValueError if it is not one; the message says what to do.
    """
    try:
        document = parse(path.read_text(encoding="utf-8"))
        rows, sources = list.copy(document["rows"]), list.copy(document["sources"])
        if not all(math.isfinite(row["cpu_seconds"]) and isinstance(row["key"], str) for row in rows):
            raise ValueError("a row without a name or without seconds")
        [row["source"] is None or range(len(sources)).index(operator.index(row["source"])) for row in rows]
    except (ValueError, LookupError, TypeError, OverflowError) as error:
        shown = display_path(path)
        committed = path.is_relative_to(store.ROOT / "data" / "results")
        remedy = f"Type `git checkout HEAD -- {shown}`" if committed else "Remove the file"
        raise ValueError(f"expected a table of rows in {shown}, got none. {remedy}.") from error
    return document


def parse(text: str):
    """Read JSON; numbers that are none, such as NaN and 1e400, become None; nested too deeply: ValueError."""
    try:
        return json.loads(text, parse_constant=lambda name: None, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _finite(number: str) -> float | None:
    """Return a number that is written out, None for what is none."""
    return value if math.isfinite(value := float(number)) else None


def kept_path(name: str, profile: str) -> Path:
    """Return where a table is committed."""
    return store.ROOT / "data" / "results" / profile / "studies" / f"{name}.json"


def load_results(lesson, profile):
    """Read data/results/<profile>/<lesson>.json; None if there is none, ValueError if it is broken."""
    path = store.ROOT / "data" / "results" / profile / f"{lesson}.json"
    try:
        return {**parse(path.read_text(encoding="utf-8"))} if path.is_file() else None
    except (ValueError, TypeError) as error:
        shown = display_path(path)
        raise ValueError(
            f"expected results in {shown}, got none. Type `git checkout HEAD -- {shown}`."
        ) from error


def plain_histories(history):
    """Turn what `fit` returned into plain lists."""
    if history is None:
        return {}
    history = getattr(history, "history", history)
    if any(isinstance(values, dict) or hasattr(values, "history") for values in history.values()):
        return {key: plain_histories(value) for key, value in history.items()}
    return {key: [plain(value) for value in values] for key, values in history.items()}


def plain(value):
    """Turn a number into Python's, with six digits; text and None stay, NaN becomes None."""
    if getattr(value, "size", 0) == 1 and hasattr(value, "item"):
        value = value.item()  # NumPy's, whose True is no bool
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    return _finite(f"{float(value):.6g}")


def load_study(name: str, profile: str | None = None):
    """Return the committed table of a study; where the full data have none yet, say so and give the sample's.

    Args:
        name: a key of `STUDIES`.
        profile: "sample" or "full"; None asks PIXVOX_PROFILE.

    Returns:
        a pandas DataFrame: a column for each name in the settings, then seed, what was measured, cpu_seconds,
        source and date. Its `attrs` hold title, profile and sources, a list of versions, commit, device and
        data: a row's source is a number in it, or null where it is not known which of them measured the
        row. Judge no claim by a table whose profile is not the lesson's.

    Raises:
        FileNotFoundError: if no table was kept; the message names the command that makes it.
    """
    import pandas as pd

    chosen = store.profile(profile)
    path, command = kept_path(name, chosen), f"pixvox study {name} --profile {chosen} --keep"
    if not path.is_file():
        wanted, path = path, kept_path(name, "sample")
        if not path.is_file():
            text = f"expected the table of the study {name} in {display_path(wanted)}, it is not there"
            raise FileNotFoundError(f"{text}. Type `{command}`.")
        print(f"{name} is not measured on the full data yet (`{command}`): this is the SAMPLE's table.")
    document = read(path)
    frame = pd.DataFrame(document.pop("rows")).drop(columns="key", errors="ignore")
    frame.attrs = document
    return frame


def display_path(path: Path) -> str:
    """Return a path as people type it in the repository; one outside of it in full."""
    return (path.relative_to(store.ROOT) if path.is_relative_to(store.ROOT) else path).as_posix()
