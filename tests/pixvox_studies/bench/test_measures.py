"""The arms that are timed: that they do the same."""

import numpy as np
import pytest

from pixvox.voxels.recipe import voxel_edges, voxel_grid
from pixvox_studies.bench import arrays, augmentation, measures, volumes

BOTH = (augmentation.SMALL, augmentation.LARGE)  # of P3, of P4
FEW = [one._replace(count=40, shape=(9, 8, 3)) for one in BOTH]


@pytest.mark.parametrize("pictures", FEW, ids=["of P3", "of P4"])
def test_layers_and_generator_have_the_ranges_of_random_affine(pictures):
    ranges = pictures.ranges
    turn, move, lean, zoom, *flip = (layer.get_config() for layer in augmentation.keras_layers(ranges))
    assert np.multiply(turn["factor"], 360) == pytest.approx(np.array([-1, 1]) * ranges["rotation_degrees"])
    assert move["height_factor"] == move["width_factor"] == ranges["shift"]
    angles = np.degrees(np.arctan(lean["x_factor"]))
    assert angles == pytest.approx(np.array([-1, 1]) * ranges["shear_degrees"])
    assert not any(lean["y_factor"])
    assert zoom["height_factor"] == zoom["width_factor"] == ranges["zoom"]
    assert len(flip) == ranges.get("horizontal_flip", False)
    assert {config["fill_mode"] for config in (turn, move, lean, zoom)} == {"nearest"}
    old = augmentation.old_generator(ranges)
    assert (old.rotation_range, old.shear_range) == (ranges["rotation_degrees"], ranges["shear_degrees"])
    assert old.width_shift_range == old.height_shift_range == ranges["shift"]
    assert list(old.zoom_range) == [1 - ranges["zoom"], 1 + ranges["zoom"]]
    assert old.horizontal_flip == ranges.get("horizontal_flip", False)


@pytest.mark.parametrize("against", [augmentation.against_layers, augmentation.against_generator])
@pytest.mark.parametrize("pictures", FEW, ids=["of P3", "of P4"])
def test_an_epoch_of_each_arm_changes_every_picture_once(against, pictures):
    x = pictures.draw()
    for arm in against(pictures):
        batches = arm()
        assert [len(batch) for batch in batches] == [32, 8]
        changed = np.concatenate(batches)
        assert changed.shape == x.shape and 0 <= changed.min() and changed.max() <= 1.0001
        assert (changed != x).any(axis=(1, 2, 3)).all()


def test_the_loop_gives_the_volumes_of_the_grid():
    points = np.random.default_rng(0).normal(size=(500, 3))
    points = np.concatenate([points, voxel_edges(points)[1:-1]])  # some lie between two voxels
    np.testing.assert_array_equal(volumes.loop_grid(points), voxel_grid(points))


def test_arms_that_compute_others_are_refused(monkeypatch):
    with pytest.raises(ValueError, match="expected two ways to compute the same"):
        arrays.check_equal(lambda: np.zeros(3), lambda: np.array([0, 0, 1e-3]))
    monkeypatch.setattr(volumes, "CLOUDS", 2)
    monkeypatch.setattr(volumes, "loop_grid", lambda points: voxel_grid(points) + 1)
    with pytest.raises(ValueError, match="expected two ways to compute the same"):
        volumes.against_loop()
    monkeypatch.setitem(volumes.WAYS, "look-up", lambda x: x)
    with pytest.raises(ValueError, match="expected two ways to compute the same"):
        volumes.against_posted()
    monkeypatch.setattr(arrays, "load_images", lambda paths, **options: (np.zeros((1, 1, 1, 3)), None))
    with pytest.raises(ValueError, match="to agree"):
        arrays.against_directory("")


def test_names_tell_what_is_timed():
    small, large = (len(augmentation.keras_layers(p.ranges)) for p in BOTH)
    names = [measure.rival for measure in measures.MEASURES if "in a row" in measure.rival]
    assert (small, large) == (4, 5) and [name.split()[0] for name in names] == ["four", "five"]
    keys = [measure[:4] for measure in measures.MEASURES]
    assert len(set(keys)) == len(keys) and all(measure.repeats >= 5 for measure in measures.MEASURES)
