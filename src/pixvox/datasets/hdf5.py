"""HDF5 files that come from elsewhere: opened, and checked to hold their data themselves.

HDF5 links, virtual arrays and external storage can lead to any file of the machine, so they are refused.
"""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np

MOST_PACKED = 1_100  # bytes that gzip can make of one; what was never written takes none, and promises all
OPEN_ELSEWHERE = "it is open in another program or notebook; close it there"
KILLED = ", or its writer was killed: if none is open, move it away and type `pixvox fetch` (or `sketch`)"
PACKED = "it is packed by a filter that is not here; where it is, write the file again with gzip"
_CALL = re.compile(r"errno = (\d+), error message = '([^']*)'")  # as HDF5 words a failed system call


@contextmanager
def reading(path: Path) -> Iterator[h5py.File]:
    """Open an HDF5 file for reading.

    Raises:
        FileNotFoundError: it is not there.
        ValueError: it is no HDF5 file, or damaged.
        OSError: it cannot be read now, right or not; `errno` says why (open elsewhere: BlockingIOError).
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f"{path}: expected an HDF5 file, it is not there.")
    try:
        with h5py.File(path, "r") as file:
            yield file
    except (OSError, RuntimeError, KeyError, TypeError, ValueError) as error:  # of h5py, any for either
        if isinstance(error, ValueError) and str(path) in str(error):
            raise  # ours
        if failed := _failed_call(error, path):
            raise failed from error
        raise ValueError(f"{path}: expected a whole HDF5 file, got another, or a part ({error}).") from error


def _failed_call(error: Exception, path: Path) -> OSError | None:
    """Return the failed system call behind an error of HDF5, or None where the contents are at fault."""
    text, told = str(error), _CALL.search(str(error))
    number, reason = (int(told[1]), told[2]) if told else (getattr(error, "errno", None), text)
    flagged = "already open for" in text  # in the file itself, so that it outlives its writer
    if flagged or ("unable to lock file" in text and number in (errno.EAGAIN, errno.EACCES, 0)):
        return OSError(errno.EAGAIN, f"{OPEN_ELSEWHERE}{KILLED if flagged else ''} ({reason})", str(path))
    if "unable to lock file" in text:
        return OSError(number, f"no locks here; set HDF5_USE_FILE_LOCKING=FALSE ({reason})", str(path))
    if "plugin" in text or "required filter" in text:  # the contents may be right
        return OSError(errno.ENOSYS, f"{PACKED} ({reason})", str(path))
    return OSError(number, reason, str(path)) if number else None


def own(path: Path, group: h5py.Group, name: str, kind: type = h5py.Dataset) -> h5py.Dataset | h5py.Group:
    """Return a member of a group whose data lie in this file; links could lead to any other."""
    if name not in group.keys():
        raise ValueError(f"{path}: expected {name} in {group.name}, got {sorted(group)[:8]}.")
    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        raise ValueError(f"{path}: expected {name} to be stored in the file, got a link.")
    member = group[name]
    if not isinstance(member, kind):
        raise ValueError(f"{path}: expected {name} to be a {kind.__name__}, got a {type(member).__name__}.")
    if kind is h5py.Dataset and (member.external or member.is_virtual):
        raise ValueError(f"{path}: expected the data of {name} in the file, they lie in another one.")
    if kind is h5py.Dataset and member.nbytes > 2**27 + MOST_PACKED * member.id.get_storage_size():
        raise ValueError(
            f"{path}: expected the data of {name} in the file, of {member.nbytes:,} bytes most lack."
        )
    return member


def expect(path: Path, name: str, dataset: h5py.Dataset, kinds: str, shape: tuple[int, ...]) -> None:
    """Check the type and shape of an array."""
    if dataset.dtype.kind not in kinds or dataset.shape != shape:
        raise ValueError(
            f"{path}: expected {name} as {'floats' if 'f' in kinds else 'whole numbers'} of shape {shape}, "
            f"got {dataset.dtype} of shape {dataset.shape}."
        )


def expect_range(path: Path, name: str, values: np.ndarray, lowest: float, highest: float) -> None:
    """Check that all values lie between two numbers; NaN does not."""
    if not ((values >= lowest) & (values <= highest)).all():
        raise ValueError(f"{path}: expected values {lowest} to {highest} in {name}, got others.")


def arrays_below(path: Path, group: h5py.Group) -> dict[str, h5py.Dataset]:
    """Return all arrays of a group and its groups, by name; raises as `own`. Each group is visited once."""
    names, found = [], {}
    group.visit_links(names.append)
    for name in names:
        here = isinstance(group.get(name, getlink=True), h5py.HardLink)  # a link is not followed
        if not (here and group.get(name, getclass=True) is h5py.Group):
            found[name] = own(path, group, name)
    return found
