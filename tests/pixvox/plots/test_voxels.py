"""Clouds and voxels in three dimensions: what is drawn, and where."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

from pixvox.plots.voxels import VIEW, plot_own_axes, plot_volumes


def volume(*filled, side=4):
    """Return a grid [z][y][x] with 1 at each (x, y, z)."""
    grid = np.zeros((side, side, side))
    for x, y, z in filled:
        grid[z, y, x] = 1.0
    return grid


def faces_of(axis):
    """Return the corners of the faces drawn on an axis, (faces, 4, 3)."""
    (faces,) = [item for item in axis.collections if isinstance(item, Poly3DCollection)]
    return np.array([corners[:4] for corners in np.asarray(faces._faces)])


def test_a_single_voxel_has_six_faces_at_its_place():
    (axis,) = plot_volumes([volume((3, 1, 0))], ["one"]).axes
    corners = faces_of(axis)
    assert corners.shape == (6, 4, 3)
    np.testing.assert_array_equal(corners.reshape(-1, 3).min(axis=0), [3, 1, 0])
    np.testing.assert_array_equal(corners.reshape(-1, 3).max(axis=0), [4, 2, 1])
    assert len({tuple(map(tuple, sorted(face.tolist()))) for face in corners}) == 6
    assert axis.get_xlim() == axis.get_ylim() == axis.get_zlim() == (0, 4)
    assert axis.get_title() == "one"


@pytest.mark.parametrize("neighbour", [(2, 1, 1), (1, 2, 1), (1, 1, 2)])
def test_faces_between_two_voxels_are_not_drawn(neighbour):
    figure = plot_volumes([volume((1, 1, 1), neighbour)])
    faces = faces_of(figure.axes[0])
    assert len(faces) == 10
    (direction,) = np.flatnonzero(np.array(neighbour) == 2)
    assert not (faces[:, :, direction] == 2).all(axis=1).any()  # that is where they touch


def test_voxels_at_the_border_have_faces_there_and_a_full_grid_shows_its_walls_only():
    assert len(faces_of(plot_volumes(np.ones((1, 4, 4, 4))).axes[0])) == 6 * 16
    faces = faces_of(plot_volumes([volume((0, 0, 0), (3, 3, 3))]).axes[0])
    for direction in range(3):
        for border in (0, 4):
            assert (faces[:, :, direction] == border).all(axis=1).sum() == 1


def test_brighter_voxels_hold_more():
    grid = volume((0, 0, 0), (2, 2, 2))
    grid[0, 0, 0] = 0.04
    (axis,) = plot_volumes([grid]).axes
    colours, corners = np.asarray(axis.collections[0]._facecolor3d), faces_of(axis)  # in the same order
    viridis = plt.get_cmap("viridis")
    for value, place in ((0.2, 0), (1.0, 2)):  # the square roots
        here = (corners.min(axis=1) >= place).all(axis=1) & (corners.max(axis=1) <= place + 1).all(axis=1)
        for direction, light in enumerate((1.0, 0.7, 0.85)):  # along x, y, z
            facing = here & (np.ptp(corners[:, :, direction], axis=1) == 0)
            wanted = np.array(viridis(value)) * [light, light, light, 1]
            np.testing.assert_allclose(colours[facing], [wanted, wanted])


def test_grids_stand_in_rows_with_their_titles():
    volumes = [volume((place % 4, place // 4, 0)) for place in range(5)]
    figure = plot_volumes(volumes, list("abcde"), columns=3)
    places = [tuple(faces_of(axis).min(axis=(0, 1))[:2]) for axis in figure.axes[:5]]
    assert places == [(0, 0), (1, 0), (2, 0), (3, 0), (0, 1)]
    assert [axis.get_title() for axis in figure.axes] == [*"abcde", ""]
    assert [len(axis.collections) for axis in figure.axes] == [1, 1, 1, 1, 1, 0]
    assert not any(axis.axison for axis in figure.axes)
    assert {(axis.elev, axis.azim) for axis in figure.axes[:5]} == {tuple(VIEW.values())}
    assert len(plot_volumes(volumes[:4], columns=2).axes) == 4  # no empty row
    assert plot_volumes([volume((1, 1, 1))]).axes[0].get_title() == ""


def test_own_axes_start_in_the_middle():
    grid = volume((0, 1, 2), (2, 1, 2))
    grid[2, 1, 2] = 3.0
    seen = np.random.default_rng(0).random((5, 6))
    figure = plot_own_axes(grid, np.eye(3)[[1, 2, 0]], seen)
    solid, flat = figure.axes
    np.testing.assert_array_equal(np.transpose(solid.collections[0]._offsets3d), [[0, 1, 2], [2, 1, 2]])
    np.testing.assert_array_equal(solid.collections[0].get_array(), [1, 3])
    for line, direction in zip(solid.get_lines(), np.eye(3)[[1, 2, 0]], strict=True):
        start, end = np.array(line.get_data_3d()).T
        np.testing.assert_allclose(start, [1.5, 1, 2])
        np.testing.assert_allclose((end - start) / np.linalg.norm(end - start), direction)
    assert [text.get_text() for text in solid.get_legend().get_texts()] == ["right", "up", "thin"]
    assert solid.get_title() == "the grid and its own axes"
    assert (solid.get_xlabel(), solid.get_ylabel(), solid.get_zlabel()) == ("x", "y", "z")
    np.testing.assert_array_equal(flat.images[0].get_array(), seen)
    assert flat.get_ylim()[0] > flat.get_ylim()[1]  # row 0 is up
    assert flat.get_title() == "seen along the thin axis"
    assert (flat.get_xlabel(), flat.get_ylabel()) == ("right", "up")


@pytest.mark.parametrize("wrong", [np.ones((4, 4)), np.ones((4, 4, 5)), np.ones((2, 4, 4, 4))])
def test_what_is_no_cube_is_not_drawn(wrong):
    with pytest.raises(ValueError, match="expected a volume of shape"):
        plot_own_axes(wrong, np.eye(3), np.ones((5, 5)))
    with pytest.raises(ValueError, match="expected a volume of shape"):
        plot_volumes([wrong])


def test_no_volumes_other_titles_and_an_empty_grid_are_refused():
    for count, titles in ((0, None), (2, ["a"])):
        with pytest.raises(ValueError, match="expected volumes and a title for each"):
            plot_volumes([volume((1, 1, 1))] * count, titles)
    with pytest.raises(ValueError, match="expected a volume with a voxel above 0"):
        plot_own_axes(volume(), np.eye(3), np.ones((5, 5)))


def test_a_volume_with_holes_is_not_drawn_empty():
    with pytest.raises(ValueError, match="all finite"):
        plot_volumes([np.full((4, 4, 4), np.nan)])
