"""Volumes to be turned on a page: which faces and dots are drawn, where, and how much goes on the page."""

import json

import numpy as np
import plotly.io
import pytest

from pixvox.plots.turning import slide_volumes, turn_volumes
from pixvox.voxels import recipe as voxels

PICTURES = np.random.default_rng(0).uniform(size=(3, 5, 6))


def volume(*filled, side=4, value=1.0):
    """Return a grid [z][y][x] with a number at each (x, y, z)."""
    grid = np.zeros((side, side, side))
    for x, y, z in filled:
        grid[z, y, x] = value
    return grid


def ring():
    """Return a digit turned somehow, (16, 16, 16)."""
    rows, columns = np.indices((28, 28)) - 13.5
    image = 255 * (np.abs(np.hypot(rows, columns) - 8) < 2)
    points, _ = voxels.cloud_of_digit(image)
    return voxels.voxel_grid(points @ voxels.rotation_matrix((10, -30, 50)))


def triangles_of(mesh):
    """Return the corners of a mesh's triangles, (triangles, 3, 3)."""
    points = np.transpose([mesh.x, mesh.y, mesh.z])
    return points[np.transpose([mesh.i, mesh.j, mesh.k])]


def squares_of(mesh):
    """Return the areas of the faces that triangles make up, each by its lowest and its highest corner."""
    areas, moments = {}, {}
    for corners in triangles_of(mesh):
        face = (*corners.min(axis=0), *corners.max(axis=0))
        area = np.linalg.norm(np.cross(corners[1] - corners[0], corners[2] - corners[0])) / 2
        areas[face] = areas.get(face, 0) + area
        moments[face] = moments.get(face, 0) + area * corners.mean(axis=0)
    for face, moment in moments.items():  # triangles that overlap leave a corner out
        np.testing.assert_allclose(moment / areas[face], np.add(face[:3], face[3:]) / 2)
    return areas


def test_a_single_voxel_has_six_faces_at_its_place():
    figure = turn_volumes({"one": volume((3, 1, 0))})
    (mesh,) = figure.data
    assert len(mesh.i) == 12 and len(mesh.x) == 8
    assert (min(mesh.x), min(mesh.y), min(mesh.z)) == (3, 1, 0)
    assert (max(mesh.x), max(mesh.y), max(mesh.z)) == (4, 2, 1)
    squares = squares_of(mesh)
    assert len(squares) == 6 and set(squares.values()) == {1}
    assert all(sorted(np.subtract(face[3:], face[:3])) == [0, 1, 1] for face in squares)
    scene = figure.layout.scene
    for axis, name in ((scene.xaxis, "x"), (scene.yaxis, "y"), (scene.zaxis, "z")):
        assert axis.title.text == name and axis.range == (0, 4)


@pytest.mark.parametrize("neighbour", [(2, 1, 1), (1, 2, 1), (1, 1, 2)])
def test_faces_between_two_voxels_are_not_drawn(neighbour):
    (mesh,) = turn_volumes({"two": volume((1, 1, 1), neighbour)}).data
    assert len(mesh.i) == 20 and len(mesh.x) == 12
    (direction,) = np.flatnonzero(np.array(neighbour) == 2)
    assert not (triangles_of(mesh)[:, :, direction] == 2).all(axis=1).any()  # that is where they touch
    squares = squares_of(mesh)
    assert len(squares) == 10 and set(squares.values()) == {1}


def test_a_full_grid_shows_its_walls_only_and_a_hollow_one_those_inside_as_well():
    full = np.ones((4, 4, 4))
    assert len(squares_of(turn_volumes({"full": full}).data[0])) == 6 * 16
    full[1, 2, 1] = 0
    assert len(squares_of(turn_volumes({"hollow": full}).data[0])) == 6 * 16 + 6


def test_the_faces_of_a_voxel_have_the_root_of_what_it_holds():
    grid = volume((0, 0, 0)) + volume((2, 2, 2), value=0.25)
    (mesh,) = turn_volumes({"two": grid}).data
    assert mesh.intensitymode == "cell" and len(mesh.intensity) == 24
    for corners, value in zip(triangles_of(mesh), mesh.intensity, strict=True):
        assert value == (1 if corners.max() <= 1 else 0.5)


def test_voxels_that_hold_hardly_anything_are_left_out():
    grid = volume((0, 0, 0), value=0.5) + volume((2, 2, 2), value=0.02) + volume((0, 3, 3), value=0.04)
    (mesh,) = turn_volumes({"three": grid}).data
    assert len(mesh.i) == 24 and max(mesh.x) == 1  # 0.03 is 6 % of the largest
    (frame,) = slide_volumes([grid], PICTURES[:1], ["a"]).frames
    assert [*zip(frame.data[0].x, frame.data[0].y, frame.data[0].z, strict=True)] == [
        (0.5, 0.5, 0.5),
        (0.5, 3.5, 3.5),
    ]


