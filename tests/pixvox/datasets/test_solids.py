"""Drawn solids: points on the surface, even rotations, files that the loader reads."""

import h5py
import numpy as np
import pytest

from pixvox.datasets import solids as loader
from pixvox.datasets import store
from pixvox.datasets.mnist3d import VECTORS
from pixvox.datasets.registry import DATASETS, DataSet
from pixvox.datasets.solids import CLASS_NAMES
from pixvox.voxels import recipe as voxels
from pixvox_sketch import solids, surfaces
from pixvox_sketch.surfaces import SOLIDS

COMMITTED = store.ROOT / "data" / "sample" / "solids"


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    entry = DataSet("solids", "solids", dict.fromkeys(loader.FILES), "MIT", "drawn", sketch="solids")
    monkeypatch.setitem(DATASETS, "solids", entry)


@pytest.fixture(scope="module")
def drawn():
    return solids.draw_solids(4, seed=1000, clouds=10)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Write a small set as the sample's is written, to a data folder of its own."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "ROOT", folder)
        patch.setattr(solids, "SAMPLE_CLOUDS", 12)
        made = solids.write_solids(seed=1000, count=4, processes=1)
    assert made == folder / "data" / "sample" / "solids"
    return folder


@pytest.fixture
def at_home(written, monkeypatch):
    monkeypatch.setattr(store, "ROOT", written)
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")


def cover(name, count=4000, seed=0, **proportions):
    return SOLIDS[name].cover(np.random.default_rng(seed), count, **proportions)


def between(limits):
    return {key: sum(pair) / 2 for key, pair in limits.items()}


# Points lie on the surface, and everywhere on it alike.


def outside_prism(points, corners_distance, height):
    """Return how far points are from a prism's surface, given their distance from its outline."""
    x, y, z = points.T
    on_side = corners_distance(x, y)
    on_end = np.minimum(np.abs(z), np.abs(z - height))
    return np.minimum(on_side, on_end)


def from_box(x, y, width, depth):
    """Return how far points within a rectangle are from its sides; infinite outside."""
    inside = (x > -1e-9) & (x < width + 1e-9) & (y > -1e-9) & (y < depth + 1e-9)
    nearest = np.min([np.abs(x), np.abs(x - width), np.abs(y), np.abs(y - depth)], axis=0)
    return np.where(inside, nearest, np.inf)


def test_points_of_the_cube():
    points = cover("cube", width=0.8, depth=0.9)
    off = outside_prism(points, lambda x, y: from_box(x, y, 0.8, 0.9), 1)
    np.testing.assert_allclose(off, 0, atol=1e-9)
    ends = np.isclose(points[:, 2], 0).mean() + np.isclose(points[:, 2], 1).mean()
    assert ends == pytest.approx(2 * 0.72 / (2 * 0.72 + 2 * 1.7), abs=0.03)  # as their area


def test_points_of_the_sphere():
    points = cover("sphere", width=0.85, depth=0.9)
    np.testing.assert_allclose(((points / (0.85, 0.9, 1)) ** 2).sum(axis=1), 1, atol=1e-9)
    ball = cover("sphere", width=1, depth=1)
    np.testing.assert_allclose((ball**2).mean(axis=0), 1 / 3, atol=0.02)


def test_an_ellipsoid_is_covered_evenly():
    flat = cover("sphere", count=20_000, width=1.0, depth=0.2)  # far flatter than those that are drawn
    angle, step = (np.arange(4000) + 0.5) * np.pi / 4000, np.pi / 4000
    strips = np.sin(angle) * np.hypot(0.2 * np.sin(angle), np.cos(angle)) * step  # axis y, half axes 1, .2, 1
    share = strips[np.abs(np.cos(angle)) > 0.5].sum() / strips.sum()
    assert (np.abs(flat[:, 1]) > 0.1).mean() == pytest.approx(share, abs=0.01)


def test_points_of_the_cylinder():
    points = cover("cylinder", radius=0.3)
    radius, z = np.hypot(*points[:, :2].T), points[:, 2]
    side = np.isclose(radius, 0.3) & (z >= 0) & (z <= 1)
    end = (np.isclose(z, 0) | np.isclose(z, 1)) & (radius <= 0.3 + 1e-9)
    assert (side | end).all()
    assert end.mean() == pytest.approx(0.3 / 1.3, abs=0.03)
    assert (radius[end & ~side] < 0.15).mean() == pytest.approx(0.25, abs=0.05)  # a quarter of the disc


def test_points_of_the_cone():
    points = cover("cone", radius=0.5)
    radius, z = np.hypot(*points[:, :2].T), points[:, 2]
    side, end = np.isclose(radius, 0.5 * (1 - z)), np.isclose(z, 0) & (radius <= 0.5 + 1e-9)
    assert (side | end).all()
    slope = np.hypot(1, 0.5)
    assert end.mean() == pytest.approx(0.5 / (0.5 + slope), abs=0.03)
    assert (z[~end] > 0.5).mean() == pytest.approx(0.25, abs=0.03)


