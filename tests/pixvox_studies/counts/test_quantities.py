"""Numbers that need no training: measured again, against the committed tables and against what is known."""

import numpy as np
import pytest
from scipy.stats import hypergeom

from pixvox.tables import kept_path, read
from pixvox_studies.counts import pictures, posted, windows
from pixvox_studies.counts.quantities import QUANTITIES, measure_quantity

SAME = {"abs": 1e-5, "rel": 0}  # whole numbers have to be equal
EQUAL = [  # quantities that are differences, of what should not differ
    "hand-made convolution",
    "hand-made 3D convolution",
    "3D convolution of depth 1",
    "first map, moved by 1 pixel",
    "pooled map, moved by 2 pixels",
    "one-hot against sparse loss",
    "conv part, 28 against 56 pixels",
    "LeakyReLU model, saved and loaded",
    "P0's 2D network, in two files and in one",
]
KNOWN = {  # posted, or counted by hand
    "first convnet, output": [3, 3, 64],
    "first convnet, parameters": [93_322],
    "pooled side, even": [0.5],
    "pooled side, odd": [5 / 11],
    "leaky network, parameters": [356_234],
    "5x5 layer, kernel weights": [5 * 5 * 64],
    "5x5 layer, parameters": [5 * 5 * 64 + 64],
    "whole network, 28 against 56 pixels": [(10**2 - 3**2) * 128 * 128],
    "window sides": [(256 - 5) // 2 + 1, 256 - 5 + 1],
    "four models, parameters": [693_962, 241_546, 1_221_546],
    "age gap, first layers": [3 * 3 * 3 * 32 + 32, 5 * 5 * 3 * 32 + 32],
    "age gap, parameters": [618_593, 669_281, 411_233, 788_833, 874_337],
    "small pets network, parameters": [3_453_121],
    "VGG16 base": [14_714_688, 4, 4, 512],
    "trainable tensors": [30, 4],
    "copying slip, constant answer": [2 / 3],
    "copying slip, distinct test pictures": [500],
    "augmented pictures, distinct of 2,000": [2_000],
    "3D MNIST networks, parameters": [8_429_698, 21_060_490],
    "P0's optimizer, P0's val_acc": [0, 0],
    "augmentations that Keras lacks": [0],
    "Fashion-MNIST, largest pixel": [255],
    "test scores that are k of 3460": [9],
    "validation scores that are k of 592": [10],
    "pictures to tell two points": [3_529],
}


@pytest.fixture(autouse=True)
def on_the_sample(monkeypatch):
    """Look at the small data that comes with the course."""
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")


def table(profile):
    """Return the committed values of a profile, by quantity."""
    return {row["quantity"]: row["values"] for row in read(kept_path("counts", profile))["rows"]}


@pytest.mark.parametrize("name", QUANTITIES)
def test_what_is_measured_again_is_what_the_table_says(name, tmp_path):
    measured = np.asarray(measure_quantity({"quantity": name}, 0, tmp_path)["values"], dtype=float)
    assert measured.tolist() == pytest.approx(table("sample")[name], **SAME)


def test_the_profiles_differ_in_their_pictures_only():
    sample, full = table("sample"), table("full")
    assert set(full) == set(sample) == set(QUANTITIES)
    for name in set(QUANTITIES) - set(pictures.QUANTITIES):
        assert full[name] == pytest.approx(sample[name], **SAME), name
    assert full["Fashion-MNIST, pictures"] == [70_000, 60_000, 10_000, 7_000, 7_000]
    assert sample["Fashion-MNIST, pictures"] == [2_500, 2_000, 500, 250, 250]


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_the_tables_hold_what_is_known(profile):
    values = table(profile)
    for name, known in KNOWN.items():
        assert values[name] == pytest.approx(known, **SAME), name
    for name in EQUAL:
        assert values[name] == pytest.approx([0], **SAME), name
    assert 0.1 < values["pooled map, moved by 1 pixel"][0] <= 1  # which no whole shift puts right


def test_a_window_is_multiplied_and_summed():
    maps = np.arange(12.0).reshape(2, 3, 2)  # two channels: even and odd numbers
    kernels = np.zeros((2, 2, 2, 1))
    kernels[0, 0, 0], kernels[1, 1, 1] = 10, 1
    np.testing.assert_array_equal(windows.convolve(maps, kernels, np.array([0.5]))[..., 0], [[9.5, 31.5]])


def test_shares_have_four_decimals():
    assert posted.shares(3) == {"0.0000", "0.3333", "0.6667", "1.0000"}
    assert posted.count_shares(["0.3333", "0.3334"], 3) == [1]
    assert posted.expect_shares(["0.5000"] * 10, 3) == [40 / 10_001]


def test_the_best_of_simulated_halves_is_what_can_be_computed():
    at_most = hypergeom(1_200, 1_068, 592).cdf(np.arange(593)) ** 100  # all hundred epochs
    assert posted.best_of_halves()[0] == pytest.approx(np.sum(1 - at_most) / 592, abs=3e-4)


def test_the_slip_moves_the_dogs():
    counted = {part: len(posted.copied(part)) for part in ("validation", "test")}
    assert counted == {"validation": 1_500, "test": 500}
    assert not [name for name in posted.copied("test") if name.startswith("dog")]
