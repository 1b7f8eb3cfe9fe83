"""The networks for cats and dogs, against counts made by hand."""

import keras
import numpy as np
import pytest
from support.learning import check_learns

from pixvox.models import pets

CONVOLUTIONS = 3 * 3 * 3 * 32 + 32 + 3 * 3 * 32 * 64 + 64 + 3 * 3 * 64 * 128 + 128 + 3 * 3 * 128 * 128 + 128
WEIGHTS = 25 * 3 * 32 + 9 * (32 * 64 + 64 * 64 + 64 * 128 + 128 * 128 + 128 * 192 + 192 * 192)
OURS = WEIGHTS + 4 * (32 + 64 + 64 + 128 + 128 + 192 + 192) + 192 + 1  # normalisation has four a map
SIZE = (48, 64)
NETWORKS = {
    "neither": lambda: pets.build_pets_net(image_size=SIZE),
    "both": lambda: pets.build_pets_net(image_size=SIZE, augmentation=pets.MILD_AUGMENTATION, dropout=0.5),
    "ours": lambda: pets.build_pets_better(image_size=SIZE, colours=True),
}


def make_pictures(count):
    """Pictures of noise, brighter if they are of class 1."""
    labels = np.arange(count) % 2
    noise = np.random.default_rng(0).integers(0, 156, (count, *SIZE, 3))
    return (noise + 100 * labels[:, None, None, None]).astype(np.uint8), labels


def answer(model, images, **options):
    return keras.ops.convert_to_numpy(model(images, **options))


def test_parameters_are_those_counted_by_hand():
    assert pets.build_pets_net().count_params() == CONVOLUTIONS + 6_272 * 512 + 512 + 513 == 3_453_121
    assert NETWORKS["neither"]().count_params() == CONVOLUTIONS + 1 * 2 * 128 * 512 + 512 + 513
    averaging = pets.build_pets_net(image_size=SIZE, head="averaging")
    assert averaging.count_params() == CONVOLUTIONS + 129 == 240_961
    assert NETWORKS["ours"]().count_params() == pets.build_pets_better().count_params() == OURS == 835_233


def test_the_remedies_add_their_layers_in_their_places_and_nothing_else():
    plain, remedied = NETWORKS["neither"](), NETWORKS["both"]()
    kept = [layer for layer in remedied.layers if layer.name not in ("augment", "drop")]
    assert [layer.get_config() for layer in kept] == [layer.get_config() for layer in plain.layers]
    names = " ".join(layer.name for layer in remedied.layers)
    assert "scale augment conv1" in names and "flatten drop hidden" in names


def test_the_remedies_are_as_strong_as_is_asked_for():
    settings = NETWORKS["both"]().get_layer("augment").get_config()
    asked = pets.MILD_AUGMENTATION | {"shift": (0.1, 0.1), "shear_degrees": 0}
    assert {name: settings[name] for name in asked} == asked
    assert NETWORKS["both"]().get_layer("drop").rate == 0.5


@pytest.mark.parametrize("name", ["both", "ours"])
def test_it_learns_and_is_the_same_when_loaded(name, tmp_path):
    keras.utils.set_random_seed(0)
    check_learns(NETWORKS[name](), *make_pictures(16), tmp_path)


@pytest.mark.parametrize("name", NETWORKS)
def test_pictures_are_changed_in_training_only(name):
    model, (images, _) = NETWORKS[name](), make_pictures(8)
    first = keras.Sequential(model.layers[: [layer.name for layer in model.layers].index("conv1")])
    in_use = answer(first, images, training=False)
    np.testing.assert_allclose(in_use, images / 255, atol=1e-6)
    trained = [answer(first, images, training=True) for _ in range(2)]
    assert np.array_equal(trained[0], in_use) == np.array_equal(*trained) == (name == "neither")


def test_our_network_changes_the_light_too_and_stays_in_range():
    model, (images, _) = NETWORKS["ours"](), make_pictures(8)
    for name in ("light", "contrast", "grey", "saturation", "hue"):
        changed = answer(model.get_layer(name), (images / 255).astype(np.float32), training=True)
        assert changed.min() >= 0 and changed.max() <= 1 and np.abs(changed - images / 255).max() > 0.01


def test_changes_come_only_where_they_are_asked_for():
    names = [layer.name for layer in pets.build_pets_net(image_size=SIZE, light=True).layers]
    assert names[:4] == ["scale", "light", "contrast", "conv1"]
    plain = pets.build_pets_better(image_size=SIZE, augmentation=None, light=False)
    assert [layer.name for layer in plain.layers][:2] == ["scale", "conv1"]
    milder = [layer.name for layer in pets.build_pets_better(image_size=SIZE).layers]
    assert milder[:5] == ["scale", "augment", "light", "contrast", "conv1"]


def test_the_smallest_sides_are_those_that_are_named():
    smallest = pets.build_pets_net(image_size=(46, 46))
    assert smallest.get_layer("pool4").output.shape == (None, 1, 1, 128)
    with pytest.raises(ValueError):
        pets.build_pets_net(image_size=(45, 46)).count_params()
    assert pets.build_pets_better(image_size=(32, 32)).get_layer("relu7").output.shape[1:3] == (2, 2)


def test_a_head_of_another_name_is_refused():
    with pytest.raises(ValueError, match="expected the head 'dense' or 'averaging', got 'average'"):
        pets.build_pets_net(image_size=SIZE, head="average")