def test_points_of_the_pyramid():
    x, y, z = cover("pyramid", depth=0.8, height=0.9).T
    sides = [
        z - 0.9 * np.clip(side, 0, None) for side in (2 * x, 2 * (1 - x), 2 * y / 0.8, 2 * (1 - y / 0.8))
    ]
    roof = np.isclose(np.max(sides, axis=0), 0)  # on one of the four planes and under none of them
    assert (roof | np.isclose(z, 0)).all()
    assert z.max() <= 0.9 and (x >= -1e-9).all() and (x <= 1 + 1e-9).all()


@pytest.mark.parametrize("thickness", [0.25, 0.45])
def test_points_of_the_torus(thickness):
    points = cover("torus", count=20_000, thickness=thickness)
    radius = np.hypot(*points[:, :2].T)
    np.testing.assert_allclose(np.hypot(radius - 1, points[:, 2]), thickness, atol=1e-9)
    outer = 0.5 + thickness / np.pi  # the outer half's share of the area, by Pappus
    assert (radius > 1).mean() == pytest.approx(outer, abs=0.012)


def test_points_of_the_ring():
    points = cover("ring", wall=0.2, height=0.5)
    radius, z = np.hypot(*points[:, :2].T), points[:, 2]
    walls = np.isclose(radius, 1) | np.isclose(radius, 0.8)
    ends = np.isclose(z, 0) | np.isclose(z, 0.5)
    assert (walls | ends).all() and radius.min() > 0.8 - 1e-9 and radius.max() < 1 + 1e-9
    assert np.isclose(radius, 1).mean() == pytest.approx(0.5 / (1.8 * 0.5 + 0.36), abs=0.03)


def test_points_of_the_helix():
    points = cover("helix", count=500, thickness=0.3, rise=1.2, turns=2)
    along = np.linspace(0, 4 * np.pi, 20_001)
    line = np.stack([np.cos(along), np.sin(along), 1.2 * along / (2 * np.pi)], axis=1)
    nearest = np.array([np.linalg.norm(line - point, axis=1).min() for point in points])
    np.testing.assert_allclose(nearest, 0.3, atol=1e-4)


def test_points_of_the_l():
    def outline(x, y):
        whole = from_box(x, y, 0.7, 1)
        notch = np.where((x > 0.3) & (y > 0.3), np.inf, whole)  # nothing is where the L has its corner
        on_bar = np.where(y >= 0.3 - 1e-9, np.abs(x - 0.3), np.inf)
        on_foot = np.where(x >= 0.3 - 1e-9, np.abs(y - 0.3), np.inf)
        return np.min([notch, on_bar, on_foot], axis=0)

    points = cover("L", bar=0.3, foot=0.7, height=0.25)
    np.testing.assert_allclose(outside_prism(points, outline, 0.25), 0, atol=1e-9)
    assert not ((points[:, 0] > 0.3 + 1e-9) & (points[:, 1] > 0.3 + 1e-9)).any()
    area = 0.3 + 0.3 * 0.4
    ends = np.isclose(points[:, 2], 0) | np.isclose(points[:, 2], 0.25)
    assert ends.mean() == pytest.approx(2 * area / (2 * area + 3.4 * 0.25), abs=0.03)


def test_points_of_the_cross():
    x, y, z = cover("cross", bar=0.3, width=0.8, height=0.25).T
    x, y = np.abs(x), np.abs(y)
    inside = ((x <= 0.15 + 1e-9) & (y <= 0.5 + 1e-9)) | ((x <= 0.4 + 1e-9) & (y <= 0.15 + 1e-9))
    side = (np.isclose(x, 0.15) & (y >= 0.15 - 1e-9)) | (np.isclose(y, 0.15) & (x >= 0.15 - 1e-9))
    side |= np.isclose(x, 0.4) | np.isclose(y, 0.5)
    end = np.isclose(z, 0) | np.isclose(z, 0.25)
    assert inside.all() and (side | end).all()
    area = 0.3 + 0.3 * 0.5
    assert end.mean() == pytest.approx(2 * area / (2 * area + 3.6 * 0.25), abs=0.03)


@pytest.mark.parametrize("name", SOLIDS)
def test_proportions_stay_in_their_limits_and_count_is_right(name):
    rng = np.random.default_rng(0)
    drawn = [surfaces.draw_proportions(name, rng) for _ in range(50)]
    for key, (least, most) in SOLIDS[name].proportions.items():
        values = [proportions[key] for proportions in drawn]
        assert least <= min(values) < max(values) <= most and np.ptp(values) > 0.8 * (most - least)
    assert cover(name, count=137, **between(SOLIDS[name].proportions)).shape == (137, 3)


