"""Blended pictures and labels, and pictures with a part hidden."""

import numpy as np

from pixvox_studies.pets.changes import blend, erase

LABELS = np.arange(7)
PICTURES = np.arange(7, dtype=np.uint8).repeat(12).reshape(7, 2, 2, 3)  # picture i is i everywhere


def test_labels_are_blended_as_their_pictures_are():
    blends, labels = blend(PICTURES, LABELS, np.random.default_rng(5), alpha=1)
    assert blends.dtype == labels.dtype == np.float32 and blends.shape == PICTURES.shape
    np.testing.assert_allclose(blends, np.broadcast_to(labels[:, None, None, None], blends.shape), rtol=1e-5)
    assert 0 <= labels.min() and labels.max() <= 6 and np.sum(np.abs(labels - labels.round()) > 0.01) >= 5


def test_each_picture_is_once_the_first_and_once_the_other():
    rows = np.eye(7, dtype=np.float32)[:, None, None, :]  # pictures that add up to the shares they got
    shares = blend(rows, LABELS, np.random.default_rng(2), alpha=1)[0][:, 0, 0, :]
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)
    assert (np.diag(shares) > 0).all() and (np.count_nonzero(shares, axis=0) <= 2).all()


def test_a_small_alpha_blends_little():
    labels, blank = np.tile([0, 1], 2_000), np.zeros((4_000, 1, 1, 1))
    near = []
    for alpha in (0.05, 0.2, 1):
        _, blends = blend(blank, labels, np.random.default_rng(0), alpha=alpha)
        near.append(np.mean(np.abs(blends - blends.round()) < 0.1))
    assert near[0] > near[1] > near[2] + 0.08


def test_a_rectangle_of_every_other_picture_gets_its_mean_colour():
    pictures = np.random.default_rng(0).integers(0, 256, (400, 20, 40, 3), dtype=np.uint8)
    kept = pictures.copy()
    hidden = erase(pictures, np.random.default_rng(1))
    assert hidden.dtype == np.float32 and hidden.shape == pictures.shape
    np.testing.assert_array_equal(pictures, kept)
    changed = np.any(hidden != pictures, axis=3)
    touched = changed.any(axis=(1, 2))
    assert 0.4 < touched.mean() < 0.6
    for row in np.flatnonzero(touched):
        rows, columns = (np.flatnonzero(changed[row].any(axis=axis)) for axis in (1, 0))
        (top, bottom), (left, right) = ((ends[0], ends[-1] + 1) for ends in (rows, columns))
        assert 4 <= bottom - top <= 9 and 8 <= right - left <= 18
        inside = hidden[row, top:bottom, left:right]
        np.testing.assert_allclose(
            inside, np.broadcast_to(pictures[row].mean(axis=(0, 1)), inside.shape), rtol=1e-5
        )
    again = erase(pictures, np.random.default_rng(1))
    np.testing.assert_array_equal(hidden, again)
