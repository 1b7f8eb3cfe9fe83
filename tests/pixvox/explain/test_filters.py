"""Feature maps are those of prediction, and a filter gets the picture it likes."""

import keras
import numpy as np
import pytest
from keras import layers
from support.spot_net import SIZE, conv_net, pictures, spot_net

from pixvox.explain import forward
from pixvox.explain.filters import feature_maps, maximize_filter


def test_feature_maps_are_those_of_prediction():
    net, x = conv_net(), pictures()
    maps = feature_maps(net, x)
    assert list(maps) == ["flip", "conv1", "norm1", "relu1", "pool1", "conv2"]
    np.testing.assert_array_equal(maps["flip"], x)  # augmentation rests
    watched = keras.Model(net.inputs, net.get_layer("conv2").output)
    np.testing.assert_allclose(maps["conv2"], watched.predict(x, verbose=0), atol=1e-4)


def test_batches_do_not_change_them(monkeypatch):
    whole = feature_maps(conv_net(), pictures(7))
    monkeypatch.setattr(forward, "BATCH_SIZE", 3)
    for name, maps in feature_maps(conv_net(), pictures(7)).items():
        np.testing.assert_allclose(maps, whole[name], rtol=1e-3, atol=1e-4)


def test_a_filter_gets_the_picture_it_likes():
    made = maximize_filter(spot_net(), "red", 0)
    assert made.pictures.shape == (1, *SIZE, 3) and made.after[0] > made.before[0]
    assert made.pictures[0, ..., 0].mean() > 250  # as red as can be
    np.testing.assert_allclose(made.pictures[0, ..., 1:], 127.5, atol=11)  # the rest stays grey
    assert made.pictures.min() >= 0 and made.pictures.max() <= 255


def test_filters_together_are_filters_alone_and_a_dead_one_stays_grey():
    net = conv_net()
    both, alone = (maximize_filter(net, "conv1", asked) for asked in ([3, 1], [1]))
    np.testing.assert_allclose(both.pictures[1], alone.pictures[0], atol=0.5)  # of 255, after 40 steps
    assert (both.after > both.before).all()
    net.get_layer("conv1").set_weights([np.zeros((3, 3, 3, 4), np.float32), np.zeros(4, np.float32)])
    dead = maximize_filter(net, "conv1", [0])
    assert np.isfinite(dead.pictures).all() and dead.before == dead.after == 0


def test_what_has_no_such_maps_is_refused():
    wrong = (("conv1", 4), ("conv1", [-1]), ("conv1", [0.5]), ("conv1", []), ("means", 0))
    for layer, channels in wrong:
        with pytest.raises(ValueError, match="expected filters of"):
            maximize_filter(conv_net(), layer, channels)
    with pytest.raises(ValueError, match="name of one layer of .*'conv1'.*got 'conv9'"):
        maximize_filter(conv_net(), "conv9", 0)
    with pytest.raises(ValueError, match="height, width, channels"):
        feature_maps(keras.Sequential([layers.Input((4,)), layers.Dense(1)]), np.zeros((2, 4)))


def test_two_layers_of_one_name_are_refused_not_mixed_up():
    inner = [
        keras.Sequential([layers.Input((*SIZE, 3)), layers.Conv2D(3, 1, name="conv")], name=name)
        for name in ("first", "second")
    ]
    net = keras.Sequential([layers.Input((*SIZE, 3)), *inner, layers.Flatten(), layers.Dense(1)])
    with pytest.raises(ValueError, match="of different names.*'conv' twice"):
        feature_maps(net, pictures())
