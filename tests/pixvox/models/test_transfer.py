"""The small VGGs, built, and as they are committed."""

import keras
import pytest

from pixvox.datasets import imagenet, store
from pixvox.models import transfer as models
from pixvox_sketch.zoo import sets as zoo


def count_by_hand(name):
    depth, total = 3, 0
    for count, width in zip(models.VGG_BLOCKS[name], (8, 16, 32, 64, 64), strict=True):
        for _ in range(count):
            total, depth = total + 3 * 3 * depth * width + width, width
    return total


@pytest.mark.parametrize("name", ["vgg16", "vgg19"])
def test_layers_are_named_as_in_keras_applications(name):
    theirs = getattr(keras.applications, name.upper())(include_top=False, weights=None)
    small = models.build_small_vgg(name)
    assert [layer.name for layer in small.layers[1:]] == [layer.name for layer in theirs.layers[1:]]
    for mine, published in zip(small.layers[1:], theirs.layers[1:], strict=True):
        assert type(mine) is type(published)
        if isinstance(mine, keras.layers.Conv2D):
            assert mine.filters * 8 == published.filters
            assert (mine.kernel_size, mine.padding) == ((3, 3), "same")
            assert mine.activation is keras.activations.relu
    assert small.count_params() == count_by_hand(name)
    assert small.output_shape == (None, 2, 2, 64)


@pytest.mark.parametrize(
    ("name", "shape"), [("vgg13", (64, 64, 3)), ("vgg16", (31, 64, 3)), ("vgg16", (64, 64, 1))]
)
def test_other_networks_and_pictures_are_refused(name, shape):
    with pytest.raises(ValueError, match="expected"):
        models.build_small_vgg(name, input_shape=shape)


@pytest.mark.parametrize("name", ["vgg16", "vgg19"])
def test_the_committed_weights_are_whole_small_and_recorded(name):
    import hashlib
    import json

    path = store.ROOT / "data" / "sample" / "vgg" / f"{name}_notop.weights.h5"
    assert path.stat().st_size < 2_000_000
    assert imagenet.check_file(path).endswith(f"{count_by_hand(name):,} weights")
    record = json.loads(path.with_name(f"{name}_notop.json").read_text(encoding="utf-8"))
    assert record["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record["validation_accuracy"] > 0.8 and record["kinds"] == list(zoo.KINDS)
