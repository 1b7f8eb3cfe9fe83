import numpy as np

from pixvox_sketch.engine import texture

SIZE = (70, 60)


def make_rng():
    return np.random.default_rng(0)


def test_noise_has_unit_spread_in_any_shape_and_more_slope_is_smoother():
    rough, smooth = (texture.noise(make_rng(), SIZE, slope=slope) for slope in (0.8, 2.0))
    assert rough.shape == SIZE and rough.dtype == np.float32
    assert abs(rough.std() - 1) < 0.3 and abs(rough.mean()) < 0.3
    assert np.abs(np.diff(smooth)).mean() < np.abs(np.diff(rough)).mean()


def test_patches_cover_the_share_that_is_asked_for():
    field = texture.patches(make_rng(), SIZE, share=0.3)
    assert abs((field > 0.5).mean() - 0.3) < 0.05
