"""Looks, before anything is computed, whether what a command makes can be kept; waits for a place."""

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pixvox.datasets import store
from pixvox.datasets.files import locked
from pixvox.tables import display_path

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
WAIT = 0.5  # seconds after which a lock that somebody holds is asked for again


@contextmanager
def waited_for(lock: Path, tell: Callable[[BlockingIOError], None]) -> Iterator[None]:
    """Hold a lock; wait for it if another process has it, and tell so once. Without one where none can be."""
    told = False
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(locked(lock))
                break
            except BlockingIOError as error:
                if not told:
                    tell(error)
                told = True
                time.sleep(WAIT)
            except OSError:  # nothing can be written there, or the file system has no locks
                break
        yield


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
