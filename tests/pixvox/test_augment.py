"""RandomAffine against SciPy and against transforms known to the pixel."""

import copy
import pickle

import keras
import numpy as np
import pytest
from scipy import ndimage

from pixvox import augment, backend
from pixvox.augment import RandomAffine

SETTINGS = {"rotation_degrees": 40, "shift": (0.2, 0.1), "shear_degrees": 15, "zoom": 0.2}
SETTINGS |= {"horizontal_flip": True}
SHAPE = (12, 21, 31, 3)  # one for most tests: each shape is compiled anew


def pictures(*shape, seed=0):
    return np.random.default_rng(seed).random(shape or SHAPE).astype(np.float32)


def bytes_of(batch):
    return (batch * 255).astype(np.uint8)


def numbers(tensor):
    return keras.ops.convert_to_numpy(tensor)


def ramps(shape=SHAPE):
    """Return pictures whose first two channels tell each pixel's row and column, from the middle."""
    count, height, width, channels = shape
    grid = np.stack(np.mgrid[:height, :width], axis=-1) - (np.array([height, width]) - 1) / 2
    grid = np.concatenate([grid, np.zeros((height, width, channels - 2))], axis=-1)
    return np.repeat(grid[None].astype(np.float32), count, axis=0)


def matrices_of(changed):
    """Return the matrix that made each changed ramp, as its middle shows it: (n, 2, 3)."""
    row, column = changed.shape[1] // 2, changed.shape[2] // 2
    here = changed[:, row, column, :2]
    down, right = changed[:, row + 1, column, :2] - here, changed[:, row, column + 1, :2] - here
    return np.stack([down, right, here], axis=-1)


def by_scipy(picture, matrix):
    """Resample one picture with SciPy: the oracle."""
    middle = (np.array(picture.shape[:2]) - 1) / 2
    linear, offset = matrix[:, :2].astype(float), matrix[:, 2] + middle - matrix[:, :2] @ middle
    channels = [
        ndimage.affine_transform(channel.astype(float), linear, offset, order=1, mode="nearest")
        for channel in np.moveaxis(picture, -1, 0)
    ]
    return np.stack(channels, axis=-1)


@pytest.fixture
def largest(monkeypatch):
    """Return a function that changes pictures by the largest numbers of a layer: all of one sign."""

    def change(batch, sign, **settings):
        monkeypatch.setattr(keras.random, "uniform", lambda shape, *rest: sign * keras.ops.ones(shape))
        return numbers(RandomAffine(**settings)(batch, training=True))

    return change


@pytest.mark.parametrize(
    ("settings", "sign", "expected"),
    [
        ({}, 1, lambda x: x),
        ({"rotation_degrees": 90}, 1, np.rot90),
        ({"rotation_degrees": 90}, -1, lambda x: np.rot90(x, -1)),
        ({"horizontal_flip": True}, 1, lambda x: x),
        ({"horizontal_flip": True}, -1, lambda x: x[:, ::-1]),
        ({"shift": (2 / 9, 0)}, 1, lambda x: np.concatenate([x[2:], x[-1:], x[-1:]])),
        ({"shift": (0, 1 / 9)}, -1, lambda x: np.concatenate([x[:, :1], x[:, :-1]], axis=1)),
        ({"rotation_degrees": 90, "horizontal_flip": True}, -1, lambda x: np.rot90(x, -1)[:, ::-1]),
    ],
)
def test_known_transforms(largest, settings, sign, expected):
    picture = pictures(9, 9, 3)
    np.testing.assert_allclose(largest(picture[None], sign, **settings)[0], expected(picture), atol=2e-5)


def test_a_window_below_one_enlarges(largest):
    ramp = ramps((1, 9, 9, 3))
    np.testing.assert_allclose(largest(ramp, -1, zoom=0.5), ramp / 2, atol=1e-5)


def test_shear_moves_the_lower_rows_to_the_right(largest):
    column = np.zeros((1, 9, 9, 3), np.float32)
    column[:, :, 4] = 1
    leaning = largest(column, 1, shear_degrees=30)[0, :, :, 0]
    centre = (leaning * np.arange(9)).sum(axis=1) / leaning.sum(axis=1)
    np.testing.assert_allclose(np.diff(centre), np.sin(np.radians(30)), atol=1e-3)


def test_pictures_are_resampled_as_scipy_does_it():
    batch = pictures()
    matrices, changed = (
        numbers(RandomAffine(**SETTINGS, seed=3)(given, training=True)) for given in (ramps(), batch)
    )
    assert changed.shape == batch.shape and changed.dtype == np.float32
    for picture, matrix, result in zip(batch, matrices_of(matrices), changed, strict=True):
        np.testing.assert_allclose(result, by_scipy(picture, matrix), atol=1e-3)


