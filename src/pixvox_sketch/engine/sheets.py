"""Contact sheets: many pictures on one, to look at."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from pixvox.datasets import store
from pixvox.datasets.files import replace_file

PAPER = (250, 250, 248)
GAP = 4  # pixels between pictures
CELL = 128  # pixels a side for a picture, where nothing else is wished


def make_sheet(pictures: Sequence[np.ndarray], *, columns: int = 10, cell: int = CELL) -> np.ndarray:
    """Return a contact sheet, row by row.

    Args:
        pictures: uint8 (height, width, 3) or grey (height, width) each, of any sizes.
        columns: pictures a row.
        cell: pixels a side that a picture may take; it keeps its proportions.

    Returns:
        uint8 (height, width, 3).

    Raises:
        ValueError: if there are no pictures, or columns or cell are less than 1.
    """
    if not len(pictures) or columns < 1 or cell < 1:
        raise ValueError(
            f"expected pictures, columns and cell above 0, came {len(pictures)}, {columns}, {cell}."
        )
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
    return np.array(sheet)


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
        pictures, columns: as in `make_sheet`.
        out_dir: the folder.
        cell: as in `make_sheet`; None means 128.
    """
    folder = Path(out_dir or store.ROOT / "build" / "sketch")
    path = folder / f"{name}-sheet.png"
    with replace_file(path) as temporary:
        Image.fromarray(make_sheet(pictures, columns=columns, cell=cell or CELL)).save(temporary)
    return path
