"""Many drawings at once: over several processes, in order, with a progress bar; their files and sheets."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from pixvox.datasets import store
from pixvox.datasets.files import move, replace_file, staging

FEW = 16  # drawings that are sooner done than another process is started
PAPER = (250, 250, 248)
GAP = 4  # pixels between pictures
CELL = 128  # pixels a side for a picture, where nothing else is wished


def check_numbers(count: int, seed: int, *, least: int = 1, name: str = "count") -> None:
    """Raise ValueError if a count is no whole number from `least`, or a seed none from 0."""
    for given, value, lowest in ((name, count, least), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < lowest:
            raise ValueError(f"expected {given} as a whole number, {lowest} or more, came {value!r}.")


def check_size(size: tuple[int, int], *, least: int = 1) -> None:
    """Raise ValueError if a size is not (height, width) of `least` pixels or more."""
    sides = tuple(size) if isinstance(size, (tuple, list)) else ()
    if len(sides) != 2 or not all(isinstance(side, (int, np.integer)) and side >= least for side in sides):
        raise ValueError(f"expected size as (height, width) in pixels, {least} or more, came {size!r}.")


def squeeze(picture: np.ndarray, size: tuple[int, int], *, smooth: bool = True) -> np.ndarray:
    """Return a picture, or with `smooth` False its part ids, at (height, width) pixels."""
    way = Image.Resampling.BILINEAR if smooth else Image.Resampling.NEAREST
    return np.array(Image.fromarray(picture).resize(size[::-1], way))


def png_bytes(picture: np.ndarray) -> bytes:
    """Return a picture, uint8 (height, width) or (height, width, 3), as the bytes of a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def write_files(folder: Path, contents: dict[str, bytes]) -> None:
    """Write files by their paths below a folder: all to a temporary one first, then each to its place."""
    with staging(folder) as temporary:
        for name, content in contents.items():
            for path in (temporary / name, folder / name):
                path.parent.mkdir(parents=True, exist_ok=True)
            (temporary / name).write_bytes(content)
        for name in contents:
            move(temporary / name, folder / name)


def refuse_strangers(folder: Path, strangers: Iterable) -> None:
    """Raise ValueError if there are pictures in a folder that those to be written would be mixed with."""
    for stranger in strangers:
        raise ValueError(
            f"{folder}: expected a folder without other pictures, got {stranger}. "
            "Remove the folder, or choose another with `--out DIR`."
        )


def draw_many(draw: Callable, tasks: Sequence, *, processes: int | None = 1, label: str = "") -> list:
    """Return draw(task) for every task, in order.

    Args:
        draw: a function at the top of a module, so that other processes find it.
        tasks: what to give it, one by one; what it returns must not depend on the others.
        processes: how many work at once; None means one for each processor core.
        label: shown beside a progress bar where people watch; "" shows none.
    """
    processes = processes or os.cpu_count() or 1
    if processes < 1:
        raise ValueError(f"expected 1 process or more, came {processes}.")
    with _mapped(draw, tasks, processes) as drawings:
        # Shown to people only: `None` asks whether standard error is a terminal.
        shown = None if label else True
        return list(tqdm(drawings, desc=label, total=len(tasks), leave=False, disable=shown))


@contextmanager
def _mapped(draw: Callable, tasks: Sequence, processes: int) -> Iterator:
    """Give an iterator over the drawings, from this process or from several."""
    if processes == 1 or len(tasks) <= FEW:
        yield map(draw, tasks)
        return
    # Processes are started afresh: a copy of one in which TensorFlow has threads may hang.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            yield pool.map(draw, tasks, chunksize=8)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def write_sheet(
    name: str,
    pictures: Sequence[np.ndarray],
    *,
    out_dir: Path | str | None = None,
    columns: int = 10,
    cell: int | None = None,
) -> Path:
    """Write a contact sheet as ``<name>-sheet.png`` to a folder, by default build/sketch; return its path.

    Args:
        name: of what is on it.
        pictures: uint8 (height, width, 3) or grey (height, width) each, of any sizes; one or more.
        out_dir: the folder.
        columns: pictures a row.
        cell: pixels a side that a picture may take, keeping its proportions; None means 128.
    """
    path = Path(out_dir or store.build_root() / "sketch") / f"{name}-sheet.png"
    with replace_file(path) as temporary:
        _sheet(pictures, columns, cell or CELL).save(temporary)
    return path


def _sheet(pictures: Sequence[np.ndarray], columns: int, cell: int) -> Image.Image:
    """Return a contact sheet, row by row."""
    rows, columns = -(-len(pictures) // columns), min(columns, len(pictures))
    step = cell + GAP
    sheet = Image.new("RGB", (columns * step + GAP, rows * step + GAP), PAPER)
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        image = Image.fromarray(picture).convert("RGB")
        shrink = cell / max(image.size)
        image = image.resize([max(1, round(side * shrink)) for side in image.size], Image.Resampling.LANCZOS)
        left, top = ((cell - side) // 2 + GAP for side in image.size)
        sheet.paste(image, (left + column * step, top + row * step))
    return sheet
