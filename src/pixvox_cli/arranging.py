"""Turn files, folders and archives, as people have them, into a data set's own layout."""

import os
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import h5py
import numpy as np

from pixvox.datasets import cats_dogs, hdf5, imagenet, images, store
from pixvox.datasets.faces import YOUNG, is_face
from pixvox_cli import archives, checks, clothes_tables
from pixvox_cli.publications import look_up


def arrange(name: str, relatives: Iterable[str], source: Path, *, target: Path, work: Path) -> list[str]:
    """Bring what a source has of a data set to a folder, in the data set's layout.

    Args:
        relatives: which of the data set's files, or the folder that it is.
        source: a file, a folder or an archive; it is not changed.
        target: the folder to fill.
        work: an empty temporary folder on the same disk.

    Returns:
        Those of `relatives` that the source has: all, but for files that can be made here, for weights of
        which there are several files, and for those of a CSV file of clothes that is not there.

    Raises:
        ValueError: the source has nothing of it, or not all, or too much, or is refused.
        OSError: the source cannot be read now, or the files cannot be written.
    """
    relatives = list(relatives)
    if name in ARRANGE:
        ARRANGE[name](source, target / relatives[0], work)
        return relatives
    if look_up(name).module == "imagenet":
        return arrange_weights(name, relatives, source, target=target, work=work)
    if name == "fashion-mnist":
        if source.is_dir() or archives.is_archive(source):
            source = _open_source(source, work, wanted=clothes_tables.is_clothes)
        if tables := clothes_tables.find(source):
            return clothes_tables.arrange(tables, target)
    made_here = [relative for relative, remote in look_up(name).files.items() if remote is None]
    return _arrange_files(source, relatives, target, work=work, optional=made_here)


def _arrange_files(
    source: Path, names: list[str], target: Path, *, work: Path, optional: Iterable[str]
) -> list[str]:
    """Copy files, found by their names, to a folder; the names of those that were there are returned.

    For a single name, or the first of several that are all optional, the source may also be the
    file itself, whatever it is called. Optional names may be missing, though not all of them.
    """
    if source.is_file() and not archives.is_archive(source):
        alone = len(names) == 1 or set(names) <= set(optional)
        found = {source.name if source.name in names or not alone else names[0]: [source]}
    else:
        folder = _open_source(source, work, wanted=lambda path: path.name in names)
        below = images.files_below(folder, lambda path: path.name in names)[0].values()
        found = {name: [path for path in below if path.name == name and path.is_file()] for name in names}
    chosen = [name for name in names if found.get(name)]
    for name in names:
        matches = found.get(name, [])
        if len(matches) > 1 or not (matches or (chosen and name in optional)):
            got = ", ".join(map(str, matches)) or "none"
            packed = f". If it is there unzipped, type `gzip {name[:-3]}`" if name.endswith(".gz") else ""
            raise ValueError(f"{source}: expected one file {name}, got {got}{packed if not matches else ''}.")
    target.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        shutil.copyfile(found[name][0], target / name)
    return chosen


def _open_source(source: Path, work: Path, *, wanted: Callable[[PurePosixPath], bool]) -> Path:
    """Return a folder with the source's files: the source itself, or what an archive holds, unpacked."""
    if source.is_dir():
        return source
    if not archives.is_archive(source):
        raise ValueError(f"{source}: expected a folder, a zip or a tar archive, got another kind of file.")
    print(f"  Unpacking {source.name}.")
    folder = work / "unpacked"
    folder.mkdir(parents=True)
    archives.unpack(source, folder, wanted=wanted)
    return folder


