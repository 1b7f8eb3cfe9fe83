"""The lesson's tools against what was put there by hand."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers
from PIL import Image

from pixvox_studies.own_pictures import tools

PLACE = (5, 2)  # row and column of the square of 8 pixels that matters, of 8 x 8


def noise(count, seed=0):
    """Return pictures of blurred noise, uint8 (n, 64, 64, 3)."""
    small = np.random.default_rng(seed).integers(0, 255, (count, 9, 9, 3), dtype=np.uint8)
    return np.stack([np.asarray(Image.fromarray(picture).resize((64, 64))) for picture in small])


def test_a_file_of_sixteen_bits_comes_out_white_or_in_its_greys(tmp_path):
    greys = np.linspace(2, 255, 64 * 64).astype(np.uint8).reshape(64, 64)
    Image.fromarray(257 * greys.astype(np.uint16)).save(tmp_path / "a.png")
    white, right = tools.read(tmp_path / "a.png"), tools.read_right(tmp_path / "a.png")
    assert (white == 255).all()
    assert right.dtype == np.uint8
    np.testing.assert_array_equal(right, np.repeat(greys[..., None], 3, axis=2))


def test_usual_files_are_read_alike_and_a_turned_one_is_put_upright(tmp_path):
    (picture,) = noise(1)
    Image.fromarray(picture).save(tmp_path / "a.png")
    for way in (tools.read, tools.read_right):
        np.testing.assert_array_equal(way(tmp_path / "a.png"), picture)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(picture).save(tmp_path / "b.png", exif=exif)
    np.testing.assert_array_equal(tools.read(tmp_path / "b.png"), picture)
    np.testing.assert_array_equal(tools.read_right(tmp_path / "b.png"), np.rot90(picture, -1))
    Image.new("CMYK", (30, 90)).save(tmp_path / "c.jpg")
    assert tools.read_right(tmp_path / "c.jpg").shape == (64, 64, 3)


def test_the_network_is_that_of_the_lesson():
    network = tools.build_network(3)
    assert network.output_shape == (None, 3)
    np.testing.assert_allclose(network.predict(noise(2), verbose=0).sum(axis=1), 1, atol=1e-5)


def test_fingerprints_say_where_it_gets_brighter_to_the_right():
    ramp = np.broadcast_to(np.arange(64, dtype=np.uint8)[:, None], (64, 64, 3))
    left, right = tools.fingerprints(np.stack([ramp[:, ::-1], ramp]))
    assert left.dtype == np.float32 and (left == -1).all() and (right == 1).all() and left.shape == (256,)


def test_a_picture_is_like_itself_its_mirror_image_and_a_darker_copy_and_like_no_other():
    pictures = noise(30)
    others = [pictures[0, :, ::-1], (pictures[1] * 0.5).astype(np.uint8), noise(1, seed=1)[0]]
    alike = tools.likeness(np.stack([*pictures, *others]))
    np.testing.assert_allclose(np.diag(alike), 1)
    np.testing.assert_allclose(alike, alike.T, atol=0.1)  # ties
    assert alike[0, 30] == 1 and alike[1, 31] > 0.9
    alike[0, 30] = alike[1, 31] = 0
    far = alike[np.triu_indices(33, 1)]
    assert far.max() < tools.ALIKE and abs(far.mean()) < 0.15


def test_a_chain_of_likenesses_is_one_group():
    alike = np.eye(6)
    for pair in ((0, 3), (3, 5), (1, 2)):
        alike[pair] = alike[pair[::-1]] = 0.9
    alike[0, 4] = alike[4, 0] = tools.ALIKE - 0.01
    groups = tools.find_groups(alike)
    assert groups[0] == groups[3] == groups[5] and groups[1] == groups[2]
    assert len({groups[0], groups[1], groups[4]}) == 3


def test_no_picture_is_asked_of_a_regression_that_saw_its_group():
    groups = np.repeat(np.arange(20), 3)
    labels = np.random.default_rng(1).permutation(20)[groups] % 2
    features = np.repeat(np.eye(20)[groups], 50, axis=1)  # tells the group, and nothing of other groups
    seen = tools.out_of_fold(features, labels, np.arange(60), seed=0)
    apart = tools.out_of_fold(features, labels, groups, seed=0)
    assert seen.shape == apart.shape == (60, 2)
    np.testing.assert_allclose(apart.sum(axis=1), 1)
    assert (seen.argmax(axis=1) == labels).mean() > 0.95 > 0.75 > (apart.argmax(axis=1) == labels).mean()


def test_the_loss_is_large_where_the_label_is_improbable():
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.5, 0.5]])
    losses = tools.label_losses(probabilities, np.array([0, 1, 1]))
    np.testing.assert_allclose(losses, -np.log([0.9, 0.1, 0.5]))


def looks_at(place):
    """Build a network that answers by the mean red of one square: dog where it is above 134."""
    weights = np.zeros((64, 64, 3, 2), np.float32)
    rows, columns = (slice(8 * number, 8 * number + 8) for number in place)
    weights[rows, columns, 0] = [-0.1 / 64, 0.1 / 64]
    network = keras.Sequential(
        [layers.Input((64, 64, 3)), layers.Flatten(), layers.Dense(2, activation="softmax")]
    )
    network.layers[-1].set_weights([weights.reshape(-1, 2), np.array([13.4, -13.4], np.float32)])
    return network


def test_hiding_finds_the_one_place_that_a_network_looks_at():
    pictures = noise(4)
    pictures[:, 8 * PLACE[0] : 8 * PLACE[0] + 8, 8 * PLACE[1] : 8 * PLACE[1] + 8] = 140
    before = pictures.copy()
    network = looks_at(PLACE)
    quick = SimpleNamespace(predict=lambda pictures, verbose: network(pictures).numpy())
    drops = tools.needed(quick, pictures)
    np.testing.assert_array_equal(pictures, before)
    assert drops.shape == (8, 8) and np.argwhere(np.abs(drops) > 1e-5).tolist() == [[*PLACE]]
    sure, hidden = (1 / (1 + np.exp(-0.2 * (red - 134))) for red in (140, 128))
    assert drops[PLACE] == pytest.approx(sure - hidden, abs=1e-4)


@pytest.mark.parametrize(
    ("place", "corner"),
    [((0, 0), (0, 0)), ((7, 7), (48, 48)), ((3, 7), (20, 48)), (np.array([6, 1]), (44, 4))],
)
def test_the_square_lies_about_the_place_and_inside_the_picture(place, corner):
    assert tools.corner_of(place, side=16) == corner


def test_what_is_covered_is_grey_and_the_rest_as_it_was():
    pictures = noise(3)
    covered = tools.cover(pictures, (10, 40), side=12)
    changed = np.argwhere((covered != pictures).any(axis=(0, 3)))
    assert (covered[:, 10:22, 40:52] == 128).all()
    assert changed.min(axis=0).tolist() >= [10, 40] and changed.max(axis=0).tolist() <= [21, 51]


def test_what_is_typical_of_a_class_is_found_wherever_it_is():
    pictures, inside = noise(60), np.arange(60) < 30
    marked = np.r_[np.arange(27), [40, 41]]  # most of the class, and two of the other
    disc = np.hypot(*np.mgrid[-8:8, -8:8]) < 5
    for number in marked:
        pictures[number, 48:, 48:][disc] = (232, 178, 40)
    found = tools.looks_like(pictures, inside, (48, 48), side=16)
    assert np.flatnonzero(found).tolist() == marked.tolist()


PROBABILITIES, TRUTH = np.array([0.1, 0.3, 0.35, 0.6, 0.8]), np.array([0, 1, 0, 0, 1])


@pytest.mark.parametrize(
    ("threshold", "costs", "expected"),
    [(0.5, (5, 1), 20 * (5 + 1)), (0.2, (5, 1), 20 * 2), (0.7, (5, 1), 20 * 5), (0.9, (3, 7), 20 * 6)],
)
def test_the_cost_is_that_of_the_two_mistakes(threshold, costs, expected):
    assert tools.cost(PROBABILITIES, TRUTH, threshold, costs) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("costs", "least", "most"),  # calling all above .1 dogs costs 2; all above .6, 5, 1 and 1
    [((5, 1), 0.1, 0.3), ((1, 1), 0.6, 0.8), ((1, 9), 0.6, 0.8)],
)
def test_the_cheapest_threshold_is_where_the_mistakes_cost_least(costs, least, most):
    assert least - 1e-9 <= tools.cheapest(PROBABILITIES, TRUTH, costs) < most
