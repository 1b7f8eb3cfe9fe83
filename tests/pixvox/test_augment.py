"""RandomAffine and the resampling below it, against SciPy and against transforms known to the pixel."""

import subprocess
import sys

import keras
import numpy as np
import pytest
from scipy import ndimage

from pixvox import augment, backend
from pixvox.augment import RandomAffine, affine_transform, make_matrices

FULL = {
    "rotation_degrees": 40,
    "shift": (0.2, 0.1),
    "shear_degrees": 15,
    "zoom": 0.2,
    "horizontal_flip": True,
}


def pictures(*shape, seed=0):
    return np.random.default_rng(seed).random(shape).astype(np.float32)


def numbers(tensor):
    return keras.ops.convert_to_numpy(tensor)


def by_scipy(picture, matrix):
    """Resample one picture with SciPy: the oracle."""
    middle = (np.array(picture.shape[:2]) - 1) / 2
    linear, offset = matrix[:, :2].astype(float), matrix[:, 2] + middle - matrix[:, :2] @ middle
    channels = [
        ndimage.affine_transform(channel.astype(float), linear, offset, order=1, mode="nearest")
        for channel in np.moveaxis(picture, -1, 0)
    ]
    return np.stack(channels, axis=-1)


def random_matrices(count, seed=0):
    rng = np.random.default_rng(seed)
    return numbers(
        make_matrices(
            rotation_degrees=rng.uniform(-180, 180, count),
            shift=(rng.uniform(-8, 8, count), rng.uniform(-8, 8, count)),
            shear_degrees=rng.uniform(-40, 40, count),
            zoom=(rng.uniform(0.5, 1.5, count), rng.uniform(0.5, 1.5, count)),
            mirror=rng.choice([-1.0, 1.0], count),
        )
    )


def ramps(count, side=33):
    """Return pictures whose two channels tell each pixel's row and column, counted from the middle."""
    grid = np.stack(np.mgrid[:side, :side], axis=-1) - (side - 1) / 2
    return np.repeat(grid[None].astype(np.float32), count, axis=0)


def read_matrices(changed):
    """Return the matrix that made each changed ramp, as its middle shows it: (n, 2, 3)."""
    middle = changed.shape[1] // 2
    here = changed[:, middle, middle]
    return np.stack([changed[:, middle + 1, middle] - here, changed[:, middle, middle + 1] - here, here], -1)


# Known to the pixel.


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, lambda x: x),
        ({"rotation_degrees": 90}, np.rot90),
        ({"rotation_degrees": 180}, lambda x: x[::-1, ::-1]),
        ({"rotation_degrees": -90}, lambda x: np.rot90(x, -1)),
        ({"mirror": -1}, lambda x: x[:, ::-1]),
        ({"shift": (2, 0)}, lambda x: np.concatenate([x[2:], x[-1:], x[-1:]])),
        ({"shift": (0, -1)}, lambda x: np.concatenate([x[:, :1], x[:, :-1]], axis=1)),
        ({"rotation_degrees": 90, "mirror": -1}, lambda x: np.rot90(x)[:, ::-1]),
    ],
)
def test_known_transforms(settings, expected):
    picture = pictures(9, 9, 2)
    changed = numbers(affine_transform(picture[None], make_matrices(**settings)))[0]
    np.testing.assert_allclose(changed, expected(picture), atol=2e-5)


def test_a_zoom_below_one_enlarges():
    changed = numbers(affine_transform(ramps(1, 9), make_matrices(zoom=(1 / 2, 1 / 4))))
    np.testing.assert_allclose(changed, ramps(1, 9) * [1 / 2, 1 / 4], atol=1e-5)


def test_half_turn_of_a_picture_that_is_not_square():
    picture = pictures(6, 9, 2)
    changed = numbers(affine_transform(picture[None], make_matrices(rotation_degrees=180)))[0]
    np.testing.assert_allclose(changed, picture[::-1, ::-1], atol=2e-5)


