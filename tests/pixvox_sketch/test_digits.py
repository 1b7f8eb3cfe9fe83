import hashlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

import pixvox
from pixvox_cli import checks
from pixvox_sketch import digits

DATA = Path(pixvox.__file__).parents[2] / "data"
COMMITTED = DATA / "sample" / "mnist" / "mnist.npz"


@pytest.fixture(scope="module")
def drawn():
    """Draw the digits once for all tests."""
    return digits.draw_digits()


@pytest.mark.parametrize("committed", [True, False])
def test_the_file_is_what_the_program_draws(committed, drawn, tmp_path):
    path = COMMITTED if committed else digits.write_digits(tmp_path / "elsewhere")
    assert checks.check_file("mnist", path) == "1,437 training and 360 test digits of 28x28"
    with np.load(path, allow_pickle=False) as kept:
        assert sorted(kept) == sorted(drawn)
        for key, array in drawn.items():
            assert kept[key].dtype == array.dtype == np.uint8
            if sys.platform == "linux" or not committed:
                np.testing.assert_array_equal(kept[key], array)
            else:  # other systems may round differently
                assert np.abs(kept[key].astype(float) - array).mean() < 1


def test_digits_fill_a_box_of_20_centred_by_mass_without_faint_pixels(drawn):
    pictures = np.concatenate([drawn["x_train"], drawn["x_test"]])
    assert not ((pictures > 0) & (pictures < 96)).any()
    for picture in pictures[::10]:
        rows, columns = np.nonzero(picture)
        assert np.ptp(rows) < 20 and np.ptp(columns) < 20
        np.testing.assert_allclose(ndimage.center_of_mass(picture), (14, 14), atol=0.5001)


def test_the_holes_of_zero_six_and_nine_are_open(drawn):
    pictures = np.concatenate([drawn["x_train"], drawn["x_test"]])
    labels = np.concatenate([drawn["y_train"], drawn["y_test"]])
    for digit, holes, share in ((0, 1, 0.9), (6, 1, 0.8), (8, 2, 0.4), (9, 1, 0.7), (1, 0, 1.0)):
        open_holes = [ndimage.label(picture == 0)[1] - 1 for picture in pictures[labels == digit]]
        assert np.mean(np.array(open_holes) >= holes) >= share


def test_the_data_card_gives_the_counts_and_the_checksum(drawn):
    card = (DATA / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(COMMITTED.read_bytes()).hexdigest() in card
    for key in ("y_train", "y_test"):
        counts = " | ".join(str(count) for count in np.bincount(drawn[key], minlength=10))
        assert re.search(rf"\| {re.escape(counts)} \|", card), counts
