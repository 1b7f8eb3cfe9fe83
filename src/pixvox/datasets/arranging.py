"""Turn folders and archives of pictures, as people have them, into a data set's own layout."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from pixvox.datasets import archives


def open_source(source: Path, work: Path, *, wanted: Callable[[PurePosixPath], bool]) -> Path:
    """Return a folder with the source's files: the source itself, or what an archive holds, unpacked.

    Args:
        source: a folder, or a zip or tar archive.
        work: a temporary folder that archives are unpacked into.
        wanted: which files of an archive, by their path in it.

    Raises:
        ValueError: if the source is neither, or the archive is broken or not to be trusted.
    """
    if source.is_dir():
        return source
    if not archives.is_archive(source):
        raise ValueError(f"{source}: expected a folder, a zip or a tar archive, came another kind of file.")
    print(f"  Unpacking {source.name}.")
    archives.unpack(source, work / "unpacked", wanted=wanted)
    return work / "unpacked"


def files_below(folder: Path, wanted: Callable[[PurePosixPath], bool]) -> dict[PurePosixPath, Path]:
    """Return the wanted files of a folder, at any depth, by their path in it, in order."""
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = PurePosixPath(path.relative_to(folder).as_posix())
        if wanted(relative) and path.is_file():
            found[relative] = path
    return found


def place(found: dict[str, Path], target: Path, *, work: Path) -> None:
    """Bring files to their paths below `target`: moved where they lie in `work`, else copied."""
    for relative, path in found.items():
        (target / relative).parent.mkdir(parents=True, exist_ok=True)
        if path.is_relative_to(work):
            os.replace(path, target / relative)
        else:
            shutil.copyfile(path, target / relative)