def test_shear_moves_the_lower_rows_to_the_right():
    column = np.zeros((1, 9, 9, 1), np.float32)
    column[:, :, 4] = 1
    leaning = numbers(affine_transform(column, make_matrices(shear_degrees=30)))[0, :, :, 0]
    centre = (leaning * np.arange(9)).sum(axis=1) / leaning.sum(axis=1)
    np.testing.assert_allclose(np.diff(centre), np.sin(np.radians(30)), atol=1e-3)


@pytest.mark.parametrize("shape", [(20, 30, 3), (31, 18, 1), (1, 7, 1)])
def test_random_transforms_are_scipy_s(shape):
    batch, matrices = pictures(12, *shape), random_matrices(12)
    changed = numbers(affine_transform(batch, matrices))
    assert changed.shape == batch.shape and changed.dtype == np.float32
    for picture, matrix, result in zip(batch, matrices, changed, strict=True):
        np.testing.assert_allclose(result, by_scipy(picture, matrix), atol=1e-3)


def test_it_is_keras_s_transform_too():
    batch, matrices = pictures(12, 20, 30, 3), random_matrices(12)
    middle = (np.array([20, 30]) - 1) / 2
    linear, offset = matrices[:, :, :2], matrices[:, :, 2] + middle - matrices[:, :, :2] @ middle
    rows, columns = (np.append(linear[:, axis, ::-1], offset[:, axis, None], 1) for axis in (0, 1))
    flat = np.concatenate([columns, rows, np.zeros((12, 2))], axis=1)
    expected = keras.ops.image.affine_transform(batch, flat, "bilinear", "nearest", 0, "channels_last")
    np.testing.assert_allclose(numbers(affine_transform(batch, matrices)), numbers(expected), atol=1e-3)


def test_one_matrix_serves_all():
    batch, matrix = pictures(12, 20, 30, 3), random_matrices(1)[0]
    changed = numbers(affine_transform(batch, matrix))
    np.testing.assert_allclose(changed[11], by_scipy(batch[11], matrix), atol=1e-3)


def test_whole_numbers_stay_and_are_rounded():
    batch, matrices = (pictures(12, 20, 30, 3) * 255).astype(np.uint8), random_matrices(12)
    changed = numbers(affine_transform(batch, matrices))
    assert changed.dtype == np.uint8
    expected = np.stack([by_scipy(*pair) for pair in zip(batch, matrices, strict=True)])
    assert np.abs(changed - expected).max() <= 0.5 + 1e-2


def test_without_xla_it_is_the_same(monkeypatch):
    batch, matrices = pictures(12, 20, 30, 3), random_matrices(12)
    compiled = numbers(affine_transform(batch, matrices))
    monkeypatch.setattr(backend, "_has_xla", lambda: False)
    backend.fuse.cache_clear()
    try:
        assert backend.fuse(augment._sample) is augment._sample
        np.testing.assert_allclose(numbers(affine_transform(batch, matrices)), compiled, atol=1e-4)
    finally:
        backend.fuse.cache_clear()


# What the layer draws.


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_largest_numbers_are_those_asked_for(sign, monkeypatch):
    layer = RandomAffine(**FULL)
    monkeypatch.setattr(keras.random, "uniform", lambda shape, *rest: sign * keras.ops.ones(shape))
    batch = pictures(12, 20, 30, 3)
    matrix = make_matrices(
        rotation_degrees=sign * 40,
        shift=(sign * 0.2 * 20, sign * 0.1 * 30),
        shear_degrees=sign * 15,
        zoom=(1 + sign * 0.2, 1 + sign * 0.2),
        mirror=sign,
    )
    expected = numbers(affine_transform(batch, matrix))
    np.testing.assert_allclose(numbers(layer(batch, training=True)), expected, atol=1e-4)