# Turned any way.


def test_rotations_are_rotations_and_none_is_preferred():
    rng = np.random.default_rng(0)
    matrices = np.array([solids.random_rotation(rng) for _ in range(6000)])
    products = matrices @ matrices.transpose(0, 2, 1)
    np.testing.assert_allclose(products - np.eye(3), 0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(matrices), 1, atol=1e-12)
    for row in range(3):  # each axis ends anywhere on the ball: its coordinates are even from -1 to 1
        for column in range(3):
            values = np.sort(matrices[:, row, column])
            assert np.abs(values - np.linspace(-1, 1, 6000)).max() < 0.06
    angle = np.arccos(np.clip((np.trace(matrices, axis1=1, axis2=2) - 1) / 2, -1, 1))
    expected = (np.sort(angle) - np.sin(np.sort(angle))) / np.pi  # how often the turn is at most that large
    assert np.abs(expected - np.linspace(0, 1, 6000)).max() < 0.03


# Sets of solids.


def test_a_cloud_is_like_those_of_the_digits(drawn):
    for cloud in drawn.clouds:
        assert cloud.dtype == np.float32 and cloud.shape[1] == 3
        assert solids.POINTS[0] <= len(cloud) <= solids.POINTS[1]
        np.testing.assert_allclose(cloud.mean(axis=0), 0, atol=0.01)
        assert 0.5 < np.ptp(cloud, axis=0).max() < 2.0
    assert len({len(cloud) for cloud in drawn.clouds}) > 5


def test_vectors_are_the_clouds_voxels(drawn):
    assert drawn.vectors.shape == (40, 4096) and drawn.vectors.dtype == np.float32
    assert drawn.vectors.min() == 0 and (drawn.vectors.max(axis=1) == 1).all()
    rng = np.random.default_rng([1000, solids.STREAM, 13])
    points = solids.draw_cloud(CLASS_NAMES[3], rng)
    np.testing.assert_array_equal(drawn.vectors[13], voxels.voxel_grid(points).ravel().astype(np.float32))


def test_classes_take_turns(drawn):
    assert drawn.labels.dtype == np.int64 and drawn.labels.tolist() == 4 * list(range(10))
    assert tuple(SOLIDS) == CLASS_NAMES == loader.CLASS_NAMES


def test_a_solid_depends_on_seed_and_number_only(drawn):
    few = solids.draw_solids(1, seed=1000)
    np.testing.assert_array_equal(few.vectors, drawn.vectors[:10])
    assert few.clouds == [] and len(drawn.clouds) == 10
    other = solids.draw_solids(1, seed=1001)
    assert (other.vectors != few.vectors).any(axis=1).all()
    assert (drawn.vectors[:10] != drawn.vectors[10:20]).any(axis=1).all()


def test_several_processes_draw_the_same(drawn):
    many = solids.draw_solids(2, seed=1000, processes=2)
    np.testing.assert_array_equal(many.vectors, drawn.vectors[:20])


# Files.


def test_what_is_written_is_what_is_loaded(at_home, drawn):
    (x_train, y_train), (x_test, y_test) = loader.load_solids()
    assert x_train.shape == (30, 16, 16, 16) and x_test.shape == (10, 16, 16, 16)
    assert x_train.dtype == x_test.dtype == np.float32 and y_train.dtype == y_test.dtype == np.int64
    volumes = drawn.vectors.reshape(-1, 16, 16, 16)
    np.testing.assert_allclose(np.concatenate([x_train, x_test]), volumes, atol=2.5e-4)
    np.testing.assert_array_equal(np.concatenate([y_train, y_test]), drawn.labels)


def test_it_is_the_sample_s_in_both_profiles(at_home, monkeypatch):
    (sample, _), _ = loader.load_solids()
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    np.testing.assert_array_equal(loader.load_solids()[0][0], sample)


def test_clouds_are_thinned_out_but_the_same(at_home, drawn):
    first, last = loader.load_solid_clouds([0, 9])
    assert first.points.dtype == np.float64 and first.points.shape == (solids.KEPT_POINTS, 3)
    assert (first.label, last.label) == (0, 9)
    np.testing.assert_allclose(last.points, drawn.clouds[9][: solids.KEPT_POINTS], atol=1e-3)
    of_the_test_part = loader.load_solid_clouds(range(10), part="test")
    assert [cloud.label for cloud in of_the_test_part] == list(range(10))


def test_files_are_described_and_small(written):
    folder = written / "data" / "sample" / "solids"
    assert loader.check(folder) == (
        "30 training and 10 test solids of 16x16x16 voxels; 12 point clouds; 10 point clouds"
    )
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert sizes["full_dataset_vectors.h5"] < 40 * 2100 and sizes["train_point_clouds.h5"] < 12 * 4500


