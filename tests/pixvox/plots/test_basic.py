"""Pictures and confusion matrices: what is drawn is what was given, and a page gets its alt text."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from pixvox.plots.basic import plot_images, show


def test_a_page_gets_a_png_with_its_alt_text_and_the_figure_is_closed(shown):
    figure = plot_images(np.eye(4)[None])
    show(figure, alt="a diagonal")
    ((bundle, more),) = shown
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert more["metadata"] == {"image/png": {"alt": "a diagonal"}} and more["raw"]
    assert not plt.fignum_exists(figure.number)


def test_the_same_figure_gives_the_same_bytes(shown):
    for _ in range(2):
        show(plot_images(np.eye(4)[None]), alt="a diagonal")
    assert shown[0][0]["image/png"] == shown[1][0]["image/png"]


def test_a_script_gets_a_window(monkeypatch, capsys):
    opened = []
    monkeypatch.setattr(plt, "show", lambda: opened.append(plt.get_fignums()))
    show(plot_images(np.eye(4)[None]), alt="a diagonal")
    assert len(opened) == 1 and not capsys.readouterr().out


def test_a_figure_needs_alt_text(shown):
    with pytest.raises(ValueError, match="alt text"):
        show(plot_images(np.zeros((1, 2, 2))), alt=" ")
    assert not shown


@pytest.mark.parametrize("shape", [(7, 5, 5), (7, 5, 5, 1), (7, 5, 5, 3)])
def test_every_picture_is_drawn_with_its_title(shape):
    images = np.random.default_rng(0).uniform(size=shape)
    drawn = [axis for axis in plot_images(images, range(7), columns=4).axes if axis.images]
    assert [axis.get_title() for axis in drawn] == [str(i) for i in range(7)]
    np.testing.assert_array_equal([axis.images[0].get_array() for axis in drawn], images.squeeze())


@pytest.mark.parametrize(("limits", "scale"), [(None, (0, 1)), ((-1, 2), (-1, 2))])
def test_grey_pictures_have_one_scale(limits, scale):
    figure = plot_images(np.stack([np.zeros((2, 2)), np.ones((2, 2))]), limits=limits)
    assert [axis.images[0].get_clim() for axis in figure.axes] == [scale] * 2


def test_coloured_pictures_of_any_numbers_look_the_same():
    rgb = np.random.default_rng(0).integers(0, 256, (2, 4, 5, 3))
    drawn = [
        plot_images(given).axes[0].images[0].make_image(None, unsampled=True)[0]
        for given in (rgb.astype(np.uint8), rgb, rgb.astype(np.float32), rgb / 255)
    ]
    assert all(np.array_equal(drawn[0], other) for other in drawn[1:])
    for scaled in (rgb / 127.5 - 1, rgb + 1):
        with pytest.raises(ValueError, match="expected pictures of 0 to 255, or floats of 0 to 1"):
            plot_images(scaled)


@pytest.mark.parametrize("shape", [(6, 5, 3), (6, 5), (0, 6, 5), (2, 6, 5, 2), (1, 2, 6, 5, 3)])
def test_what_is_no_set_of_pictures_is_refused(shape):
    with pytest.raises(ValueError, match=r"expected pictures .n, height, width, 1 or 3."):
        plot_images(np.zeros(shape))


def test_a_hole_in_a_picture_is_left_out_of_the_scale():
    assert plot_images([[[np.nan, 1.0], [2.0, 3.0]]]).axes[0].images[0].get_clim() == (1, 3)
