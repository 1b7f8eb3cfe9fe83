"""Looks, before anything is computed, whether what a command makes can be kept."""

import errno
import os
from pathlib import Path

from pixvox.datasets import store
from pixvox.tables import display_path

FULL = (errno.ENOSPC, errno.EDQUOT)


def check_build(folder: Path, command: str) -> None:
    """Try whether the folder below build can be written.

    Args:
        folder: is made if need be.
        command: what was typed; a message repeats it with another folder.

    Raises:
        OSError: if nothing can be written there; the message has the system's reason and what to type.
    """
    try:
        store.try_writing(folder)
    except OSError as error:
        home = "~/pixvox-build" if os.name == "posix" else r"%USERPROFILE%\pixvox-build"
        other = f"PIXVOX_BUILD={'A-FOLDER-ON-ANOTHER-DISK' if error.errno in FULL else home}"
        typed = f"{other} {command}" if os.name == "posix" else f"set {other} & {command}"
        raise OSError(f"{_refused(folder, error)}. Type `{typed}`.") from error


def check_kept(folders: list[Path]) -> None:
    """Try whether --keep can write to these folders of the repository; OSError says why not."""
    for folder in folders:
        try:
            store.try_writing(folder)
        except OSError as error:
            text = f"{_refused(folder, error)}, where --keep copies to"
            raise OSError(f"{text}. Leave out --keep, or use a clone of your own.") from error


def _refused(folder: Path, error: OSError) -> str:
    """Return what was expected, the folder, and the system's reason."""
    return f"expected to write in {display_path(folder)}, got: {error.strerror or error}"
