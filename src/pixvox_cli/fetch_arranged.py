"""Bring data sets that are arranged here from one published original: picture folders, VGG's weights."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pixvox.datasets import store
from pixvox.datasets.files import contents, is_published, move, move_folder, staging
from pixvox_cli import arranging, fetch_files
from pixvox_cli.download import download, is_address

ARRANGE = {
    "age-gap-faces": arranging.arrange_faces,
    "dogs-vs-cats": arranging.arrange_cats_dogs,
    "vgg16": arranging.arrange_vgg,
    "vgg19": arranging.arrange_vgg,
}


class _Place(NamedTuple):
    """Where an original may be had: a path or address, and what to call it in messages."""

    source: str
    words: str


def bring(name: str, mirror: str | None, archive: Path | None) -> None:
    """Bring a data set to its place as a whole, unless it is there and right.

    Asked in turn: what lies in its folder already, the mirror, the published address.

    Args:
        name: the data set; it has a single entry in `files`, and an original.
        mirror: a folder or address, or None.
        archive: what the user has instead, or None.

    Raises:
        ValueError: if what came is not what it should be.
        OSError: if it cannot be had or written.
    """
    entry = store.dataset(name)
    (relative,) = entry.files
    target = store.home(name, "full") / relative
    if archive is None and _is_there(name, target):
        return
    if target.is_dir():
        _refuse_to_replace(name, target)
    with staging(target.parent) as work:
        made = work / "made" / target.name
        if archive is not None:
            _arrange_from_user(name, archive, made)
        elif not any(_tried(name, place, made) for place in _places(name, mirror, target)):
            _download(name, made)
        if made.is_dir():
            move_folder(made, target)
        else:
            move(made, target)


def _is_there(name: str, target: Path) -> bool:
    """Say whether the data set is there; print what is wrong with it if it is not right."""
    if target.is_file() or (target.is_dir() and contents(target)):
        try:
            print(f"  Already there: {store.module(name).check_file(target)}.")
            return True
        except ValueError as error:
            print(f"  {error}")
    return False


def _refuse_to_replace(name: str, target: Path) -> None:
    """Raise ValueError if there is something in the folder that is to be filled."""
    original, found = _original_name(name), contents(target)
    if [path.name for path in found] == [original]:
        beside = target.parent / original
        raise ValueError(
            f"{found[0]}: expected the archive outside of the folder that is filled from it. "
            f"Move it to {beside}, and type `pixvox fetch {name} --from {beside}`."
        )
    if found:
        raise ValueError(
            f"{target} is in the way: a folder is not replaced. "
            f"Move it away and type `pixvox fetch {name}` again."
        )


def _places(name: str, mirror: str | None, target: Path) -> Iterator[_Place]:
    """Yield where to look before the published address."""
    original, folder = _original_name(name), store.home(name, "full")
    yield _Place(str(folder / original), f"from {folder / original}")
    if target.is_file():  # not right as it is; perhaps an original under the new name
        yield _Place(str(target), f"from {target}")
    if mirror is not None:
        base = f"{mirror}/{folder.name}"
        if not is_address(mirror) or "." in target.name:  # a folder cannot be had from an address
            yield _Place(f"{base}/{next(iter(store.dataset(name).files))}", "from the mirror")
        yield _Place(f"{base}/{original}", "from the mirror")


def _tried(name: str, place: _Place, made: Path) -> bool:
    """Try one place; False, with a note unless there is nothing, where it does not have the data set."""
    source = Path(place.source)
    try:
        if is_address(place.source):
            source = made.parent.parent / Path(place.source).name
            download(place.source, source)
        elif not source.exists():
            return False
        _arrange(name, source, made, place.words)
        return True
    except (ConnectionError, ValueError) as error:
        reason = str(error).replace(str(source), place.source)
        print(f"  Not {place.words}: {reason}")
        return False


def _download(name: str, made: Path) -> None:
    """Download the original from where it is published, or say how people get it."""
    entry = store.dataset(name)
    if entry.gated:
        raise FileNotFoundError(
            f"{name}: this data set is not for programs to fetch. {entry.gated} "
            f"Then type `pixvox fetch {name} --from {_original_name(name)}`."
        )
    archive = made.parent.parent / _original_name(name)
    download(entry.original.url, archive, size=entry.original.size)
    fetch_files.check_published(name, entry.original, archive)
    _arrange(name, archive, made, "downloaded")


def _arrange_from_user(name: str, archive: Path, made: Path) -> None:
    """Arrange what the user has."""
    try:
        _arrange(name, archive, made, f"from {archive}")
    except ValueError as error:
        raise ValueError(
            f"{error} Nothing was kept. Type `pixvox fetch {name} --from FILE` with another file or folder, "
            f"or `pixvox fetch {name}`."
        ) from error


def _arrange(name: str, source: Path, made: Path, words: str) -> None:
    """Arrange the data set from a source in a temporary folder, and check it."""
    work = made.parent.parent
    with staging(work) as inner:
        try:
            ARRANGE[name](source, inner / made.name, inner)
            detail = store.module(name).check_file(inner / made.name)
        except ValueError as error:
            reason = str(error).replace(str(inner / made.name), str(source))
            raise ValueError(reason.replace(str(inner), str(source))) from error
        made.parent.mkdir(exist_ok=True)
        (inner / made.name).replace(made)
    published, note = store.dataset(name).original.checksum, ""
    if source.is_file() and published:
        note = (
            ", its checksum is " + ("" if is_published(source, published) else "not ") + "the published one"
        )
    print(f"  {words[0].upper()}{words[1:]}{note}: {detail}.")


def _original_name(name: str) -> str:
    """Return the file name of the published original."""
    return Path(store.dataset(name).original.url).name