def test_without_xla_it_is_the_same(monkeypatch):
    compiled = numbers(RandomAffine(**SETTINGS, seed=1)(pictures(), training=True))
    monkeypatch.setattr(backend, "_has_xla", lambda: False)
    backend.fuse.cache_clear()
    try:
        assert backend.fuse(augment._change) is augment._change
        plain = numbers(RandomAffine(**SETTINGS, seed=1)(pictures(), training=True))
    finally:
        backend.fuse.cache_clear()
    np.testing.assert_allclose(plain, compiled, atol=1e-4)


@pytest.mark.parametrize(
    ("settings", "varying"), [({"shift": (0.2, 0)}, [(0, 2)]), ({"horizontal_flip": True}, [(1, 1)])]
)
def test_each_range_moves_what_it_says_evenly(settings, varying):
    drawn = matrices_of(numbers(RandomAffine(**settings, seed=3)(ramps((400, 33, 33, 2)), training=True)))
    for place in np.ndindex(2, 3):
        values = drawn[:, *place]
        if place not in varying:
            np.testing.assert_allclose(values, np.eye(2, 3)[place], atol=1e-4)
        elif "shift" in settings:  # from -20 % to 20 % of 33 pixels
            assert 6.3 < values.max() <= 6.6 + 1e-4 and -6.6 - 1e-4 <= values.min() < -6.3
            assert values.std() == pytest.approx(6.6 / np.sqrt(3), rel=0.1)
        else:
            assert 0.4 < (values < 0).mean() < 0.6 and np.allclose(np.abs(values), 1, atol=1e-4)


def test_turns_and_zooms_are_drawn_evenly():
    ramp = ramps((400, 33, 33, 2))
    turns, zooms = (
        matrices_of(numbers(layer(ramp, training=True)))
        for layer in (RandomAffine(rotation_degrees=30, seed=3), RandomAffine(zoom=0.2, seed=3))
    )
    angles = np.degrees(np.arctan2(turns[:, 0, 1], turns[:, 0, 0]))
    np.testing.assert_allclose(np.linalg.det(turns[:, :, :2]), 1, atol=1e-4)
    assert np.abs(angles).max() <= 30 + 1e-2 and angles.std() == pytest.approx(30 / np.sqrt(3), rel=0.1)
    tall, wide = zooms[:, 0, 0], zooms[:, 1, 1]
    for factors in (tall, wide):
        assert 0.8 - 1e-4 <= factors.min() < 0.81 and 1.19 < factors.max() <= 1.2 + 1e-4
    assert abs(np.corrcoef(tall, wide)[0, 1]) < 0.15


def test_outside_of_training_nothing_changes():
    batch, layer = bytes_of(pictures()), RandomAffine(**SETTINGS)
    same = numbers(layer(batch))
    assert same.dtype == np.float32
    np.testing.assert_array_equal(same, batch)
    assert np.abs(numbers(layer(batch, training=True)) - batch).mean() > 10


def test_seeds_repeat_bit_for_bit_and_each_batch_is_another():
    first, second, other = (RandomAffine(**SETTINGS, seed=seed) for seed in (1, 1, 2))
    for _ in range(2):
        one, same, different = (numbers(layer(pictures(), training=True)) for layer in (first, second, other))
        np.testing.assert_array_equal(one, same)
        assert (one != different).any()
    assert (numbers(first(pictures(), training=True)) != one).any()


def test_one_picture_is_a_batch_of_one():
    picture = pictures(*SHAPE[1:])
    first, second = (RandomAffine(**SETTINGS, seed=1) for _ in range(2))
    alone = numbers(first(picture, training=True))
    assert alone.shape == picture.shape
    np.testing.assert_array_equal(alone, numbers(second(picture[None], training=True))[0])


def test_in_a_data_pipeline():
    import tensorflow as tf

    dataset = tf.data.Dataset.from_tensor_slices((bytes_of(pictures(14, *SHAPE[1:])), np.arange(14)))
    one, same = (
        [x.numpy() for x, _ in dataset.batch(12).map(lambda x, y, layer=layer: (layer(x, training=True), y))]
        for layer in (RandomAffine(**SETTINGS, seed=1), RandomAffine(**SETTINGS, seed=1))
    )
    assert [len(x) for x in one] == [12, 2] and one[0].dtype == np.float32 and one[0].max() > 1
    np.testing.assert_array_equal(np.concatenate(one), np.concatenate(same))


