"""The kernel that slides, against sums by hand."""

import numpy as np
import plotly.io
import pytest

from pixvox.plots.sliding import slide_kernel

PICTURE = np.random.default_rng(0).uniform(size=(5, 6))
KERNEL = np.arange(9.0).reshape(3, 3)
MAP = np.array([[np.sum(PICTURE[r : r + 3, c : c + 3] * KERNEL) for c in range(4)] for r in range(3)])


def test_a_frame_has_the_kernel_in_its_place_and_the_map_so_far():
    figure = slide_kernel(PICTURE, KERNEL, MAP)
    assert len(figure.frames) == len(figure.layout.sliders[0].steps) == 12
    square, shown, products = figure.frames[6].data  # row 1, column 2
    assert (min(square.x), max(square.x), min(square.y), max(square.y)) == (1.5, 4.5, 0.5, 3.5)
    np.testing.assert_allclose(
        [v for line in shown.z for v in line if v is not None], MAP.ravel()[:7], atol=0.006
    )
    assert f"{MAP[1, 2]:.2f}" in figure.frames[6].layout.title.text
    assert sum(map(float, products.text)) == pytest.approx(MAP[1, 2], abs=9 * 0.05)
    assert (max(products.x), max(products.y)) == (4, 3) and list(figure.frames[6].traces) == [1, 2, 3]


@pytest.mark.parametrize(
    ("kernel", "feature_map"), [(KERNEL[:2], MAP), (KERNEL, MAP[:2]), (KERNEL[:, :1], MAP)]
)
def test_a_map_of_another_picture_is_refused(kernel, feature_map):
    with pytest.raises(ValueError, match="convolve"):
        slide_kernel(PICTURE, kernel, feature_map)


def test_the_page_gets_data_and_nothing_else():
    bundle = plotly.io.renderers["plotly_mimetype"].to_mimebundle(
        slide_kernel(PICTURE, KERNEL, MAP).to_dict()
    )
    assert list(bundle) == ["application/vnd.plotly.v1+json"]
