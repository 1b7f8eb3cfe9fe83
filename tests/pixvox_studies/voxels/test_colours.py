"""P0's colours, against matplotlib."""

import matplotlib
import numpy as np
import pytest
from support.made_up import noise_volumes

from pixvox_studies.voxels import colours as voxel_colours
from pixvox_studies.voxels.colours import colour_table, colour_voxels


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("reverse", [False, True])
def test_colours_are_those_that_matplotlib_gives_for_each_value(dtype, reverse):
    values = np.random.default_rng(0).random((2, 4, 4, 4)).astype(dtype)
    values.flat[:4] = 0, 1, 0.5, 255 / 256
    colours = colour_voxels(values, reverse=reverse)
    assert colours.shape == (2, 4, 4, 4, 3) and colours.dtype == np.float32
    wanted = matplotlib.colormaps["Oranges_r" if reverse else "Oranges"]
    one_by_one = [wanted(float(value))[:3] for value in values.ravel()]
    np.testing.assert_allclose(colours.reshape(-1, 3), one_by_one, atol=1e-7)


def test_the_map_makes_empty_space_bright_and_reversed_dark():
    empty = np.zeros((1, 2, 2, 2))
    assert colour_voxels(empty).min() > 0.9
    assert colour_voxels(empty, reverse=True).max() < 0.51
    np.testing.assert_array_equal(colour_table(), colour_table(reverse=True)[::-1])


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64])
def test_whole_numbers_have_the_colours_of_the_ends(dtype):
    np.testing.assert_array_equal(colour_voxels(np.array([0, 1], dtype)), colour_table()[[0, -1]])


@pytest.mark.parametrize("wrong", [[-0.1, 1], [0, 1.01], [np.nan, 0]])
def test_numbers_that_are_no_share_get_no_colour(wrong):
    with pytest.raises(ValueError, match="expected numbers 0 to 1"):
        colour_voxels(np.array(wrong))


@pytest.mark.parametrize("way", ["P0's loop", "one call of matplotlib", "look-up", "look-up of bytes"])
def test_every_way_to_colour_gives_the_same_colours(way):
    """P0's loop stretches each volume from its least number to its largest: here these are 0 and 1."""
    volumes = noise_volumes(3, 0)[0][:, :4, :4, :4]
    volumes[:, 0, 0, :2] = 0, 1
    given = voxel_colours.WAYS[way](volumes)
    assert given.shape == (3, 4, 4, 4, 3)
    if way == "look-up of bytes":
        assert given.dtype == np.uint8
        given = given / 255
    oranges = matplotlib.colormaps["Oranges"]
    wanted = [oranges(float(value))[:3] for value in volumes.ravel()]
    np.testing.assert_allclose(given.reshape(-1, 3), wanted, atol=1 / 254)


def test_what_bounds_the_look_up_does_a_part_of_its_work():
    volumes = noise_volumes(2, 0)[0]
    steps = voxel_colours.WAYS["steps alone"](volumes)
    assert steps.dtype == np.uint8
    np.testing.assert_array_equal(colour_table()[steps], colour_voxels(volumes))
    written = voxel_colours.WAYS["writing alone"](volumes)
    assert written.nbytes == colour_voxels(volumes).nbytes


@pytest.mark.parametrize(
    "way, numbers, size", [("P0's loop", 3, 8), ("look-up", 3, 4), ("steps alone", 1, 1)]
)
def test_a_row_tells_what_a_way_costs(monkeypatch, tmp_path, way, numbers, size):
    monkeypatch.setattr(voxel_colours, "load_mnist3d", lambda **parts: (noise_volumes(4, 0), None))
    row = voxel_colours.measure_look_up({"way": way}, 0, tmp_path)
    assert row["megabytes"] == pytest.approx(4 * 4096 * numbers * size / 1e6)
    assert set(row) == {"milliseconds", "megabytes"} and 0 < row["milliseconds"] < 1_000
