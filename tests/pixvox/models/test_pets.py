"""Lesson 05's networks, against counts made by hand; a test of the lesson compares them with its cells."""

import keras
import numpy as np
import pytest

from pixvox.models import pets as models_pets

CONVOLUTIONS = 3 * 3 * 3 * 32 + 32 + 3 * 3 * 32 * 64 + 64 + 3 * 3 * 64 * 128 + 128 + 3 * 3 * 128 * 128 + 128
WEIGHTS = 25 * 3 * 32 + 9 * (32 * 64 + 64 * 64 + 64 * 128 + 128 * 128 + 128 * 192 + 192 * 192)
OURS = WEIGHTS + 4 * (32 + 64 + 64 + 128 + 128 + 192 + 192) + 192 + 1  # normalisation has four a map
SIZE = (48, 64)


def build(name):
    if name == "ours":
        return models_pets.build_pets_better(image_size=SIZE)
    return models_pets.build_pets_net(
        image_size=SIZE,
        augmentation=models_pets.AUGMENTATION if "augmentation" in name else None,
        dropout=0.5 if "dropout" in name else 0.0,
    )


ARMS = ("neither", "augmentation", "dropout", "augmentation and dropout")


def make_pictures(count=32):
    """Pictures of noise, brighter if they are of class 1."""
    labels = np.arange(count) % 2
    noise = np.random.default_rng(0).integers(0, 156, (count, *SIZE, 3))
    return (noise + 100 * labels[:, None, None, None]).astype(np.uint8), labels


def answer(model, images, **options):
    return keras.ops.convert_to_numpy(model(images, **options))


def test_parameters_are_those_counted_by_hand():
    assert models_pets.build_pets_net().count_params() == CONVOLUTIONS + 6_272 * 512 + 512 + 513 == 3_453_121
    assert build("neither").count_params() == CONVOLUTIONS + 1 * 2 * 128 * 512 + 512 + 513
    assert build("ours").count_params() == models_pets.build_pets_better().count_params() == OURS == 835_233


@pytest.mark.parametrize("name", ARMS)
def test_the_remedies_add_their_layers_and_nothing_else(name):
    plain, remedied = build("neither"), build(name)
    assert remedied.count_params() == plain.count_params()
    added = [layer.name for layer in remedied.layers if layer.name in ("augment", "drop")]
    assert added == ["augment"] * ("augmentation" in name) + ["drop"] * ("dropout" in name)
    kept = [layer for layer in remedied.layers if layer.name not in added]
    assert [layer.get_config() for layer in kept] == [layer.get_config() for layer in plain.layers]
    names = " ".join(layer.name for layer in remedied.layers)
    assert ("scale augment conv1" in names) == ("augmentation" in name)
    assert ("flatten drop hidden" in names) == ("dropout" in name)


def test_the_remedies_are_the_posts():
    remedied = build("augmentation and dropout")
    settings = remedied.get_layer("augment").get_config()
    posted = {"rotation_degrees": 40, "shift": [0.2, 0.2], "shear_degrees": 0.2, "zoom": 0.2}
    assert {name: settings[name] for name in posted} == posted and settings["horizontal_flip"] is True
    assert remedied.get_layer("drop").rate == 0.5


@pytest.mark.parametrize("name", [*ARMS, "ours"])
def test_it_learns_answers_in_range_and_is_the_same_when_loaded(name, tmp_path):
    keras.utils.set_random_seed(0)
    images, labels = make_pictures()
    model = build(name)
    model.compile(keras.optimizers.Adam(1e-3), "binary_crossentropy")
    losses = model.fit(images, labels, batch_size=8, epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    probabilities = answer(model, images, training=False)
    assert probabilities.shape == (32, 1) and probabilities.min() >= 0 and probabilities.max() <= 1
    assert np.ptp(probabilities) > 0
    model.save(tmp_path / "pets.keras")
    loaded = keras.models.load_model(tmp_path / "pets.keras")
    np.testing.assert_array_equal(answer(loaded, images, training=False), probabilities)


@pytest.mark.parametrize("name", [*ARMS, "ours"])
def test_pictures_are_changed_in_training_only(name):
    model, (images, _) = build(name), make_pictures(8)
    first = keras.Sequential(model.layers[: [layer.name for layer in model.layers].index("conv1")])
    in_use = answer(first, images, training=False)
    np.testing.assert_allclose(in_use, images / 255, atol=1e-6)
    trained = [answer(first, images, training=True) for _ in range(2)]
    changes = "augm" in name or name == "ours"
    assert np.array_equal(trained[0], in_use) != changes and np.array_equal(*trained) != changes


def test_our_network_changes_the_light_too_and_stays_in_range():
    model, (images, _) = build("ours"), make_pictures(8)
    for name in ("light", "contrast"):
        changed = answer(model.get_layer(name), (images / 255).astype(np.float32), training=True)
        assert changed.min() >= 0 and changed.max() <= 1 and np.abs(changed - images / 255).max() > 0.01


def test_dropout_drops_in_training_only():
    keras.utils.set_random_seed(0)
    drop = build("dropout").get_layer("drop")
    ones = np.ones((4, 2_000), np.float32)
    np.testing.assert_array_equal(answer(drop, ones, training=False), ones)
    dropped = answer(drop, ones, training=True)
    assert np.mean(dropped == 0) == pytest.approx(0.5, abs=0.05)


def test_the_smallest_side_is_the_one_that_is_named():
    smallest = models_pets.build_pets_net(image_size=(46, 46))
    assert smallest.get_layer("pool4").output.shape == (None, 1, 1, 128)
    with pytest.raises(ValueError):
        models_pets.build_pets_net(image_size=(45, 46)).count_params()


def test_ours_keeps_a_place_at_its_smallest_side():
    smallest = models_pets.build_pets_better(image_size=(32, 32))
    assert smallest.get_layer("relu7").output.shape[1:3] == (2, 2)
