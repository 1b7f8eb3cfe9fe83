import numpy as np
import pytest

from pixvox_sketch.animals import coats
from pixvox_sketch.engine import bulk, canvas, outlines, scenery, texture

SIZE = (70, 60)


def make_rng(seed=0):
    return np.random.default_rng(seed)


def test_spline_goes_through_its_points_and_a_blob_of_no_jitter_is_an_ellipse():
    corners = np.array([(0, 0), (4, 0), (4, 2), (0, 2)])
    np.testing.assert_allclose(outlines.spline(corners, 5)[::5], corners)
    outline = outlines.blob(make_rng(), (5, 3), (2, 1), jitter=0, count=16)
    radius = np.hypot((outline[:, 0] - 5) / 2, outline[:, 1] - 3)
    np.testing.assert_allclose(radius, 1, atol=0.01)


def test_frame_scales_rolls_and_shows_depth_to_the_side_when_turned():
    np.testing.assert_allclose(outlines.Frame(10, 20, 5).place((1, 1), 3), (15, 25))
    np.testing.assert_allclose(outlines.Frame(0, 0, 1, roll=np.pi / 2).place((1, 0)), (0, 1), atol=1e-12)
    np.testing.assert_allclose(outlines.Frame(0, 0, 1, yaw=np.pi / 6).place((0, 0), 2), (1, 0), atol=1e-12)
    np.testing.assert_allclose(outlines.Frame(0, 0, 1, pitch=np.pi / 6).place((0, 0), 2), (0, 1), atol=1e-12)


def test_bent_spines_have_their_length_and_tubes_their_width():
    straight = outlines.bent((0, 0), length=4, angle=np.pi / 2, bend=0.0, count=5)
    np.testing.assert_allclose(straight, [(x, 0) for x in range(5)], atol=1e-12)
    outline = outlines.tube(straight, np.full(5, 0.5))
    assert outline.shape == (10, 2)
    np.testing.assert_allclose(np.abs(outline[:, 1]), 0.5, atol=1e-6)
    turned = outlines.bent((0, 0), length=2, angle=0, bend=np.array([0, np.pi / 2]), count=3)
    np.testing.assert_allclose(turned, [(0, 0), (0, -1), (1, -1)], atol=1e-12)


def test_hull_encloses_both_outlines():
    outline = outlines.hull(np.array([(0, 0), (1, 0), (0, 1)]), np.array([(4, 4), (0.2, 0.2)]))
    assert {tuple(point) for point in outline} == {(0, 0), (1, 0), (0, 1), (4, 4)}


def test_noise_has_unit_spread_any_shape_and_more_slope_is_smoother():
    rough, smooth = (texture.noise(make_rng(), SIZE, slope=slope) for slope in (0.8, 2.0))
    assert rough.shape == SIZE and rough.dtype == np.float32
    assert abs(rough.std() - 1) < 0.3 and abs(rough.mean()) < 0.3
    assert np.abs(np.diff(smooth)).mean() < np.abs(np.diff(rough)).mean()


def test_patterns_stay_in_their_range():
    for field in (
        texture.stripes(make_rng(), SIZE, period=0.1, warp=0.02),
        texture.spots(make_rng(), SIZE, count=9, radius=0.05),
        texture.patches(make_rng(), SIZE, share=0.3),
    ):
        assert field.shape == SIZE and field.min() >= 0 and field.max() <= 1
    assert abs((field > 0.5).mean() - 0.3) < 0.05
    assert texture.mix(texture.plain(SIZE, (0, 0, 0)), (10, 20, 30), 0.5)[3, 3].tolist() == [5, 10, 15]


