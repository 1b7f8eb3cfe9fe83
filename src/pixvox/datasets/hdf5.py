"""HDF5 files that come from elsewhere, read without trusting them.

HDF5 links, virtual arrays and external storage can lead to any file of the machine,
so they are refused: all data must lie in the file itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np

MOST_DEEP = 6  # groups within groups
MOST_MEMBERS = 100_000  # links count as often as they are met: a few of them can make a million paths


@contextmanager
def reading(path: Path) -> Iterator[h5py.File]:
    """Open an HDF5 file; errors of the format become a ValueError."""
    if not Path(path).is_file():
        raise FileNotFoundError(f"{path}: expected an HDF5 file, it is not there.")
    try:
        with h5py.File(path, "r") as file:
            yield file
    except PermissionError:
        raise
    except (OSError, RuntimeError, KeyError, TypeError) as error:  # all of these come from damaged files
        raise ValueError(
            f"{path}: expected a whole HDF5 file, came another kind, or part of one ({error})."
        ) from error


def own(path: Path, group: h5py.Group, name: str, kind: type = h5py.Dataset) -> h5py.Dataset | h5py.Group:
    """Return a member of a group whose data lie in this file; links could lead to any other."""
    if name not in group.keys():
        raise ValueError(f"{path}: expected {name} in {group.name}, came {sorted(group)[:8]}.")
    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        raise ValueError(f"{path}: expected {name} to be stored in the file, came a link.")
    member = group[name]
    if not isinstance(member, kind):
        raise ValueError(f"{path}: expected {name} to be a {kind.__name__}, came a {type(member).__name__}.")
    if kind is h5py.Dataset and (member.external or member.is_virtual):
        raise ValueError(f"{path}: expected the data of {name} in the file, they lie in another one.")
    return member


def expect(path: Path, name: str, dataset: h5py.Dataset, kinds: str, shape: tuple[int, ...]) -> None:
    """Check the type and shape of an array."""
    if dataset.dtype.kind not in kinds or dataset.shape != shape:
        raise ValueError(
            f"{path}: expected {name} as {'floats' if 'f' in kinds else 'whole numbers'} of shape {shape}, "
            f"came {dataset.dtype} of shape {dataset.shape}."
        )


def expect_range(path: Path, name: str, values: np.ndarray, lowest: float, highest: float) -> None:
    """Check that all values lie between two numbers; NaN does not."""
    if not ((values >= lowest) & (values <= highest)).all():
        raise ValueError(f"{path}: expected values {lowest} to {highest} in {name}, came others.")


def arrays_below(path: Path, group: h5py.Group) -> dict[str, h5py.Dataset]:
    """Return all arrays of a group and its groups, by name; raises as `own`, or if there are too many."""
    found, groups, seen = {}, [(group, 0)], 0
    while groups:
        group, depth = groups.pop()
        seen += len(group)
        if depth == MOST_DEEP or seen > MOST_MEMBERS:
            raise ValueError(f"{path}: expected groups not so deep, nor so many, came {group.name}.")
        for name in group:
            here = isinstance(group.get(name, getlink=True), h5py.HardLink)  # a link is not followed
            kind = h5py.Group if here and group.get(name, getclass=True) is h5py.Group else h5py.Dataset
            member = own(path, group, name, kind)
            if kind is h5py.Group:
                groups.append((member, depth + 1))
            else:
                found[member.name] = member
    return found
