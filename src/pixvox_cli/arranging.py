"""Turn folders and archives of pictures, as people have them, into a data set's own layout."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from pixvox.datasets import files, hdf5, imagenet, images, store
from pixvox.datasets.cats_dogs import _NAME
from pixvox.datasets.faces import YOUNG, _fits
from pixvox.datasets.imagenet import _check_weights, _is_legacy
from pixvox_cli import archives


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


def place(found: dict[str, Path], target: Path, *, work: Path) -> None:
    """Bring files to their paths below `target`: moved where they lie in `work`, else copied."""
    for relative, path in found.items():
        (target / relative).parent.mkdir(parents=True, exist_ok=True)
        if path.is_relative_to(work):
            os.replace(path, target / relative)
        else:
            shutil.copyfile(path, target / relative)


def arrange_cats_dogs(source: Path, target: Path, work: Path) -> None:
    """Make the folder ``train`` from what the user or Microsoft has.

    Taken are ``cat.N.jpg`` and ``dog.N.jpg`` at any depth, or ``Cat/N.jpg`` and
    ``Dog/N.jpg`` (PetImages), or a ``train.zip`` inside that holds them. Everything else
    is left where it is. Files that are empty or do not begin as a picture does are kept
    out and named in a printed line.

    Args:
        source: a folder or an archive; it is not changed.
        target: the folder to make.
        work: a temporary folder on the same disk.

    Raises:
        ValueError: if there are no such pictures, or one comes twice, or an archive is refused.
    """
    folder = open_source(source, work / "outer", wanted=_interesting)
    found = _find(source, folder)
    inner = [] if found else sorted(folder.rglob("train.zip"))
    if inner:
        found = _find(source, open_source(inner[0], work / "inner", wanted=images.is_picture))
    whole = {name: path for name, path in found.items() if images.is_whole(path)}
    if not whole:
        raise ValueError(f"{source}: expected pictures cat.0.jpg or Cat/0.jpg and so on, came none.")
    broken = [name for name in found if name not in whole]
    if broken:
        listed = images.few(broken)
        print(f"  {len(broken)} of {len(found):,} files are no pictures and are kept out: {listed}.")
    place(whole, target, work=work)


def _interesting(path: PurePosixPath) -> bool:
    """Say whether a file of an archive may be unpacked."""
    return path.name == "train.zip" or images.is_picture(path)


def _find(source: Path, folder: Path) -> dict[str, Path]:
    """Return the cats and dogs below a folder by the names they are to have."""
    found = {}
    for relative, path in files.files_below(folder, images.is_picture).items():
        name = _name(relative)
        if name in found:
            other = found[name].relative_to(folder).as_posix()
            raise ValueError(f"{source}: expected one {name}, came {other} and {relative}.")
        if name:
            found[name] = path
    return found


def _name(relative: PurePosixPath) -> str:
    """Return the name that a picture is to have, such as cat.0.jpg, or "" for a foreign one."""
    if _NAME.fullmatch(relative.name.lower()):
        return relative.name.lower()
    name = f"{relative.parent.name}.{relative.name}".lower()
    return name if _NAME.fullmatch(name) else ""


def arrange_faces(source: Path, target: Path, work: Path) -> None:
    """Make the folder of people from LAGdataset_100.zip, with or without a folder round it, or from a folder.

    Args:
        source: a folder or an archive with ``<person>/*.png`` and ``<person>/y/*.png``; it is not changed.
        target: the folder to make.
        work: a temporary folder on the same disk.

    Raises:
        ValueError: if it holds no such folders, or several of them, or the archive is refused.
    """
    folder = open_source(source, work, wanted=images.is_picture)
    found = files.files_below(folder, images.is_picture)
    tops = {path.parents[2] for path in found if len(path.parts) > 2 and path.parent.name == YOUNG}
    if len(tops) != 1:
        came = ", ".join(sorted(str(top) for top in tops)[:3]) or "none"
        raise ValueError(f"{source}: expected one folder with <person>/y/*.png in it, came {came}.")
    top = tops.pop()
    people = {path.relative_to(top): place for path, place in found.items() if path.is_relative_to(top)}
    place({str(path): place for path, place in people.items() if _fits(path)}, target, work=work)


def arrange_vgg(source: Path, target: Path, work: Path) -> None:
    """Make ``<name>_notop.weights.h5`` from a file of weights, the published one or one saved by Keras 3.

    Args:
        source: the file, or a folder that holds it; it is not changed.
        target: the file to write, called vgg16... or vgg19...
        work: a temporary folder.

    Raises:
        ValueError: if the source is no HDF5 file, or has not that network's layers, or holds links.
    """
    name = target.name[:5]
    if source.is_dir():
        names = (target.name, Path(store.dataset(name).original.url).name)
        source = next((source / file for file in names if (source / file).is_file()), source / names[0])
    with hdf5.reading(source) as file:
        _check_weights(source, file, name)
        legacy = _is_legacy(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    if legacy:
        _convert(name, source, target=target, work=work)
    else:
        shutil.copyfile(source, target)


def _convert(name: str, source: Path, *, target: Path, work: Path) -> None:
    """Load the published weights into the network and save them in today's format."""
    copy = work / "legacy.h5"  # Keras tells the format by the file's name
    shutil.copyfile(source, copy)
    os.environ.setdefault("KERAS_HOME", str(store.ROOT / "build" / "keras"))
    from pixvox import backend

    backend.load_quietly()
    model = imagenet.build_vgg(name)
    try:
        model.load_weights(copy)
    except (ValueError, KeyError, IndexError) as error:
        reason = str(error).replace(str(copy), str(source))
        raise ValueError(f"{source}: expected the weights of {name} without its top: {reason}.") from error
    model.save_weights(target)
