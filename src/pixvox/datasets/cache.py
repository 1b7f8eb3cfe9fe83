"""Arrays kept on the disk, so that nothing is computed twice; a cache that fails never costs the run."""

import functools
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from pixvox.datasets.files import replace_file


def key(*parts) -> str:
    """Return 32 letters that change with any array among the parts, and with the repr of the others."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(f"{part.shape} {part.dtype}\n".encode())
            digest.update(np.ascontiguousarray(part).ravel())
        else:
            digest.update(f"{part!r}\n".encode())
    return digest.hexdigest()[:32]


def cached(path: Path, names: Sequence[str], compute: Callable[[], tuple]) -> tuple:
    """Return the arrays kept in a file, or compute them and keep them for the next time.

    Args:
        path: an .npz file; its name holds the `key` of everything that the arrays depend on.
        names: what the arrays are called in the file.
        compute: returns the arrays, in the order of `names`; called where the file is missing or broken.
    """
    kept = _read(path, names)
    if kept is not None:
        return kept
    arrays = compute()
    try:
        with replace_file(path) as temporary:
            np.savez(temporary, **dict(zip(names, arrays, strict=True)))
    except OSError as error:
        _say_once(f"{path.parent}: nothing is kept, the next run computes anew ({error.strerror or error}).")
    return arrays


def _read(path: Path, names: Sequence[str]) -> tuple | None:
    """Return the arrays of a file, None if it is missing or broken."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return tuple(file[name] for name in names)
    except Exception:  # a broken file can raise nearly anything
        return None


@functools.cache
def _say_once(message: str) -> None:
    """Print a message the first time that it comes."""
    print(message)
