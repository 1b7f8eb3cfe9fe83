import numpy as np
import pytest

from pixvox_sketch.engine import scenery
from pixvox_sketch.engine.canvas import Canvas

SIZE = (70, 60)


def painted(paint, seed):
    """Return picture and parts of a scene before which an animal filled the canvas."""
    canvas = Canvas(SIZE, np.random.default_rng(1))
    canvas.part_pen.rectangle([0, 0, 60, 70], fill=1)
    paint(canvas, np.random.default_rng(seed))
    return np.asarray(canvas.picture), np.asarray(canvas.parts)


@pytest.mark.parametrize("paint", [*scenery.SCENES, *scenery.IN_FRONT], ids=lambda paint: paint.__name__)
def test_equal_generators_paint_equal_scenes(paint):
    picture, parts = painted(paint, 5)
    np.testing.assert_array_equal(picture, painted(paint, 5)[0])
    assert np.any(picture != painted(paint, 6)[0]) and picture.std() > 1
    if paint in scenery.IN_FRONT:
        assert (parts == 0).any(), "what is in front hides the animal's parts"
