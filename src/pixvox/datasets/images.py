"""Pictures from files to arrays: decoded at a wished size, upright, quickly, and kept for the next time."""

import functools
import io
import os
import struct
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath, PurePosixPath

import numpy as np
import PIL
from PIL import ExifTags, Image, ImageCms, ImageOps
from tqdm import tqdm

from pixvox.datasets import store
from pixvox.datasets.cache import cached, key
from pixvox.datasets.files import checksum

SUFFIXES = (".jpg", ".jpeg", ".jfif", ".png", ".bmp", ".gif")
OTHER_SUFFIXES = tuple(".tif .tiff .webp .heic .heif .avif .jpe .jp2 .jxl .apng .svg .psd .dng .nef".split())
FORMATS = ("JPEG", "PNG", "BMP", "GIF")  # by their contents: some .jpg files of PetImages are BMP or GIF
DECODER = 3  # another number for every change of `read_image`: what was decoded otherwise is decoded again
MOST_PIXELS = 50_000_000  # a small file can promise a picture that fills the memory
THREADS = min(8, 2 * (os.cpu_count() or 1))  # Pillow decodes outside Python's lock; two a core hide the disk
CACHES = 4  # of one name: a lesson and a study that take other pictures do not displace each other
NAMED = 5  # unreadable pictures that a message names
ONE = {"files": "file", "folders": "folder", "classes": "class", "pictures": "picture"}
ONE |= {"are": "is", "have": "has", "lie": "lies", "hold": "holds"}
ANIMATED = "are animated: the first picture counts"  # what is doubtful about one that is taken
UNMANAGED = "are CMYK, without a profile that can be used: colours may look off"
SRGB = ImageCms.createProfile("sRGB")
LEVELS = {"L;2": 3, "L;4": 15}  # the largest value of a PNG's grey of few bits
# What Pillow raises for damaged files. Its OSErrors have no number; those of the disk have one.
DAMAGED = (
    *(OSError, SyntaxError, ValueError, IndexError, TypeError, EOFError, AssertionError),
    *(struct.error, zlib.error, Image.DecompressionBombError),
)


def is_hidden(name: str) -> bool:
    """Say whether the name of a file or folder is of those that systems add and hide."""
    return name.startswith((".", "__MACOSX", "@eaDir", "$RECYCLE.BIN")) and name not in (".", "..")


def is_picture(path: PurePath, *, suffixes: tuple[str, ...] = SUFFIXES) -> bool:
    """Say whether a path is a picture's by its name; hidden files and what is in hidden folders are none."""
    return path.suffix.lower() in suffixes and not any(map(is_hidden, path.parts))


def looks_like_picture(path: PurePath | str) -> bool:
    """Say whether a path is a picture's by its name, of the kinds that are read or of another."""
    return is_picture(PurePath(path), suffixes=SUFFIXES + OTHER_SUFFIXES)


def files_below(
    folder: Path, wanted: Callable[[PurePosixPath], bool] = looks_like_picture
) -> tuple[dict[PurePosixPath, Path], list[str]]:
    """Return what is wanted below a folder, by its path there, in order; and folders not looked into.

    The first are files, what is none, such as pipes, and empty folders of a picture's name; what is hidden is
    passed over. The others cannot be opened or are links, which may go round, but for those in `folder`.
    """
    paths, closed = [], []

    def note(error: OSError) -> None:
        closed.append(f"{error.filename} ({error.strerror})")

    links = [path for path in folder.iterdir() if path.is_symlink() and path.is_dir()]
    for top in [folder, *(path for path in links if not is_hidden(path.name))]:
        for place, folders, names in os.walk(top, onerror=note):
            folders[:] = [name for name in folders if not is_hidden(name)]
            inner = [Path(place, name) for name in folders]
            closed += [f"{path} (a link)" for path in inner if path.is_symlink() and path not in links]
            is_empty = not folders and not names
            paths += [Path(place)] if is_empty and looks_like_picture(os.path.basename(place)) else []
            paths += [Path(place, name) for name in names if not is_hidden(name)]
    found = {PurePosixPath(path.relative_to(folder).as_posix()): path for path in sorted(paths)}
    return {inside: path for inside, path in found.items() if wanted(inside)}, closed


