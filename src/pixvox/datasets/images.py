"""Pictures from files to arrays: decoded at a wished size, quickly, and kept for the next time."""

import hashlib
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path, PurePath

import numpy as np
import PIL
from PIL import Image
from tqdm import tqdm

from pixvox.datasets import store
from pixvox.datasets.files import replace_file

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".gif")
FORMATS = ("JPEG", "PNG", "BMP", "GIF")  # by their contents: some .jpg files of PetImages are BMP or GIF
MODES = {1: "L", 3: "RGB"}
MOST_PIXELS = 50_000_000  # a small file can promise a picture that fills the memory
THREADS = min(8, 2 * (os.cpu_count() or 1))  # Pillow decodes outside Python's lock; two a core hide the disk
LOOKED_AT = 20  # pictures whose headers `check_pictures` reads
CACHES = 4  # of one name: a lesson and a study that take other pictures do not displace each other
NAMED = 5  # unreadable pictures that a message names
# What Pillow raises for damaged files. Its OSErrors have no number; those of the disk have one.
DAMAGED = (OSError, SyntaxError, ValueError, struct.error, zlib.error, Image.DecompressionBombError)


def is_picture(path: PurePath) -> bool:
    """Say whether a path is a picture's by its name; hidden files and folders, as macOS adds, are none."""
    hidden = any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in path.parts)
    return path.suffix.lower() in SUFFIXES and not hidden


