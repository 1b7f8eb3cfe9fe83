"""Features: kept on the disk, found again only for the same inputs, safe against being killed."""

import keras
import numpy as np
import pytest
from keras import layers

from pixvox import features as streamed
from pixvox_studies import features

PICTURES = np.random.default_rng(0).integers(0, 256, (20, 6, 5, 1), dtype=np.uint8)
COLOURED = np.random.default_rng(1).integers(0, 256, (20, 12, 10, 3), dtype=np.uint8)
SIZE = (12, 10)


def half(pictures):
    return pictures / 2


@pytest.fixture(autouse=True)
def small_parts(course, monkeypatch):
    monkeypatch.setattr(features, "PART", 8)
    monkeypatch.setattr(streamed, "BATCH_SIZE", 3)


def build_model(seed=0, activation="relu"):
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [layers.Input((*SIZE, 3)), layers.Conv2D(2, 3, strides=2, activation=activation)], name="tiny"
    )


@pytest.fixture
def model():
    return build_model()


def compute(model, pictures=PICTURES, image_size=SIZE, preprocess_input=half):
    return features.cached_features(model, pictures, image_size=image_size, preprocess_input=preprocess_input)


@pytest.fixture
def counted(monkeypatch):
    """The number of pictures in each computation."""
    counts = []

    def count(model, pictures, **settings):
        counts.append(len(pictures))
        return honest(model, pictures, **settings)

    honest = features.compute_features
    monkeypatch.setattr(features, "compute_features", count)
    return counts


@pytest.mark.parametrize("pictures", [PICTURES, COLOURED], ids=["grey", "colour"])
def test_parts_give_what_all_at_once_gives(model, pictures):
    maps = streamed.compute_features(model, pictures, image_size=SIZE, preprocess_input=half)
    np.testing.assert_allclose(compute(model, pictures=pictures).maps, maps, rtol=1e-4, atol=1e-3)


def test_a_second_call_reads_what_the_first_kept_and_knows_its_cost(model, counted):
    first, second = compute(model), compute(model)
    assert counted == [8, 8, 4]
    np.testing.assert_array_equal(first.maps, second.maps)
    assert first.maps.dtype == second.maps.dtype
    assert first.cpu_seconds == second.cpu_seconds > 0


def test_an_equal_model_finds_them_and_any_other_input_does_not(model, counted):
    compute(model)
    compute(build_model())  # the same layers and weights, another object
    assert sum(counted) == 20
    changed = PICTURES.copy()
    changed[-1, 0, 0, 0] ^= 1
    compute(model, pictures=changed)
    assert sum(counted) == 24  # the last part only
    compute(model, pictures=PICTURES[:, :, ::-1])  # mirrored
    compute(model, preprocess_input=lambda pictures: pictures / 4)
    compute(model, preprocess_input=lambda pictures: pictures[..., ::-1] / 2)  # red and blue swapped
    compute(build_model(seed=1))
    compute(build_model(activation="tanh"))
    assert sum(counted) == 124


def test_a_killed_run_goes_on_with_the_part_it_was_at(model, counted, monkeypatch):
    honest = features.compute_features

    def killed(model, pictures, **settings):
        if len(counted) == 1:
            raise KeyboardInterrupt
        return honest(model, pictures, **settings)

    with monkeypatch.context() as patch:
        patch.setattr(features, "compute_features", killed)
        with pytest.raises(KeyboardInterrupt):
            compute(model)
    counted.clear()
    whole = features.compute_features(model, PICTURES, image_size=SIZE, preprocess_input=half)
    np.testing.assert_allclose(compute(model).maps, whole, atol=1e-5)
    assert counted == [20, 8, 4]


def test_where_nothing_can_be_written_features_are_computed_all_the_same(model, counted, tmp_path, capsys):
    (tmp_path / "build").write_bytes(b"a file where the folder should be")
    np.testing.assert_array_equal(compute(model).maps, compute(model).maps)
    assert counted == [8, 8, 4] * 2 and "features" in capsys.readouterr().out


@pytest.mark.parametrize(
    "pictures",
    [PICTURES.astype(np.float32), PICTURES[..., 0], np.repeat(PICTURES, 2, axis=-1), PICTURES[:0]],
)
def test_other_pictures_are_refused(model, pictures):
    with pytest.raises(ValueError, match="uint8"):
        compute(model, pictures=pictures)


def wire(from_start):
    """Return a model that adds to its last maps those of the start or of the middle."""
    inputs = keras.Input((*SIZE, 3))
    middle, last = (
        layers.Conv2D(3, 3, padding="same", kernel_initializer=kind) for kind in ("ones", "zeros")
    )
    maps = middle(inputs)
    return keras.Model(inputs, layers.Add()([last(maps), inputs if from_start else maps]))


def test_features_of_a_model_that_is_wired_otherwise_are_others(counted):
    for from_start in (True, False, True):
        model = wire(from_start)
        expected = streamed.compute_features(model, PICTURES, image_size=SIZE, preprocess_input=half)
        np.testing.assert_array_equal(compute(model).maps, expected)
    assert len(counted) == 2 * 3  # the third has other names, and is found


def test_features_in_sixteen_bits_are_found_again(counted):
    maps = [
        compute(
            keras.Sequential(
                [layers.Input((*SIZE, 3)), layers.Conv2D(2, 3, kernel_initializer="ones", dtype=kind)]
            )
        ).maps
        for kind in 2 * ["mixed_bfloat16"]
    ]
    assert maps[1].dtype == np.float32 and len(counted) == 3
    np.testing.assert_array_equal(*maps)