def _place(found: dict[str, Path], target: Path, *, work: Path) -> None:
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
    ``Dog/N.jpg`` (PetImages), or a ``train.zip`` inside that holds them. Pictures of other
    names, and files that do not begin as a picture does, are kept out and named in printed lines.

    Raises:
        ValueError: there are no such pictures, or one comes twice, or an archive is refused.
    """
    looks = images.looks_like_picture
    folder = _open_source(source, work / "outer", wanted=lambda path: path.name == "train.zip" or looks(path))
    found, others = _find_cats_dogs(source, folder)
    inner = [] if found else sorted(folder.rglob("train.zip"))
    if inner:
        found, others = _find_cats_dogs(source, _open_source(inner[0], work / "inner", wanted=looks))
    whole = {name: path for name, path in found.items() if checks.is_whole(path)}
    if not whole:
        raise ValueError(f"{source}: expected pictures cat.0.jpg or Cat/0.jpg and so on, got none.")
    _say_kept_out(sorted(found.keys() - whole.keys()), "cannot be read as pictures")
    _say_kept_out(others, "are not cat.0.jpg, Cat/0.jpg and so on")
    _place(whole, target, work=work)


def _say_kept_out(names: Iterable, remark: str) -> None:
    """Print how many things are kept out, if any, what is wrong with them, and the first."""
    if names:
        print(f"  {images.write(names, f'{remark}: kept out')}.")


def _find_cats_dogs(source: Path, folder: Path) -> tuple[dict[str, Path], list]:
    """Return cats and dogs below a folder by the names they are to have, such as cat.0.jpg; and the rest."""
    found = {}
    looks, others = images.files_below(folder)
    for relative, path in looks.items():
        names = (relative.name.lower(), f"{relative.parent.name}.{relative.name}".lower())
        name = next((name for name in names if cats_dogs.NAME.fullmatch(name) and path.is_file()), None)
        if name in found:
            other = found[name].relative_to(folder).as_posix()
            raise ValueError(f"{source}: expected one {name}, got {other} and {relative}.")
        if name:
            found[name] = path
        else:
            others.append(relative)
    return found, others


def arrange_faces(source: Path, target: Path, work: Path) -> None:
    """Make the folder of people from ``<person>/*.png`` and ``<person>/y/*.png``, at any depth.

    Raises:
        ValueError: it holds no such folders, or several of them, or the archive is refused.
    """
    found, closed = images.files_below(_open_source(source, work, wanted=images.looks_like_picture))
    tops = {path.parents[2] for path in found if len(path.parts) > 2 and path.parent.name == YOUNG}
    if len(tops) != 1:
        got = ", ".join(sorted(str(top) for top in tops)[:3]) or "none"
        raise ValueError(f"{source}: expected one folder with <person>/y/*.png in it, got {got}.")
    top = tops.pop()
    people = {path.relative_to(top): place for path, place in found.items() if path.is_relative_to(top)}
    faces = {str(path): place for path, place in people.items() if is_face(path, place)}
    others = [path for path, place in found.items() if place not in faces.values()]
    _say_kept_out([*others, *closed], "are not <person>/*.png or <person>/y/*.png")
    _place(faces, target, work=work)


def arrange_weights(name: str, relatives: list[str], source: Path, *, target: Path, work: Path) -> list[str]:
    """Make files of weights from published ones, or from ones saved by Keras 3.

    Args:
        relatives: which, as in `imagenet.FILES`.
        source: the file, under any name if one is asked for, or a folder with files, under our names or the
            published ones.
        target: the folder to fill.

    Returns:
        Those of `relatives` that the source has.

    Raises:
        ValueError: it has none, or one that is no HDF5 file, has not that network's arrays, or holds links.
        OSError: it cannot be read now.
    """
    originals = look_up(name).originals
    names = {relative: (relative, Path(originals[relative].url).name) for relative in relatives}
    found = {}
    for relative, known in names.items():
        if source.is_dir():
            places = [source / file for file in known]
        else:
            places = [source] if len(relatives) == 1 or source.name in known else []
        found |= {relative: place} if (place := next(filter(Path.is_file, places), None)) else {}
    if not found:
        expected = " or ".join(file for known in names.values() for file in known)
        raise ValueError(f"{source}: expected the file {expected}, got none of that name.")
    target.mkdir(parents=True, exist_ok=True)
    for relative, place in found.items():
        _arrange_network(place, target / relative, work)
    return list(found)


def _arrange_network(source: Path, target: Path, work: Path) -> None:
    """Make one file of weights, called as the network asks for."""
    with hdf5.reading(source) as file:
        legacy, arrays = imagenet.LEGACY in file.attrs, hdf5.arrays_below(source, file)
        if legacy:
            arrays = _needed(file, arrays, target.name)
        imagenet.check_arrays(source, arrays, target.name)
    if legacy:
        _convert_weights(source, target, work)
    else:
        shutil.copyfile(source, target)


def _needed(file: h5py.File, arrays: dict[str, h5py.Dataset], target: str) -> dict[str, h5py.Dataset]:
    """Return those arrays of a file in the older format that are to be kept, in an order as they follow."""
    layers = set(np.asarray(file.attrs[imagenet.LEGACY]).astype(str))
    if target == imagenet.MOBILENET:
        layers = {layer for layer in layers if not re.match("conv_(dw|pw)_13", layer)}
    kept = {key: array for key, array in arrays.items() if key.partition("/")[0] in layers}
    return {key.replace("conv_preds", "conv_pw_preds"): array for key, array in kept.items()}  # the last


def _convert_weights(source: Path, target: Path, work: Path) -> None:
    """Load the published weights into the network and save what is kept of it in today's format."""
    copy = work / "legacy.h5"  # Keras tells the format by the file's name
    shutil.copyfile(source, copy)
    os.environ.setdefault("KERAS_HOME", str(store.build_root() / "keras"))
    from pixvox import backend

    backend.load_quietly()
    model = imagenet.build(target.name)
    try:
        model.load_weights(copy)
    except (ValueError, KeyError, IndexError) as error:
        reason = str(error).replace(str(copy), str(source))
        raise ValueError(f"{source}: expected the published weights for {target.name}: {reason}.") from error
    imagenet.cut(model, target.name).save_weights(target)


ARRANGE = {
    "age-gap-faces": arrange_faces,
    "dogs-vs-cats": arrange_cats_dogs,
}
