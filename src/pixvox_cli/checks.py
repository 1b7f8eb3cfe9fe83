"""Looks which data sets a profile has, and at their files, as they come or lie there: says what they hold.

What reads a format is imported when a file of that format is looked at, and not before: a package that is
broken costs the data sets that need it only.
"""

import importlib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from pixvox.datasets import store
from pixvox.datasets.files import checksum
from pixvox.datasets.registry import DATASETS
from pixvox_cli.publications import look_up

PICTURES_LOOKED_AT = 20  # headers that `check_pictures` reads
CLOUDS_LOOKED_AT = 200  # thousands take a quarter of a minute


def names(profile: str | None = None) -> tuple[str, ...]:
    """Return the names of the data sets that the profile has, in the registry's order."""
    full = store.profile(profile) == "full"
    return tuple(name for name, entry in DATASETS.items() if (not entry.drawn_only if full else entry.sketch))


def check(name: str, folder: Path) -> str:
    """Check a data set in a folder as a whole; returns and raises as `check_file`."""
    if name == "fashion-mnist":  # its files must fit together
        return _check_clothes(Path(folder))
    return "; ".join(check_file(name, Path(folder) / relative) for relative in look_up(name).files)


def check_file(name: str, path: Path) -> str:
    """Check one of a data set's published `files`, a file or a folder.

    Returns:
        A short description of what is in it.

    Raises:
        FileNotFoundError: it is not there.
        ValueError: its contents are wrong; the message says what was expected and what came.
        OSError: it cannot be read now.
    """
    return CHECKS[look_up(name).module](Path(path))


def load_module(name: str) -> ModuleType:
    """Import the module that reads a data set's format; raises whatever is wrong with its packages."""
    return importlib.import_module(f"pixvox.datasets.{look_up(name).module}")


def is_published(path: Path, known: str) -> bool:
    """Say whether a file has a published checksum, in pooch's notation: "sha256:..." or "md5:..."."""
    algorithm, _, digest = known.partition(":")
    return checksum(path, algorithm) == digest


def _check_digits(path: Path) -> str:
    """Check the file of MNIST's digits."""
    from pixvox.datasets import mnist

    (x_train, _), (x_test, _) = mnist.read_mnist(path)
    return f"{len(x_train):,} training and {len(x_test):,} test digits of 28x28"


def _check_clothes(folder: Path) -> str:
    """Check the four files of clothes together; returns and raises as `check_file`."""
    from pixvox.datasets import fashion_mnist

    _refuse_mixed(folder, fashion_mnist.FILES)
    arrays = fashion_mnist.read_all({key: folder / name for key, name in fashion_mnist.FILES.items()})
    return f"{len(arrays['x_train']):,} training and {len(arrays['x_test']):,} test pictures of 28x28"


def _refuse_mixed(folder: Path, files: dict[str, str]) -> None:
    """Raise ValueError if pictures are published and their labels are not: CSV files have another order."""
    remotes = look_up("fashion-mnist").files
    for pair in (("x_train", "y_train"), ("x_test", "y_test")):
        names = [files[key] for key in pair]
        if len({is_published(folder / name, remotes[name].checksum) for name in names}) > 1:
            raise ValueError(f"{folder}: expected {' and '.join(names)} of one source, got two.")


def _check_clothes_file(path: Path) -> str:
    """Check one file of clothes, named as published."""
    from pixvox.datasets import fashion_mnist

    array = fashion_mnist.read_file(path)
    return f"{len(array):,} labels" if array.ndim == 1 else f"{len(array):,} pictures of 28x28"


def _check_cats_dogs(path: Path) -> str:
    """Check the folder ``train``."""
    from pixvox.datasets import cats_dogs

    found, others = cats_dogs.list_pictures(path)
    text = " and ".join(f"{len(found[name]):,} {name}s" for name in cats_dogs.CLASS_NAMES)
    text += f"; left out: {others}" if others else ""
    if not all(found.values()):
        raise ValueError(f"{path}: expected pictures cat.0.jpg, dog.0.jpg and so on, got {text}.")
    for name in cats_dogs.CLASS_NAMES:
        check_pictures(found[name], path)
    return text


