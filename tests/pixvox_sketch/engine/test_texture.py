import numpy as np
import pytest

from pixvox_sketch.engine import texture

SIZE = (70, 60)


def make_rng():
    return np.random.default_rng(0)


def test_noise_has_unit_spread_in_any_shape_and_more_slope_is_smoother():
    rough, smooth = (texture.noise(make_rng(), SIZE, slope=slope) for slope in (0.8, 2.0))
    assert rough.shape == SIZE and rough.dtype == np.float32
    assert abs(rough.std() - 1) < 0.3 and abs(rough.mean()) < 0.3
    assert np.abs(np.diff(smooth)).mean() < np.abs(np.diff(rough)).mean()


@pytest.mark.parametrize(
    ("pattern", "settings"),
    [
        ("stripes", {"period": 0.1, "warp": 0.02}),
        ("spots", {"count": 9, "radius": 0.05}),
        ("patches", {"share": 0.3}),
    ],
)
def test_patterns_are_shares_from_0_to_1(pattern, settings):
    field = getattr(texture, pattern)(make_rng(), SIZE, **settings)
    assert field.shape == SIZE and 0 <= field.min() < 0.1 and 0.9 < field.max() <= 1


def test_patches_cover_the_share_that_is_asked_for():
    field = texture.patches(make_rng(), SIZE, share=0.3)
    assert abs((field > 0.5).mean() - 0.3) < 0.05


def test_a_mix_of_halves_is_the_mean_of_both_colours():
    assert texture.mix(texture.plain(SIZE, (0, 0, 0)), (10, 20, 30), 0.5)[3, 3].tolist() == [5, 10, 15]