def test_each_volume_has_a_scene_and_a_title_of_its_own():
    figure = turn_volumes({"a": volume((0, 0, 0)), "b": volume((1, 0, 0)), "c": volume((2, 0, 0), side=5)})
    assert [mesh.scene or "scene" for mesh in figure.data] == ["scene", "scene2", "scene3"]
    assert [min(mesh.x) for mesh in figure.data] == [0, 1, 2]
    scenes = [figure.layout[name] for name in ("scene", "scene2", "scene3")]
    assert [scene.xaxis.range[1] for scene in scenes] == [4, 4, 5]
    assert [scene.aspectmode for scene in scenes] == ["cube"] * 3
    edges = [edge for scene in scenes for edge in scene.domain.x]
    assert edges == pytest.approx([0, 1 / 3, 1 / 3, 2 / 3, 2 / 3, 1])
    titles = [(title.text, title.x) for title in figure.layout.annotations]
    assert titles == [("a", pytest.approx(1 / 6)), ("b", pytest.approx(1 / 2)), ("c", pytest.approx(5 / 6))]


def test_a_turn_has_the_dots_of_that_volume_its_picture_and_its_text():
    grids = [volume((3, 1, 0), (0, 0, 2)), volume((1, 2, 3)), volume((0, 1, 2), (2, 2, 2), value=0.5)]
    grids[2][0, 0, 3] = 0.125
    figure = slide_volumes(grids, PICTURES, ["first", "then", "last"])
    assert len(figure.frames) == len(figure.layout.sliders[0].steps) == 3
    wanted = [{(3, 1, 0), (0, 0, 2)}, {(1, 2, 3)}, {(0, 1, 2), (2, 2, 2), (3, 0, 0)}]
    for frame, places, picture, text in zip(
        figure.frames, wanted, PICTURES, ["first", "then", "last"], strict=True
    ):
        dots, seen = frame.data
        middles = {tuple(place + 0.5 for place in voxel) for voxel in places}
        assert set(zip(dots.x, dots.y, dots.z, strict=True)) == middles and len(dots.x) == len(places)
        np.testing.assert_allclose(seen.z, picture, atol=0.006)
        assert frame.layout.title.text == text and [*frame.traces] == [0, 1]
    shades = dict(zip(dots.x, dots.marker.color, strict=True))
    assert shades == {0.5: 0.71, 2.5: 0.71, 3.5: 0.35}  # roots of a half and of an eighth
    assert [step.args[0][0] for step in figure.layout.sliders[0].steps] == [one.name for one in figure.frames]


def test_the_first_turn_is_there_from_the_start_with_row_0_at_the_top():
    figure = slide_volumes([volume((3, 1, 0)), volume((1, 2, 3))], PICTURES[:2], ["first", "then"])
    dots, seen = figure.data
    assert (dots.type, seen.type) == ("scatter3d", "heatmap") and (dots.x, dots.y, dots.z) == (
        (3.5,),
        (1.5,),
        (0.5,),
    )
    np.testing.assert_allclose(seen.z, PICTURES[0], atol=0.006)
    assert seen.zmin == 0 and {frame.data[1].zmax for frame in figure.frames} == {PICTURES[:2].max()}
    assert figure.layout.title.text == "first" and figure.layout.scene.zaxis.range == (0, 4)
    assert figure.layout.xaxis.range == (-0.5, 5.5) and figure.layout.yaxis.range == (4.5, -0.5)


@pytest.mark.parametrize("wrong", [np.ones((4, 4)), np.ones((4, 4, 5)), np.ones((2, 4, 4, 4))])
def test_what_is_no_cube_is_not_drawn(wrong):
    with pytest.raises(ValueError, match="side, side, side"):
        turn_volumes({"good": volume((1, 1, 1)), "wrong": wrong})
    with pytest.raises(ValueError, match="side, side, side"):
        slide_volumes([wrong], PICTURES[:1], ["a"])


@pytest.mark.parametrize("volumes, pictures, labels", [(2, 3, 3), (3, 2, 3), (3, 3, 2), (0, 0, 0)])
def test_a_picture_or_a_text_that_is_missing_is_an_error(volumes, pictures, labels):
    with pytest.raises(ValueError, match="for each volume"):
        slide_volumes([volume((1, 1, 1))] * volumes, PICTURES[:pictures], ["a"] * labels)


def test_the_page_gets_data_and_nothing_else_and_not_much():
    many = slide_volumes([ring()] * 16, np.ones((16, 16, 16)), ["a"] * 16)
    for figure, most in ((turn_volumes({"a": ring(), "b": ring()}), 200_000), (many, 400_000)):
        bundle = plotly.io.renderers["plotly_mimetype"].to_mimebundle(figure.to_dict())
        assert list(bundle) == ["application/vnd.plotly.v1+json"]
        assert len(json.dumps(*bundle.values())) < most
