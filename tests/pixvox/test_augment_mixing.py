"""Blended pictures and their labels."""

import numpy as np

from pixvox.augment import blend, blended_epoch

PICTURES = np.arange(7, dtype=np.uint8).repeat(12).reshape(7, 2, 2, 3)  # picture i is i everywhere
LABELS = np.arange(7)  # so a blend of labels is that of the pictures


def test_labels_go_with_their_pictures():
    pictures, labels = blend(PICTURES, LABELS, np.random.default_rng(5), alpha=1)
    assert pictures.dtype == labels.dtype == np.float32
    assert pictures.shape == PICTURES.shape and labels.shape == LABELS.shape
    np.testing.assert_allclose(
        pictures, np.broadcast_to(labels[:, None, None, None], pictures.shape), rtol=1e-5
    )
    assert 0 <= labels.min() and labels.max() <= 6 and np.sum(np.abs(labels - labels.round()) > 0.01) >= 5


def test_each_picture_is_once_the_first_and_once_the_other():
    rows = np.eye(7, dtype=np.float32)[:, None, None, :]  # pictures that add up to the shares they got
    pictures, _ = blend(rows, LABELS, np.random.default_rng(2), alpha=1)
    shares = pictures[:, 0, 0, :]
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)
    assert (np.diag(shares) > 0).all() and (np.count_nonzero(shares, axis=0) <= 2).all()


def test_small_alpha_blends_little():
    labels = np.tile([0, 1], 2_000)
    pictures = np.zeros((4_000, 1, 1, 1))
    near = {}
    for alpha in (0.05, 0.2, 1):
        _, blends = blend(pictures, labels, np.random.default_rng(0), alpha=alpha)
        near[alpha] = np.mean(np.abs(blends - blends.round()) < 0.1)
    assert near[0.05] > near[0.2] > near[1] + 0.08


def test_an_epoch_repeats_and_epochs_differ():
    first, again = (blended_epoch(PICTURES, LABELS, seed=3, epoch=4) for _ in range(2))
    np.testing.assert_array_equal(first[0], again[0])
    for seed, epoch in ((3, 5), (4, 4)):
        assert not np.array_equal(first[1], blended_epoch(PICTURES, LABELS, seed=seed, epoch=epoch)[1])
