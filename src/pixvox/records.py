"""What a results file is made of: plain numbers, histories, and the study behind a claim."""

import math
import numbers


def study_record(table):
    """Return what a claim says of the study behind it; a GPU that computed some of its rows is its device."""
    sources = (table.attrs, *table.attrs.get("earlier", []))
    devices = [source["device"] for source in sources]
    return {
        "name": table.attrs["study"],
        "seeds": int(table["seed"].nunique()),
        "cpu_seconds": round(float(table["cpu_seconds"].sum()), 2),
        "device": max(devices, key=lambda name: name.startswith("GPU")),
    }


def plain_histories(history):
    """Turn what `fit` returned into plain lists."""
    if history is None:
        return {}
    if hasattr(history, "history"):
        history = history.history
    if all(isinstance(values, list) for values in history.values()):
        return {key: [plain(value) for value in values] for key, values in history.items()}
    return {key: plain_histories(value) for key, value in history.items()}


def plain(value):
    """Turn a number into Python's, with six digits; text and None stay, NaN becomes None."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    value = float(value)
    return float(f"{value:.6g}") if math.isfinite(value) else None