def test_the_committed_files_begin_as_the_program_writes_them():
    assert loader.check(COMMITTED) == (
        "540 training and 180 test solids of 16x16x16 voxels; 50 point clouds; 50 point clouds"
    )
    assert sum(path.stat().st_size for path in COMMITTED.iterdir()) <= 1_500_000
    fresh = solids.draw_solids(1, seed=solids.SAMPLE_SEED)
    with h5py.File(COMMITTED / VECTORS) as file:
        np.testing.assert_allclose(file["X_train"][:10], fresh.vectors, atol=2.5e-4)
        np.testing.assert_array_equal(np.bincount(file["y_train"]), 10 * [54])
        np.testing.assert_array_equal(np.bincount(file["y_test"]), 10 * [18])


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("X_train", np.zeros((30, 4000)), r"floats of shape \(30, 4096\)"),
        ("X_train", np.full((30, 4096), 1.5), "values 0 to 1 in X_train"),
        ("y_test", np.full(10, 10), "values 0 to 9 in y_test"),
        ("y_test", np.zeros(9, int), r"whole numbers of shape \(10,\)"),
        ("X_test", np.zeros((0, 4096)), "rows in X_test"),
        ("y_train", None, "expected y_train"),
    ],
)
def test_wrong_files_are_refused(name, values, message, at_home, written, tmp_path, monkeypatch):
    folder = tmp_path / "data" / "sample" / "solids"
    folder.mkdir(parents=True)
    source = (written / "data" / "sample" / "solids" / VECTORS).read_bytes()
    (folder / VECTORS).write_bytes(source)
    with h5py.File(folder / VECTORS, "a") as file:
        del file[name]
        if values is not None:
            file[name] = values
    monkeypatch.setattr(store, "ROOT", tmp_path)
    with pytest.raises(ValueError, match=message) as caught:
        loader.load_solids()
    assert "pixvox sketch solids" in str(caught.value)


def test_wrong_clouds_are_refused(written, tmp_path):
    path = tmp_path / "train_point_clouds.h5"
    path.write_bytes((written / "data" / "sample" / "solids" / path.name).read_bytes())
    with h5py.File(path, "a") as file:
        file["3"].attrs["label"] = 10
    with pytest.raises(ValueError, match="label, 0 to 9, of 3"):
        loader.check_file(path)
    with h5py.File(path, "a") as file:
        del file["3"]
    with pytest.raises(ValueError, match="groups named 0, 1, 2"):
        loader.check_file(path)


def test_missing_files_and_clouds_are_named(at_home, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"0 to 11, came \[12\]"):
        loader.load_solid_clouds([3, 12])
    with pytest.raises(ValueError, match="'train' or 'test'"):
        loader.load_solid_clouds([0], part="validation")
    monkeypatch.setattr(store, "ROOT", tmp_path)
    with pytest.raises(FileNotFoundError, match="pixvox sketch solids"):
        loader.load_solids()


# To look at.


def test_the_sheet_has_a_column_for_each_class(tmp_path):
    from PIL import Image

    path = solids.sheet_solids(tmp_path, seed=1000, count=1, size=32)
    assert path.name == "solids-sheet.png"
    with Image.open(path) as sheet:
        assert sheet.width > 9 * sheet.height


def test_a_view_shows_what_is_near():
    near, far, corner = (0.5, 0.0, 0.0), (-0.5, 0.0, 0.0), (0.0, -0.5, 0.5)
    picture = solids.view_cloud(np.array([near, far, corner]), size=32)
    assert picture.shape == (32, 32) and picture.dtype == np.uint8
    assert picture.min() == solids.NEAR and solids.FAR not in picture  # the far point is hidden
    rows, columns = np.nonzero((picture != solids.PAPER) & (picture != solids.NEAR))
    assert len(rows) == 4 and rows.max() < 16 and columns.max() < 16  # up and to the left, half way
    assert (picture == solids.PAPER).sum() == 32 * 32 - 2 * 4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: solids.draw_solids(0, seed=0), "count as a whole number, 1 or more, came 0"),
        (lambda: solids.draw_solids(2.5, seed=0), "came 2.5"),
        (lambda: solids.draw_solids(1, seed=-1), "seed as a whole number, 0 or more"),
        (lambda: solids.draw_solids(1, seed=0, clouds=-1), "clouds as a whole number"),
        (lambda: solids.write_solids("nowhere", count=3), "4 or more, came 3"),
        (lambda: solids.draw_cloud("egg", np.random.default_rng(0)), "one of cube, sphere"),
        (lambda: solids.view_cloud(np.zeros((4, 3)), size=8), "16 pixels or more"),
    ],
)
def test_what_makes_no_sense_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
