"""Pictures from files to arrays: decoded at a wished size, upright, quickly, and kept for the next time."""

import os
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path, PurePath

import numpy as np
import PIL
from PIL import ExifTags, Image
from tqdm import tqdm

from pixvox.datasets import store
from pixvox.datasets.cache import cached, key

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".gif")
OTHER_SUFFIXES = (".tif", ".tiff", ".webp", ".heic", ".avif")  # of pictures that are left out, and named
FORMATS = ("JPEG", "PNG", "BMP", "GIF")  # by their contents: some .jpg files of PetImages are BMP or GIF
TURNS = {  # what brings a picture upright, by its EXIF orientation
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
DECODER = 2  # another number for every change of `read_image`: what was decoded otherwise is decoded again
MOST_PIXELS = 50_000_000  # a small file can promise a picture that fills the memory
THREADS = min(8, 2 * (os.cpu_count() or 1))  # Pillow decodes outside Python's lock; two a core hide the disk
LOOKED_AT = 20  # pictures whose headers `check_pictures` reads
CACHES = 4  # of one name: a lesson and a study that take other pictures do not displace each other
NAMED = 5  # unreadable pictures that a message names
# What Pillow raises for damaged files. Its OSErrors have no number; those of the disk have one.
DAMAGED = (
    *(OSError, SyntaxError, ValueError, IndexError, TypeError),  # the last two of GIF and TIFF
    *(struct.error, zlib.error, Image.DecompressionBombError),
)


def is_hidden(name: str) -> bool:
    """Say whether the name of a file or folder is of those that systems, as macOS, add and hide."""
    return name.startswith((".", "__MACOSX")) and name not in (".", "..")


def is_picture(path: PurePath, *, suffixes: tuple[str, ...] = SUFFIXES) -> bool:
    """Say whether a path is a picture's by its name; hidden files and what is in hidden folders are none."""
    return path.suffix.lower() in suffixes and not any(map(is_hidden, path.parts))


def looks_like_picture(path: PurePath) -> bool:
    """Say whether a path is a picture's by its name, of the kinds that are read or of another."""
    return is_picture(path, suffixes=SUFFIXES + OTHER_SUFFIXES)


def load_images(
    paths: Sequence[Path], *, image_size: tuple[int, int], cache: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """Decode pictures, leaving out those that cannot be read; these are named in one printed line.

    Args:
        paths: the files, n of them.
        image_size: (height, width) in pixels; pictures of other sizes are squeezed to it.
        cache: a name under which the arrays are kept, so that the next call does not
            decode; they are made again when a file, the size or Pillow is another. The newest
            four of a name are kept. "": none.

    Returns:
        images: uint8 (m, height, width, 3), 0 to 255, in the order of `paths`, m <= n.
        readable: bool (n,), true for the m pictures that could be read.

    Raises:
        ValueError: if the size makes no sense, or not one picture can be read.
        OSError: if a file cannot be opened.
    """
    whole = all(isinstance(side, (int, np.integer)) and side > 0 for side in image_size)
    if len(image_size) != 2 or not whole:
        raise ValueError(f"expected image_size as (height, width) in whole pixels, got {image_size}.")
    height, width = image_size
    decode = partial(_decode, paths, image_size)
    if cache:
        folder = store.cache_dir() / "images"
        of_these = key(DECODER, PIL.__version__, 3, (height, width), *map(_stamp, paths))
        kept = folder / f"{cache}-{height}x{width}x3-{of_these}.npz"
        images, reasons = cached(kept, ("images", "reasons"), decode)
        _keep_newest(folder, cache)
    else:
        images, reasons = decode()
    readable = reasons == ""
    left_out = [f"{paths[place].name} ({reasons[place]})" for place in np.flatnonzero(~readable)]
    if left_out:
        print(f"{len(left_out)} of {len(paths):,} pictures cannot be read and are left out: {few(left_out)}.")
    return (images if readable.all() else images[readable]), readable


def read_image(path: Path, *, image_size: tuple[int, int]) -> np.ndarray:
    """Decode one picture, upright as its EXIF orientation says: uint8 (height, width, 3), 0 to 255.

    A JPEG is decoded at an eighth, a quarter or half of its size where that is
    still as large as wished (Pillow's draft mode), which is several times faster.
    Grey values of 16 bits become the nearest of 8, value / 257; transparency is dropped.

    Raises:
        ValueError: if the file is no picture, a damaged one, or has more than `MOST_PIXELS`.
        OSError: if it cannot be opened.
    """
    with open_picture(path) as picture:
        turned = orientation(picture)
        size = image_size if turned >= 5 else image_size[::-1]  # from 5 on it lies on its side
        picture.draft("RGB", size)
        picture = _eight_bits(picture)
        picture.info.pop("transparency", None)
        picture = picture.convert("RGB")
        if picture.size != size:
            picture = picture.resize(size, Image.Resampling.BILINEAR)
        if turned in TURNS:
            picture = picture.transpose(TURNS[turned])
        return np.asarray(picture)


def read_own(path: Path | str, *, image_size: tuple[int, int]) -> np.ndarray:
    """Read a picture of the reader's own, as `read_image` does; `~` is the home folder.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no picture, or a damaged one.
    """
    path = Path(path).expanduser()
    if not path.is_file():
        what = "that is a folder" if path.is_dir() else "there is no such file"
        raise FileNotFoundError(f"expected the path of a picture, got {path}: {what}.")
    try:
        return read_image(path, image_size=image_size)
    except ValueError as error:
        raise ValueError(f"expected a picture, got {path.name}: {error}.") from error


@contextmanager
def open_picture(path: Path, *, formats: tuple[str, ...] = FORMATS) -> Iterator[Image.Image]:
    """Open a picture to decode it inside; raises as `read_image`."""
    try:
        with Image.open(path, formats=formats) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError(f"{picture.width}x{picture.height} pixels are more than is believable")
            yield picture
    except DAMAGED as error:
        if getattr(error, "errno", None) is not None:
            raise
        raise ValueError(_reason(error, path, formats)) from error


def orientation(picture: Image.Image) -> int:
    """Return how the camera was held, 1 (upright) to 8; 1 where the EXIF is silent or broken."""
    try:
        found = picture.getexif().get(ExifTags.Base.Orientation)
    except DAMAGED:
        return 1
    return found if found in TURNS else 1


def is_whole(path: Path) -> bool:
    """Say whether a file is not empty and begins as a picture does; the rest is not read."""
    try:
        with open_picture(path):
            return True
    except ValueError:
        return False


def check_pictures(paths: Sequence[Path], folder: Path) -> None:
    """Look at the headers of some pictures of a folder; raise ValueError if not one is a picture."""
    some = paths[:: max(1, len(paths) // LOOKED_AT)]
    if not any(is_whole(path) for path in some):
        raise ValueError(f"{folder}: expected pictures, none of {few(path.name for path in some)} is one.")


def few(names: Iterable[str]) -> str:
    """Return the first names, and how many more there are."""
    names = list(names)
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _reason(error: Exception, path: Path, formats: tuple[str, ...]) -> str:
    """Say in a few words why a picture cannot be read."""
    if path.stat().st_size == 0:
        return "empty"
    if isinstance(error, PIL.UnidentifiedImageError):
        return f"no {', '.join(formats)}"
    return str(error).rstrip(".")


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits with 8, 65535 becoming 255, and any other as it is."""
    if not picture.mode.startswith("I"):
        return picture
    return Image.fromarray(((np.asarray(picture).astype(np.int64) + 128) // 257).astype(np.uint8))


def _decode(paths: Sequence[Path], image_size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Decode all pictures: uint8 (n, height, width, 3), and why each is unreadable, else ""."""
    images = np.zeros((len(paths), *image_size, 3), np.uint8)

    def decode(index: int) -> str:
        try:
            images[index] = read_image(paths[index], image_size=image_size)
            return ""
        except ValueError as error:
            return str(error)

    pool = ThreadPoolExecutor(THREADS)
    try:
        look = {"total": len(paths), "desc": "decoding", "unit": "picture", "disable": None, "leave": False}
        reasons = list(tqdm(pool.map(decode, range(len(paths))), **look))
    finally:
        pool.shutdown(cancel_futures=True)
    if all(reasons):
        first = f"the first: {paths[0]}: {reasons[0]}" if reasons else "none"
        raise ValueError(f"expected pictures, but of {len(paths)} files not one can be read; {first}.")
    return images, np.array(reasons, dtype=str)


def _stamp(path: Path) -> tuple[str, int, int, int]:
    """Return what tells a file from another, and from itself after a change, without reading it."""
    stat = path.stat()
    return str(path), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _keep_newest(folder: Path, cache: str) -> None:
    """Remove all but the newest kept arrays of a name."""
    with suppress(OSError):  # another process may be reading or removing one
        kept = sorted(folder.glob(f"{cache}-*.npz"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in kept[CACHES:]:
            path.unlink()