def test_in_a_model_that_is_trained_saved_and_loaded(tmp_path):
    keras.utils.set_random_seed(0)
    affine = RandomAffine(**SETTINGS, seed=1, name="affine")
    ending = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input(SHAPE[1:]), affine, *ending])
    model.compile("sgd", "mse")
    model.fit(pictures(), pictures().mean(axis=(1, 2, 3)), batch_size=12, epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(*(one.predict(pictures(), verbose=0) for one in (loaded, model)))
    again, afresh = loaded.get_layer("affine"), RandomAffine(**SETTINGS, seed=1)  # a saved seed starts anew
    np.testing.assert_array_equal(*(numbers(layer(pictures(), training=True)) for layer in (again, afresh)))


def test_sizes_that_are_not_known_beforehand():
    inputs = keras.Input((None, None, 3))
    model = keras.Model(inputs, RandomAffine(**SETTINGS)(inputs, training=True))
    assert model.output.shape == (None, None, None, 3)
    assert model.predict(pictures(), verbose=0).shape == SHAPE


@pytest.mark.parametrize("dtype", ["mixed_float16", "float64"])
def test_other_types(dtype):
    batch = bytes_of(pictures())
    layer, usual = RandomAffine(**SETTINGS, seed=1, dtype=dtype), RandomAffine(**SETTINGS, seed=1)
    changed = numbers(layer(batch, training=True))
    assert changed.dtype == layer.compute_dtype == numbers(layer(batch)).dtype
    np.testing.assert_allclose(changed, numbers(usual(batch, training=True)), rtol=1e-3, atol=1e-3)


WRONG = [("rotation_degrees", 181), ("shear_degrees", 90), ("shift", 1.5), ("shift", (0.1, 0.1, 0.1))]


@pytest.mark.parametrize(("name", "value"), [*WRONG, ("zoom", (0.8, 1.2)), ("zoom", float("nan"))])
def test_wrong_ranges_are_refused(name, value):
    with pytest.raises(ValueError, match=f"expected {name} as a number"):
        RandomAffine(**{name: value})


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match="expected pictures"):
        RandomAffine()(np.zeros((2, 3)), training=True)


def trained(**settings):
    """Return a model that begins with the layer, and callbacks' share of a training."""
    ending = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((6, 7, 3)), RandomAffine(**SETTINGS, name="affine"), *ending])
    model.compile("sgd", "mse")
    model.fit(pictures(4, 6, 7, 3), np.zeros(4), verbose=0, **settings)
    return model


COPIES = {
    "clone": keras.models.clone_model,
    "deep copy": copy.deepcopy,
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),
    "text": lambda model: keras.models.model_from_json(model.to_json()),
}


@pytest.mark.parametrize("way", COPIES)
def test_a_model_is_copied_with_all_its_arguments(way):
    model = trained()
    copied = COPIES[way](model).get_layer("affine")
    for name in SETTINGS:
        assert getattr(copied, name) == getattr(model.get_layer("affine"), name), name


def test_its_arguments_are_plain_values():
    config = RandomAffine(**SETTINGS).get_config()
    assert copy.deepcopy(config) == config and config["shift"] == (0.2, 0.1)


@pytest.mark.parametrize("suffix", ["h5", "keras"])
def test_a_checkpoint_is_written_and_loaded(suffix, tmp_path):
    path = tmp_path / f"model.{suffix}"
    model = trained(callbacks=[keras.callbacks.ModelCheckpoint(path)])
    loaded = keras.saving.load_model(path, compile=False)
    np.testing.assert_allclose(*(net.predict(pictures(4, 6, 7, 3), verbose=0) for net in (loaded, model)))
    assert loaded.get_layer("affine").shift == (0.2, 0.1)


def test_numbers_of_numpy_are_numbers():
    layer = RandomAffine(rotation_degrees=np.int64(40), shift=np.array([0.5, 0.25]), seed=np.int64(1))
    usual = RandomAffine(rotation_degrees=40, shift=(0.5, 0.25), seed=1)
    assert layer.get_config() | {"name": ""} == usual.get_config() | {"name": ""}


@pytest.mark.parametrize("value", ["horizontal", None, 0.5])
def test_a_flip_that_is_neither_true_nor_false_is_refused(value):
    with pytest.raises(ValueError, match="expected horizontal_flip as a bool, got"):
        RandomAffine(horizontal_flip=value)


def test_a_batch_of_grey_pictures_without_channels_is_not_one_picture():
    grey = pictures(5, 28, 28)
    with pytest.raises(ValueError, match=r"got \(5, 28, 28\). Grey ones are x\[..., None\]"):
        RandomAffine()(grey, training=True)
    with pytest.raises(ValueError, match=r"got \(None, 28, 28\)"):
        RandomAffine()(keras.Input((28, 28)))
    with pytest.raises(ValueError, match=r"got \(\)"):
        RandomAffine()([pictures(), pictures()], training=True)
    assert RandomAffine(**SETTINGS)(grey[:0, ..., None], training=True).shape == (0, 28, 28, 1)