def load_images(
    paths: Sequence[Path], *, image_size: tuple[int, int], channels: int = 3, cache: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """Decode pictures, leaving out those that cannot be read; these are named in one printed line.

    Args:
        paths: the files, n of them.
        image_size: (height, width) in pixels; pictures of other sizes are squeezed to it.
        channels: 3 for red, green, blue; 1 for grey.
        cache: a name under which the arrays are kept, so that the next call does not
            decode; they are made again when a file, the size or Pillow is another. The newest
            four of a name are kept. "": none.

    Returns:
        images: uint8 (m, height, width, channels), 0 to 255, in the order of `paths`, m <= n.
        readable: bool (n,), true for the m pictures that could be read.

    Raises:
        ValueError: if size or channels make no sense, or not one picture can be read.
        OSError: if a file cannot be opened.
    """
    height, width = _check_size(image_size, channels)
    key, kept, found = "", None, None
    if cache:
        key = _key(paths, image_size, channels)
        kept = store.cache_dir() / "images" / f"{cache}-{height}x{width}x{channels}-{key[:8]}.npz"
        found = _read_cache(kept, key, (len(paths), height, width, channels))
    images, reasons = found or _decode(paths, image_size, channels)
    readable = reasons == ""
    if not readable.any():
        came = f"the first: {paths[0]}: {reasons[0]}" if len(paths) else "none"
        raise ValueError(f"expected pictures, but of {len(paths)} files not one can be read; {came}.")
    if cache and found is None:
        _write_cache(kept, key, images, reasons)
        _keep_newest(kept.parent, cache)
    _name_unreadable(paths, reasons)
    return (images if readable.all() else images[readable]), readable


def read_image(path: Path, *, image_size: tuple[int, int], channels: int = 3) -> np.ndarray:
    """Decode one picture.

    A JPEG is decoded at an eighth, a quarter or half of its size where that is
    still as large as wished (Pillow's draft mode), which is several times faster.

    Returns:
        uint8 (height, width, channels), 0 to 255.

    Raises:
        ValueError: if the file is no picture, a damaged one, or has more than `MOST_PIXELS`.
        OSError: if it cannot be opened.
    """
    try:
        with Image.open(path, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError(f"{picture.width}x{picture.height} pixels are more than is believable")
            picture.draft(MODES[channels], image_size[::-1])
            if "transparency" in picture.info:
                picture = picture.convert("RGBA")
            picture = picture.convert(MODES[channels])
            if picture.size != image_size[::-1]:
                picture = picture.resize(image_size[::-1], Image.Resampling.BILINEAR)
            return np.asarray(picture).reshape(*image_size, channels)
    except DAMAGED as error:
        if getattr(error, "errno", None) is not None:
            raise
        raise ValueError(_reason(error, path)) from error


def is_whole(path: Path) -> bool:
    """Say whether a file is not empty and begins as a picture does; the rest is not read."""
    try:
        with Image.open(path, formats=FORMATS):
            return True
    except DAMAGED as error:
        if getattr(error, "errno", None) is not None:
            raise
        return False


def check_pictures(paths: Sequence[Path], folder: Path) -> None:
    """Look at the headers of some pictures of a folder; raise ValueError if not one is a picture."""
    some = paths[:: max(1, len(paths) // LOOKED_AT)]
    if not any(is_whole(path) for path in some):
        raise ValueError(
            f"{folder}: expected pictures, but none of {few(path.name for path in some)} is one."
        )


def _check_size(image_size: tuple[int, int], channels: int) -> tuple[int, int]:
    """Return height and width, or say what is wrong with them or the number of channels."""
    whole = all(isinstance(side, (int, np.integer)) and side > 0 for side in image_size)
    if len(image_size) != 2 or not whole:
        raise ValueError(f"expected image_size as (height, width) in whole pixels, came {image_size}.")
    if channels not in MODES:
        raise ValueError(f"expected channels 1 (grey) or 3 (red, green, blue), came {channels}.")
    return image_size


def _reason(error: Exception, path: Path) -> str:
    """Say in a few words why a picture cannot be read."""
    if path.stat().st_size == 0:
        return "empty"
    return "no picture" if isinstance(error, PIL.UnidentifiedImageError) else str(error).rstrip(".")


def _decode(
    paths: Sequence[Path], image_size: tuple[int, int], channels: int
) -> tuple[np.ndarray, np.ndarray]:
    """Decode all pictures: uint8 (n, height, width, channels), and why each is unreadable, else ""."""
    images = np.zeros((len(paths), *image_size, channels), np.uint8)

    def decode(index: int) -> str:
        try:
            images[index] = read_image(paths[index], image_size=image_size, channels=channels)
            return ""
        except ValueError as error:
            return str(error)

    pool = ThreadPoolExecutor(THREADS)
    try:
        look = {"total": len(paths), "desc": "decoding", "unit": "picture", "disable": None, "leave": False}
        reasons = list(tqdm(pool.map(decode, range(len(paths))), **look))
    finally:
        pool.shutdown(cancel_futures=True)
    return images, np.array(reasons, dtype=str)


def _key(paths: Sequence[Path], image_size: tuple[int, int], channels: int) -> str:
    """Return a checksum of all that the arrays depend on: files, size, decoder."""
    lines = [f"{PIL.__version__} {tuple(image_size)} {channels}"]
    for path in paths:
        stat = path.stat()
        lines.append(f"{path} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def _read_cache(path: Path, key: str, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the kept arrays if they are whole and of these files, else None."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["key"]) != key:
                return None
            images, reasons = kept["images"], kept["reasons"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    if images.dtype != np.uint8 or images.shape != shape or reasons.shape != shape[:1]:
        return None
    return images, reasons


def _write_cache(path: Path, key: str, images: np.ndarray, reasons: np.ndarray) -> None:
    """Keep the arrays; where that fails, for instance on a full disk, say so and go on without."""
    try:
        with replace_file(path) as temporary:
            np.savez(temporary, key=np.array(key), images=images, reasons=reasons)
    except OSError as error:
        print(f"The decoded pictures are not kept in {path.parent}, the next run decodes again: {error}.")


def _keep_newest(folder: Path, cache: str) -> None:
    """Remove all but the newest kept arrays of a name."""
    with suppress(OSError):  # another process may be reading or removing one
        kept = sorted(folder.glob(f"{cache}-*.npz"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in kept[CACHES:]:
            path.unlink()


def _name_unreadable(paths: Sequence[Path], reasons: np.ndarray) -> None:
    """Print one line that names the pictures left out."""
    left_out = [f"{path.name} ({reason})" for path, reason in zip(paths, reasons, strict=True) if reason]
    if left_out:
        print(f"{len(left_out)} of {len(paths):,} pictures cannot be read and are left out: {few(left_out)}.")


def few(names: Iterable[str]) -> str:
    """Return the first names, and how many more there are."""
    names = list(names)
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
