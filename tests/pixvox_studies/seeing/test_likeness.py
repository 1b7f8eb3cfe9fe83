"""What tells how empty feature maps are, and how much they look like the picture."""

import numpy as np
import pytest
from support.spot_net import pictures

from pixvox_studies.seeing.layers import likeness, zero_share


def test_the_share_of_zeros():
    assert zero_share(np.array([0.0, 2, 0, -1e-9])) == 0.5


def test_likeness_is_the_correlation_with_the_grey_picture():
    x = pictures()
    grey = x.mean(axis=-1, keepdims=True)
    assert likeness(np.concatenate([3 * grey + 1, -grey], axis=-1), x) == pytest.approx(1, abs=1e-5)
    assert likeness(grey, x[::-1]) < 0.5  # the one in the middle is its own
    other = pictures(seed=1).mean(axis=-1, keepdims=True)
    by_hand = [abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) for a, b in zip(grey, other, strict=True)]
    assert likeness(other, x) == pytest.approx(np.mean(by_hand), abs=1e-5)
    assert likeness(np.full((3, 4, 4, 2), 7.0), x) == 0


def test_maps_of_other_pictures_are_refused():
    with pytest.raises(ValueError, match="n 3, got"):
        likeness(np.zeros((2, 4, 4, 1)), pictures())