@pytest.mark.parametrize(
    ("settings", "varying"),
    [
        ({"shift": (0.2, 0)}, (0, 2)),
        ({"shift": (0, 0.2)}, (1, 2)),
        ({"shift": 0.2}, None),
        ({"horizontal_flip": True}, (1, 1)),
    ],
)
def test_each_range_moves_what_it_says(settings, varying):
    drawn = read_matrices(numbers(RandomAffine(**settings, seed=3)(ramps(400), training=True)))
    identity = np.eye(2, 3)
    for place in np.ndindex(2, 3):
        values = drawn[:, *place]
        if place == varying or (varying is None and place[1] == 2):
            if settings == {"horizontal_flip": True}:
                assert 0.4 < (values < 0).mean() < 0.6 and np.allclose(np.abs(values), 1, atol=1e-4)
            else:  # evenly from -20 % to 20 % of 33 pixels
                assert 6.3 < values.max() <= 6.6 + 1e-4 and -6.6 - 1e-4 <= values.min() < -6.3
                assert values.std() == pytest.approx(6.6 / np.sqrt(3), rel=0.1)
        else:
            np.testing.assert_allclose(values, identity[place], atol=1e-4)


def test_turns_and_zooms_are_drawn_evenly():
    drawn = read_matrices(numbers(RandomAffine(rotation_degrees=30, seed=3)(ramps(400), training=True)))
    angles = np.degrees(np.arctan2(drawn[:, 0, 1], drawn[:, 0, 0]))
    np.testing.assert_allclose(np.linalg.det(drawn[:, :, :2]), 1, atol=1e-4)
    assert np.abs(angles).max() <= 30 + 1e-2 and angles.std() == pytest.approx(30 / np.sqrt(3), rel=0.1)
    drawn = read_matrices(numbers(RandomAffine(zoom=0.2, seed=3)(ramps(400), training=True)))
    tall, wide = drawn[:, 0, 0], drawn[:, 1, 1]
    for factors in (tall, wide):
        assert 0.8 - 1e-4 <= factors.min() < 0.81 and 1.19 < factors.max() <= 1.2 + 1e-4
    assert abs(np.corrcoef(tall, wide)[0, 1]) < 0.15


# The layer among others.


def test_outside_of_training_nothing_changes():
    batch = (pictures(12, 20, 30, 3) * 255).astype(np.uint8)
    layer = RandomAffine(**FULL)
    for same in (layer(batch), layer(batch, training=False)):
        assert numbers(same).dtype == np.float32
        np.testing.assert_array_equal(numbers(same), batch)
    assert np.abs(numbers(layer(batch, training=True)) - batch).mean() > 10


def test_seeds_repeat_bit_for_bit():
    batch = pictures(12, 20, 30, 3)
    first, second, other = (RandomAffine(**FULL, seed=seed) for seed in (1, 1, 2))
    for _ in range(2):
        one, same, different = (numbers(layer(batch, training=True)) for layer in (first, second, other))
        np.testing.assert_array_equal(one, same)
        assert (one != different).any()
    assert (numbers(first(batch, training=True)) != one).any()  # and each batch is another


def test_one_picture_is_a_batch_of_one():
    picture = pictures(20, 30, 3)
    first, second = (RandomAffine(**FULL, seed=1) for _ in range(2))
    alone = numbers(first(picture, training=True))
    assert alone.shape == picture.shape
    np.testing.assert_array_equal(alone, numbers(second(picture[None], training=True))[0])


@pytest.mark.parametrize("batched", [True, False])
def test_in_a_data_pipeline(batched):
    import tensorflow as tf

    images, labels = (pictures(14, 20, 30, 3) * 255).astype(np.uint8), np.arange(14)
    layers = [RandomAffine(**FULL, seed=1) for _ in range(2)]
    dataset = tf.data.Dataset.from_tensor_slices((images, labels))
    dataset = dataset.batch(12) if batched else dataset
    runs = [
        [(x.numpy(), y) for x, y in dataset.map(lambda x, y, layer=layer: (layer(x, training=True), y))]
        for layer in layers
    ]
    assert [len(x) for x, _ in runs[0]] == ([12, 2] if batched else [20] * 14)
    for (one, _), (same, _) in zip(*runs, strict=True):
        assert one.dtype == np.float32 and one.max() > 1
        np.testing.assert_array_equal(one, same)