def test_canvas_keeps_part_ids_and_clips_what_is_outside():
    board = canvas.Canvas(SIZE, make_rng())
    fur = canvas.Fur(texture.plain(SIZE, (200, 120, 60)), 3.0)
    square = np.array([(10.0, 10), (30, 10), (30, 40), (10, 40)])
    board.fur(square, fur, part=3)
    board.fur(square + 500, fur, part=2)
    board.solid(square + 500, (0, 0, 0), part=2)
    board.solid(square + (25, 0), (20, 40, 200), part=4, roughness=3)
    board.fill([(0, 60), (60, 60), (60, 70), (0, 70)], (0, 255, 0), part=None)
    board.line([(0, 2), (59, 2)], (255, 255, 255), width=2, part=1)
    picture, parts = board.finish(1.0)
    assert picture.shape == (*SIZE, 3) and picture.dtype == np.uint8 == parts.dtype
    assert set(np.unique(parts)) == {0, 1, 3, 4} and parts[25, 20] == 3 and parts[65, 20] == 0
    assert picture[25, 20, 0] > picture[25, 20, 2] and picture[25, 45, 2] > picture[25, 45, 0]


def test_shading_is_lighter_towards_the_light_and_a_shadow_darkens():
    board = canvas.Canvas((80, 80), make_rng(), angle=np.pi)
    board.solid(outlines.blob(make_rng(), (40, 40), (25, 25), jitter=0), (120, 120, 120))
    board.shadow([(0, 70), (80, 70), (80, 80), (0, 80)])
    picture = np.asarray(board.picture).astype(int)
    assert picture[40, 22, 0] > picture[40, 40, 0] > picture[40, 58, 0]
    assert picture[78, 40, 0] < 100


def test_band_limit_keeps_slow_waves_and_removes_fast_ones():
    x = np.arange(160) / 160
    slow, fast = (np.repeat(np.sin(2 * np.pi * k * x)[None], 150, 0)[..., None] for k in (6, 40))
    inside = slice(30, -30)
    assert np.abs(canvas.band_limit(slow) - slow)[:, inside].max() < 0.02
    assert np.abs(canvas.band_limit(fast))[:, inside].max() < 0.02


@pytest.mark.parametrize("paint", [*scenery.SCENES, *scenery.IN_FRONT], ids=lambda paint: paint.__name__)
def test_every_scene_paints_and_repeats(paint):
    def painted(seed):
        board = canvas.Canvas(SIZE, make_rng(1))
        board.part_pen.rectangle([0, 0, 60, 70], fill=1)
        paint(board, make_rng(seed))
        return np.asarray(board.picture), np.asarray(board.parts)

    picture, parts = painted(5)
    np.testing.assert_array_equal(picture, painted(5)[0])
    assert np.any(picture != painted(6)[0]) and picture.std() > 1
    if paint in scenery.IN_FRONT:
        assert (parts == 0).any(), "what is in front hides the animal's parts"


@pytest.mark.parametrize("pattern", coats.PATTERNS, ids=lambda pattern: pattern.__name__)
def test_coats_have_colours_of_animals(pattern):
    field, tints = pattern(make_rng(2), SIZE)
    assert field.shape == (*SIZE, 3)
    red, green, blue = np.moveaxis(field, -1, 0)
    assert (green <= red + 16).all() and (blue <= green + 16).all(), "no green, blue or purple fur"
    assert set(tints) <= {"ears", "muzzle", "tail", "chest", "paws"}


def test_sheet_keeps_proportions_and_order(tmp_path):
    pictures = [np.full((20, 10, 3), 200, np.uint8), np.full((10, 20), 50, np.uint8)]
    sheet = bulk.make_sheet(pictures, columns=5, cell=20)
    assert sheet.shape == (20 + 2 * bulk.GAP, 2 * (20 + bulk.GAP) + bulk.GAP, 3)
    assert sheet[14, 14].tolist() == [200] * 3 and sheet[14, 38].tolist() == [50] * 3
    assert sheet[14, 6].tolist() == list(bulk.PAPER), "a tall picture leaves paper at its sides"
    with pytest.raises(ValueError, match="expected pictures"):
        bulk.make_sheet([])
    assert bulk.write_sheet("two", pictures, out_dir=tmp_path).name == "two-sheet.png"


def test_draw_many_keeps_the_order_in_one_process_and_in_two():
    tasks = list(range(-20, 20))
    assert bulk.draw_many(abs, tasks, processes=2, label="taking") == bulk.draw_many(abs, tasks)
    with pytest.raises(ValueError, match="1 process or more"):
        bulk.draw_many(abs, tasks, processes=-1)
