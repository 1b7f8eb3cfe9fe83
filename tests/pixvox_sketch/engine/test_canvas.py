import numpy as np

from pixvox_sketch.engine.canvas import Canvas, Fur, band_limit
from pixvox_sketch.engine.outlines import blob, box
from pixvox_sketch.engine.texture import plain

SIZE = (70, 60)


def make_rng():
    return np.random.default_rng(0)


def test_a_canvas_keeps_part_ids_and_clips_what_is_outside():
    canvas = Canvas(SIZE, make_rng())
    fur = Fur(plain(SIZE, (200, 120, 60)), 3.0)
    square = box(10.0, 10, 30, 40)
    canvas.fur(square, fur, part=3)
    canvas.fur(square + 500, fur, part=2)
    canvas.solid(square + 500, (0, 0, 0), part=2)
    canvas.solid(square + (25, 0), (20, 40, 200), part=4, roughness=3)
    canvas.fill(box(0, 60, 60, 70), (0, 255, 0), part=None)
    canvas.line([(0, 2), (59, 2)], (255, 255, 255), width=2, part=1)
    picture, parts = canvas.finish(1.0)
    assert picture.shape == (*SIZE, 3) and picture.dtype == np.uint8 == parts.dtype
    assert set(np.unique(parts)) == {0, 1, 3, 4} and parts[25, 20] == 3 and parts[65, 20] == 0
    assert picture[25, 20, 0] > picture[25, 20, 2] and picture[25, 45, 2] > picture[25, 45, 0]


def test_things_are_lighter_towards_the_light_and_a_shadow_darkens():
    canvas = Canvas((80, 80), make_rng(), angle=np.pi)
    canvas.solid(blob(make_rng(), (40, 40), (25, 25), jitter=0), (120, 120, 120))
    canvas.shadow(box(0, 70, 80, 80))
    picture = np.asarray(canvas.picture).astype(int)
    assert picture[40, 22, 0] > picture[40, 40, 0] > picture[40, 58, 0]
    assert picture[78, 40, 0] < 100


def test_the_band_limit_keeps_slow_waves_and_removes_fast_ones():
    x = np.arange(160) / 160
    slow, fast = (np.repeat(np.sin(2 * np.pi * k * x)[None], 150, 0)[..., None] for k in (6, 40))
    inside = slice(30, -30)
    assert np.abs(band_limit(slow) - slow)[:, inside].max() < 0.02
    assert np.abs(band_limit(fast))[:, inside].max() < 0.02