def test_in_a_model_that_is_trained_saved_and_loaded(tmp_path):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((20, 30, 3)),
            RandomAffine(**FULL, seed=1, name="affine"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(1),
        ]
    )
    assert model.get_layer("affine").output.shape == (None, 20, 30, 3)
    model.compile("sgd", "mse")
    batch = pictures(12, 20, 30, 3)
    model.fit(batch, batch.mean(axis=(1, 2, 3)), batch_size=12, epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(batch, verbose=0), model.predict(batch, verbose=0))
    again, afresh = loaded.get_layer("affine"), RandomAffine(**FULL, seed=1)  # a saved seed starts anew
    np.testing.assert_array_equal(*(numbers(layer(batch, training=True)) for layer in (again, afresh)))


def test_sizes_that_are_not_known_beforehand():
    inputs = keras.Input((None, None, 3))
    model = keras.Model(inputs, RandomAffine(**FULL)(inputs, training=True))
    assert model.output.shape == (None, None, None, 3)
    assert model.predict(pictures(12, 20, 30, 3), verbose=0).shape == (12, 20, 30, 3)


@pytest.mark.parametrize("dtype", ["mixed_float16", "float16", "float64"])
def test_other_types(dtype):
    batch = (pictures(12, 20, 30, 3) * 255).astype(np.uint8)
    layer, usual = RandomAffine(**FULL, seed=1, dtype=dtype), RandomAffine(**FULL, seed=1)
    changed = numbers(layer(batch, training=True))
    assert changed.dtype == layer.compute_dtype == numbers(layer(batch)).dtype
    np.testing.assert_allclose(changed, numbers(usual(batch, training=True)), rtol=1e-3, atol=1e-3)


def test_config_makes_the_same_layer():
    layer = RandomAffine(**FULL, seed=5)
    same = RandomAffine.from_config(layer.get_config())
    assert same.get_config() == layer.get_config()
    assert same.compute_output_shape((None, 8, 9, 3)) == (None, 8, 9, 3)
    batch = pictures(12, 20, 30, 3)
    np.testing.assert_array_equal(*(numbers(one(batch, training=True)) for one in (layer, same)))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rotation_degrees": 181}, "rotation_degrees as a number, 0 to 180, came 181"),
        ({"rotation_degrees": -5}, "came -5"),
        ({"shear_degrees": 90}, "shear_degrees"),
        ({"shift": 1.5}, "shift as a number, 0 to 1"),
        ({"shift": (0.1, 0.1, 0.1)}, r"\(height, width\)"),
        ({"zoom": 1.0}, "zoom"),
        ({"zoom": (0.8, 1.2)}, "zoom"),
        ({"zoom": float("nan")}, "zoom"),
        ({"shift": True}, "came True"),
    ],
)
def test_wrong_ranges_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        RandomAffine(**settings)


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match=r"came the shape \(2, 3\)"):
        RandomAffine()(np.zeros((2, 3)), training=True)
    with pytest.raises(ValueError, match="expected pictures"):
        affine_transform(np.zeros((4, 4, 3)), np.eye(2, 3))
    with pytest.raises(ValueError, match="expected pictures"):
        affine_transform(np.zeros((1, 4, 4, 3)), np.eye(3))


def test_its_first_use_writes_nothing_to_standard_error():
    """XLA greets at its first compilation; in a notebook that would be an output of the cell."""
    code = (
        "from pixvox import backend; backend.load_quietly(); "
        "import numpy as np; from pixvox.augment import RandomAffine; "
        "layer = RandomAffine(rotation_degrees=8, shift=0.1, seed=1); "
        "print(layer(np.zeros((4, 28, 28, 1), np.float32), training=True).shape)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "(4, 28, 28, 1)" in answer.stdout and answer.stderr == ""
