"""Features, streamed: pictures keep their range, and batches give what all at once gives."""

import keras
import numpy as np
import pytest
from keras import layers

from pixvox import features

PICTURES = np.random.default_rng(0).integers(0, 256, (20, 6, 5, 1), dtype=np.uint8)
COLOURED = np.random.default_rng(1).integers(0, 256, (20, 12, 10, 3), dtype=np.uint8)
SIZE = (12, 10)


@pytest.fixture
def model():
    return keras.Sequential(
        [layers.Input((*SIZE, 3)), layers.Conv2D(2, 3, strides=2, activation="relu")], name="tiny"
    )


@pytest.mark.parametrize("pictures", [PICTURES, COLOURED], ids=["grey", "colour"])
def test_enlarged_pictures_are_red_green_blue_and_keep_their_range(pictures):
    large = features.enlarge_pictures(pictures, image_size=(18, 15))
    assert large.shape == (20, 18, 15, 3) and large.dtype == np.float32
    assert 0 <= large.min() and large.max() <= 255
    np.testing.assert_allclose(large.mean((0, 1, 2)), pictures.mean((0, 1, 2)) * np.ones(3), rtol=0.03)
    same = features.enlarge_pictures(pictures, image_size=pictures.shape[1:3])
    assert same.dtype == np.float32
    np.testing.assert_array_equal(same, np.broadcast_to(pictures, same.shape))


def test_flat_colours_stay_what_they_are():
    flat = np.broadcast_to(np.array([10, 120, 250], np.uint8), (2, 6, 5, 3))
    large = features.enlarge_pictures(flat, image_size=SIZE)
    np.testing.assert_allclose(large, np.broadcast_to([10, 120, 250], (2, *SIZE, 3)), atol=1e-3)


@pytest.mark.parametrize("pictures", [PICTURES, COLOURED], ids=["grey", "colour"])
def test_batches_give_what_all_at_once_gives(model, pictures, monkeypatch):
    monkeypatch.setattr(features, "BATCH_SIZE", 3)
    large = features.enlarge_pictures(pictures, image_size=SIZE) / 2
    maps = features.compute_features(model, pictures, image_size=SIZE, preprocess_input=lambda x: x / 2)
    assert maps.shape == (20, 5, 4, 2) and maps.dtype == np.float32
    np.testing.assert_allclose(maps, model.predict(large, verbose=0), rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize(
    "pictures",
    [PICTURES.astype(np.float32), PICTURES[..., 0], np.repeat(PICTURES, 2, axis=-1), PICTURES[:0]],
)
def test_other_pictures_are_refused(model, pictures):
    with pytest.raises(ValueError, match="uint8"):
        features.compute_features(model, pictures, image_size=SIZE, preprocess_input=lambda x: x / 2)
    with pytest.raises(ValueError, match="uint8"):
        features.enlarge_pictures(pictures, image_size=SIZE)


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16", "float64"])
def test_features_are_float32_whatever_the_model_computes_in(model, dtype):
    other = keras.Sequential(
        [layers.Input((*SIZE, 3)), layers.Conv2D(2, 3, strides=2, activation="relu", dtype=dtype)]
    )
    other.set_weights(model.get_weights())
    settings = {"image_size": SIZE, "preprocess_input": lambda x: x / 255}
    found, expected = (features.compute_features(net, COLOURED, **settings) for net in (other, model))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=0.03)


@pytest.mark.parametrize("ending", ["two", "dict"])
def test_a_model_with_several_outputs_is_refused(model, ending):
    (maps,) = model.outputs
    other = keras.Model(model.inputs, {"two": [maps, maps], "dict": {"a": maps}}[ending])
    with pytest.raises(ValueError, match="expected a model with one output"):
        features.compute_features(other, COLOURED, image_size=SIZE, preprocess_input=np.asarray)


def test_features_may_be_vectors(model):
    (maps,) = model.outputs
    settings = {"image_size": SIZE, "preprocess_input": np.asarray}
    flat = keras.Model(model.inputs, layers.GlobalAveragePooling2D()(maps))
    found, expected = (features.compute_features(net, COLOURED, **settings) for net in (flat, model))
    np.testing.assert_allclose(found, expected.mean(axis=(1, 2)), rtol=1e-5)


def test_pictures_without_pixels_are_refused(model):
    with pytest.raises(ValueError, match=r"got uint8 \(20, 0, 10, 3\)"):
        features.compute_features(model, COLOURED[:, :0], image_size=SIZE, preprocess_input=np.asarray)