def load_images(
    paths: Sequence[Path], *, image_size: tuple[int, int], cache: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """Decode pictures as `read_image` does; what cannot be read is left out and named in a printed line.

    So are, in another line a kind, those that are taken though they are animated, or CMYK without a profile.

    Args:
        paths: the files, n of them.
        image_size: (height, width) in pixels; pictures of other sizes are squeezed to it.
        cache: a name under which the arrays are kept, so that the next call does not decode; they are made
            again when a file's contents, the size or Pillow is another. The newest four of a name are kept.
            "": none.

    Returns:
        images: uint8 (m, height, width, 3), 0 to 255, in the order of `paths`, m <= n.
        readable: bool (n,), true for the m pictures that could be read.

    Raises:
        ValueError: if the size makes no sense, or not one picture can be read.
        OSError: if the disk fails.
    """
    whole = all(isinstance(side, (int, np.integer)) and side > 0 for side in image_size)
    if len(image_size) != 2 or not whole:
        raise ValueError(f"expected image_size as (height, width) in whole pixels, got {image_size}.")
    height, width = image_size
    decode = functools.partial(_decode, paths, image_size)
    if cache:
        folder = store.cache_dir() / "images"
        of_these = key(DECODER, PIL.__version__, 3, (height, width), _in_threads(_stamp, paths, "looking"))
        kept = folder / f"{cache}-{height}x{width}x3-{of_these}.npz"
        images, readable, remarks = cached(kept, ("images", "readable", "remarks"), decode)
        _keep_newest(folder, cache)
    else:
        images, readable, remarks = decode()
    if any(remarks):
        top, noun = os.path.commonpath([path.parent for path in paths]), f"of {len(paths):,} pictures"
        names = np.array([path.relative_to(top).as_posix() for path in paths])
        broken = zip(names[~readable], remarks[~readable], strict=True)
        say([f"{name} ({why})" for name, why in broken], "cannot be read and are left out", noun)
        for doubt in (ANIMATED, UNMANAGED):
            say(names[readable & (remarks == doubt)], doubt, noun)
    return (images if readable.all() else images[readable]), readable


def read_image(path: Path, *, image_size: tuple[int, int]) -> tuple[np.ndarray, str]:
    """Decode one picture as people see it on a white page, upright, its colours by its profile.

    Of several in a file it is the first. Grey values of 16 bits become the nearest of 8, value / 257. A JPEG
    is decoded at an eighth, a quarter or half of its size where that is still as large as wished (Pillow's
    draft mode), which is several times faster.

    Returns:
        uint8 (height, width, 3), 0 to 255, sRGB; and what is doubtful: `ANIMATED`, `UNMANAGED` or "".

    Raises:
        ValueError: if the file is no picture, a damaged one, has more than `MOST_PIXELS`, or may not be read.
        OSError: if the disk fails.
    """
    with open_picture(path) as picture:
        tile = picture.tile[0]  # gone once a PNG is asked for its EXIF
        picture.draft("RGB", (max(image_size),) * 2)
        with suppress(*DAMAGED):
            ImageOps.exif_transpose(picture, in_place=True)
        seen = _on_white(picture, tile)
        if seen.size != image_size[::-1]:
            seen = seen.resize(image_size[::-1], Image.Resampling.BILINEAR)
        seen, doubt = _to_srgb(seen, picture.info.get("icc_profile"))
        with suppress(*DAMAGED):  # the second may be damaged
            if getattr(picture, "is_animated", False) and picture.format != "MPO":  # of telephones
                doubt = ANIMATED
        return np.asarray(seen), doubt


def read_own(path: Path | str, *, image_size: tuple[int, int]) -> np.ndarray:
    """Read a picture of the reader's own, `~` being home, as `read_image`; print what is doubtful about it.

    Raises ValueError if there is no such file, or it is no picture, or a damaged one.
    """
    path = Path(path).expanduser()
    try:
        with warnings.catch_warnings(action="ignore"):
            picture, doubt = read_image(path, image_size=image_size)
    except ValueError as error:
        raise ValueError(f"expected a picture, got {path}: {error}.") from error
    if doubt:
        say([path.name], doubt, "pictures")
    return picture


@contextmanager
def open_picture(path: Path, *, formats: tuple[str, ...] = FORMATS) -> Iterator[Image.Image]:
    """Open a picture to decode it inside; raises as `read_image`."""
    try:
        if not path.is_file():  # a pipe would wait for ever
            raise ValueError("a folder" if path.is_dir() else "no file, or a link that leads nowhere")
        with Image.open(path, formats=formats) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError(f"{picture.width}x{picture.height} pixels are more than is believable")
            yield picture
    except DAMAGED as error:
        if getattr(error, "errno", None) is not None and not isinstance(error, PermissionError):
            raise
        raise ValueError(_reason(error, path, formats)) from error


def orientation(picture: Image.Image) -> int:
    """Return how the camera was held, 1 (upright) to 8; 1 where the EXIF is silent or broken."""
    try:
        found = picture.getexif().get(ExifTags.Base.Orientation)
    except DAMAGED:
        return 1
    return found if found in range(1, 9) else 1


def few(names: Iterable[str]) -> str:
    """Return the first names, and how many more there are."""
    names = [printable(str(name)) for name in names]
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def printable(name: str) -> str:
    """Return a name fit to be printed: control characters, which could forge lines, are escaped."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in name)


def say(things: Iterable[str], remark: str, noun: str = "files") -> None:
    """Print what `write` writes, if there is anything."""
    if things := list(things):
        print(write(things, remark, noun))


def write(things: Iterable[str], remark: str, noun: str = "files") -> str:
    """Write how many things there are, a remark whose first word is its verb, and the first things."""
    things, (verb, rest) = list(things), remark.split(" ", 1)
    if len(things) == 1:
        noun, verb = ONE.get(noun, noun), ONE.get(verb, verb)
    return f"{len(things):,} {noun} {verb} {rest}: {few(things)}"


def _reason(error: Exception, path: Path, formats: tuple[str, ...]) -> str:
    """Say in a few words why a picture cannot be read."""
    if isinstance(error, PIL.UnidentifiedImageError):
        return f"no {', '.join(formats)}" if path.stat().st_size else "empty"
    return str(getattr(error, "strerror", None) or error).rstrip(".")


def _on_white(picture: Image.Image, tile: tuple) -> Image.Image:
    """Return a picture of 8 bits, grey, CMYK or red, green and blue; what is transparent lies on white."""
    _, box, _, stored = tile
    hidden = picture.info.get("transparency", -1)
    if picture.mode.startswith("I"):
        values = np.asarray(picture).astype(np.int64)
        values[values == hidden] = 65_535
        return Image.fromarray(((values + 128) // 257).astype(np.uint8))
    if hidden != -1 and stored in LEVELS:  # the file has it in its own bits, Pillow's pixels are of 8
        picture.info["transparency"] = hidden * 255 // LEVELS[stored]
    elif hidden != -1 and stored == "RGB;16B":
        picture.info["transparency"] = tuple(value >> 8 for value in hidden)
    box = box if picture.format == "GIF" else (0, 0, *picture.size)  # a GIF's first may fill a part of it
    if picture.has_transparency_data or box != (0, 0, *picture.size):
        page = Image.new("RGBA", picture.size, "white")
        page.alpha_composite(picture.convert("RGBA").crop(box), box[:2])
        picture = page
    return picture if picture.mode in ("L", "CMYK") else picture.convert("RGB")


def _to_srgb(picture: Image.Image, profile: bytes | None) -> tuple[Image.Image, str]:
    """Return a picture in sRGB, by its profile if that can be used, and "" or `UNMANAGED`."""
    with suppress(ImageCms.PyCMSError, *DAMAGED):
        if profile:
            return ImageCms.profileToProfile(picture, io.BytesIO(profile), SRGB, outputMode="RGB"), ""
    return picture.convert("RGB"), UNMANAGED if picture.mode == "CMYK" else ""


def _decode(paths: Sequence[Path], image_size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Decode all: uint8 (n, height, width, 3); which can be read; why the others cannot, or the doubts."""
    images = np.zeros((len(paths), *image_size, 3), np.uint8)

    def decode(index: int) -> tuple[bool, str]:
        try:
            images[index], doubt = read_image(paths[index], image_size=image_size)
            return True, doubt
        except ValueError as error:
            return False, str(error)

    done = _in_threads(decode, range(len(paths)), "decoding")
    if not any(readable for readable, _ in done):
        first = f"the first: {paths[0]}: {done[0][1]}" if done else "none"
        raise ValueError(f"expected pictures, but of {len(paths)} files not one can be read; {first}.")
    return images, *map(np.array, zip(*done, strict=True))


def _in_threads(function: Callable, things: Sequence, doing: str) -> list:
    """Return what a function returns for each thing; Ctrl+C ends it at once."""
    pool = ThreadPoolExecutor(THREADS)
    try:
        look = {"total": len(things), "desc": doing, "unit": "picture", "disable": None, "leave": False}
        with warnings.catch_warnings(action="ignore"):  # of Pillow's: what is wrong is said in our words
            return list(tqdm(pool.map(function, things), **look))
    finally:
        pool.shutdown(cancel_futures=True)


def _stamp(path: Path) -> str:
    """Return a file's checksum, or why it has none: times tell nothing where a tool keeps them."""
    try:
        return checksum(path) if path.is_file() else "no file"
    except OSError as error:
        return str(error.strerror)


def _keep_newest(folder: Path, cache: str) -> None:
    """Remove all but the newest kept arrays of a name."""
    with suppress(OSError):  # another process may be reading or removing one
        kept = sorted(folder.glob(f"{cache}-*.npz"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in kept[CACHES:]:
            path.unlink()
