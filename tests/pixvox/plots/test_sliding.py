"""The kernel that slides, against sums by hand; and pictures that are turned."""

import base64
import io

import numpy as np
import plotly.io
import pytest
from PIL import Image

from pixvox.plots.sliding import slide_kernel, slide_pictures

PICTURE = np.random.default_rng(0).uniform(size=(5, 6))
KERNEL = np.arange(9.0).reshape(3, 3)
MAP = np.array([[np.sum(PICTURE[r : r + 3, c : c + 3] * KERNEL) for c in range(4)] for r in range(3)])

STRIPS = {name: np.random.default_rng(1).integers(0, 256, (3, 4, 5, 3), dtype=np.uint8) for name in "ab"}
LABELS = {"a": ["0", "1", "2"], "b": ["3", "4", "5"]}


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


@pytest.mark.parametrize("figure", [slide_kernel(PICTURE, KERNEL, MAP), slide_pictures(STRIPS, LABELS)])
def test_the_page_gets_data_and_nothing_else(figure):
    bundle = plotly.io.renderers["plotly_mimetype"].to_mimebundle(figure.to_dict())
    assert list(bundle) == ["application/vnd.plotly.v1+json"]


def test_a_turn_shows_that_picture_of_each_strip_under_its_text():
    figure = slide_pictures(STRIPS, LABELS)
    assert len(figure.frames) == len(figure.layout.sliders[0].steps) == 3
    for name, image in zip(STRIPS, figure.frames[2].data, strict=True):
        encoded = base64.b64decode(image.source.partition(",")[2])
        np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(encoded))), STRIPS[name][2])
    assert (
        figure.frames[2].layout.xaxis2.title.text == "b<br>5" and figure.layout.xaxis2.title.text == "b<br>3"
    )
    assert figure.data[1].xaxis == "x2" and figure.data[0].source == figure.frames[0].data[0].source


@pytest.mark.parametrize("labels", [{"a": ["0"] * 3}, {"a": ["0"] * 3, "b": ["0"] * 2}])
def test_a_text_that_is_missing_is_an_error(labels):
    with pytest.raises(ValueError, match="for each turn"):
        slide_pictures(STRIPS, labels)


@pytest.mark.parametrize("as_given", [np.asarray, np.ndarray.tolist])
def test_products_of_bytes_do_not_wrap(as_given):
    picture, kernel = np.full((3, 3), 200, np.uint8), np.full((2, 2), 2, np.uint8)
    figure = slide_kernel(*(as_given(part) for part in (picture, kernel, np.full((2, 2), 1600))))
    assert {*figure.frames[0].data[2].text} == {"400.0"}


@pytest.mark.parametrize("scale", [1, 255])
def test_pictures_of_floats_are_drawn_as_bytes_are(scale):
    figures = [
        slide_pictures(strips, LABELS) for strips in (STRIPS, {n: s / scale for n, s in STRIPS.items()})
    ]
    assert figures[0].to_json() == figures[1].to_json()
