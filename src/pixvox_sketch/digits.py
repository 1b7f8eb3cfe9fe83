"""The sample's digits: 1,797 real handwritten digits, small ones enlarged to the size of MNIST's."""

from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from pixvox.datasets import store
from pixvox.datasets.files import replace_file

CANVAS = 28  # pixels a side, as MNIST's pictures
BOX = 20  # pixels a side of the digit, as MNIST's digits
FAINTEST = 96  # what is fainter becomes paper: the halo of the enlargement would fill the holes of 6, 8 and 9
TEST_SHARE = 0.2
SPLIT_SEED = 0


def draw_digits() -> dict[str, np.ndarray]:
    """Make the sample's digits from the 8x8 digits that ship with scikit-learn.

    Returns:
        The keras layout: x_train (1437, 28, 28) and x_test (360, 28, 28), uint8, 0
        (paper) to 255 (ink), and y_train, y_test, uint8, 0 to 9, split 80/20 with equal
        shares of each class.

    Source:
        E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine
        Learning Repository, 1998 (CC BY 4.0).
    """
    small, labels = load_digits(return_X_y=True)
    pictures = np.stack([_enlarge(digit.reshape(8, 8)) for digit in small])
    x_train, x_test, y_train, y_test = train_test_split(
        pictures, labels.astype(np.uint8), test_size=TEST_SHARE, random_state=SPLIT_SEED, stratify=labels
    )
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def write_digits(out_dir: Path | str | None = None) -> Path:
    """Write the sample's digits to ``mnist.npz`` in a folder (the sample's own); return its path."""
    path = Path(out_dir or store.data_dir("sample") / "mnist") / "mnist.npz"
    with replace_file(path) as temporary:
        np.savez_compressed(temporary, **draw_digits())
    return path


def _enlarge(digit: np.ndarray) -> np.ndarray:
    """Enlarge an (8, 8) digit of 0 to 16 to uint8 (28, 28), its centre of mass in the middle."""
    grey = np.round(digit * (255 / 16)).astype(np.uint8)
    large = np.array(Image.fromarray(grey).resize((BOX, BOX), Image.Resampling.BICUBIC))
    large[large < FAINTEST] = 0
    top, left = (_offset(large.sum(axis=axis)) for axis in (1, 0))
    canvas = np.zeros((CANVAS, CANVAS), np.uint8)
    canvas[top : top + BOX, left : left + BOX] = large
    return canvas


def _offset(ink: np.ndarray) -> int:
    """Return where the box begins along an axis for the ink's centre to be in the canvas's middle."""
    centre = (np.arange(BOX) * ink).sum() / ink.sum()
    return int(np.clip(round(CANVAS / 2 - centre), 0, CANVAS - BOX))