def _check_faces(path: Path) -> str:
    """Check the folder of people."""
    from pixvox.datasets import faces

    found = faces.list_pictures(path)
    check_pictures(found.paths, path)
    count, young = len(found.paths), found.labels.sum()
    text = f"{count:,} pictures of {len(found.people):,} people, {count - young:,} old and {young:,} young"
    return "; ".join([text, *found.remarks])


def _check_own_pictures(path: Path) -> str:
    """Check one of the drawn folder's three parts."""
    from pixvox.datasets import own_pictures

    if path.name == own_pictures.TRUTH:
        return f"the truth about {len(own_pictures.read_truth(path))} files"
    paths = [file for file in sorted(path.glob("*/*")) if own_pictures.is_picture(file.relative_to(path))]
    check_pictures(paths, path)
    return f"{len(paths)} pictures in {path.name}"


def check_pictures(paths: Sequence[Path], folder: Path) -> None:
    """Look at the headers of some pictures of a folder; raise ValueError if not one is a picture."""
    from pixvox.datasets import images

    some = paths[:: max(1, len(paths) // PICTURES_LOOKED_AT)]
    if not any(is_whole(path) for path in some):
        names = images.few(path.name for path in some)
        raise ValueError(f"{folder}: expected pictures, none of {names} is one.")


def is_whole(path: Path) -> bool:
    """Say whether a file is not empty and begins as a picture does; the rest is not read."""
    from pixvox.datasets import images

    try:
        with images.open_picture(path):
            return True
    except ValueError:
        return False


def _check_mnist3d(path: Path) -> str:
    """Check one of the files of 3D MNIST, ours or a published one, by its name.

    Of point clouds, `CLOUDS_LOOKED_AT` or a few more are read, evenly spread; a loader checks each that it
    reads.
    """
    from pixvox.datasets import hdf5, mnist3d

    with hdf5.reading(path) as file:
        return (_check_vectors if path.name == mnist3d.VECTORS else _check_clouds)(path, file)


def _check_vectors(path: Path, file) -> str:
    """Check an open file of voxel vectors without holding it in memory."""
    from pixvox.datasets import hdf5
    from pixvox.datasets.mnist3d import SIZE, SPLITS, open_rows

    parts = [open_rows(path, file, split)[0] for split in SPLITS]
    for split, vectors in zip(SPLITS, parts, strict=True):
        for start in range(0, len(vectors), 500):
            hdf5.expect_range(path, f"X_{split}", vectors[start : start + 500], 0, 1)
    train, test = map(len, parts)
    return f"{train:,} training and {test:,} test vectors of {SIZE}x{SIZE}x{SIZE} voxels"


def _check_clouds(path: Path, file) -> str:
    """Check the keys of an open file of point clouds, and some of its clouds."""
    from pixvox.datasets import mnist3d

    if not len(file) or set(file) != {str(index) for index in range(len(file))}:
        raise ValueError(f"{path}: expected groups named 0, 1, 2, ..., got {sorted(file)[:5]}.")
    for index in range(0, len(file), max(1, len(file) // CLOUDS_LOOKED_AT)):
        mnist3d.read_cloud(path, file, str(index))
    return f"{len(file):,} point clouds"


def _check_solids(path: Path) -> str:
    """Check the file of drawn solids."""
    from pixvox.datasets import solids

    size = solids.SIZE
    train, test = (len(labels) for _, labels in solids.read_solids(path))
    return f"{train:,} training and {test:,} test solids of {size}x{size}x{size} voxels"


def _check_weights(path: Path) -> str:
    """Check a file of a trained network."""
    from pixvox.datasets import imagenet

    return imagenet.check_file(path)


CHECKS = {  # by `Publication.module`
    "mnist": _check_digits,
    "fashion_mnist": _check_clothes_file,
    "faces": _check_faces,
    "cats_dogs": _check_cats_dogs,
    "mnist3d": _check_mnist3d,
    "solids": _check_solids,
    "own_pictures": _check_own_pictures,
    "imagenet": _check_weights,
}
