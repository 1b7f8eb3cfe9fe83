"""Explanations of small nets whose answer is known: where they look is where the heat must be."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from support.spot_net import SIZE, SPOT, conv_net, pictures, spot_net

from pixvox.explain import forward
from pixvox.explain import heatmaps as explain
from pixvox.explain.filters import feature_maps, maximize_filter
from pixvox.explain.scores import deletion_curve

METHODS = {
    "Grad-CAM": lambda net, x, c=None: explain.grad_cam(net, x, c),
    "by place": lambda net, x, c=None: explain.grad_cam(net, x, c, by_place=True),
    "gradients": lambda net, x, c=None: explain.input_gradients(net, x, c),
    "integrated": lambda net, x, c=None: explain.integrated_gradients(net, x, c),
    "occlusion": lambda net, x, c=None: explain.occlusion(net, x, c, window=4, stride=3),
}


@pytest.mark.parametrize("head", ["sigmoid", "softmax", "logits"])
@pytest.mark.parametrize("name", ["by place", "gradients"])
def test_the_heat_is_where_the_net_looks_and_nowhere_else(name, head):
    heat = METHODS[name](spot_net(head), pictures(), 1)
    there = np.zeros(SIZE, bool)
    there[SPOT] = True
    assert heat.shape == (3, *SIZE) and heat.dtype == np.float32
    assert (heat[:, there] > 0).all() and (heat[:, ~there] == 0).all()


@pytest.mark.parametrize("head", ["sigmoid", "softmax", "logits"])
def test_occlusion_is_hottest_in_the_middle_of_the_patch_and_nothing_far_away(head):
    x = np.full((2, *SIZE, 3), 10, np.float32)
    x[:, *SPOT] = 200
    heat = explain.occlusion(spot_net(head), x, 1, window=3, stride=1)
    assert np.unravel_index(heat[1].argmax(), SIZE) == (3, 10)
    assert np.allclose(heat[:, :, :7], 0, atol=1e-5) and np.allclose(heat[:, 7:], 0, atol=1e-5)
    fall = 9 * 0.01 * (200 - x[0].mean(axis=(0, 1))[0]) / (2 if head == "softmax" else 1)
    assert heat.max() < fall  # the mean over all squares that cover a pixel
    whole = explain.occlusion(spot_net(head), x, 1, window=12, stride=12)
    assert np.isclose(whole[0, 0, 15], fall, rtol=1e-4)  # the last square, at the edge, covers the patch
    assert np.allclose(whole[0, :, 4:12], fall, rtol=1e-4)  # and so does the first


def test_gradients_are_the_weights():
    assert np.allclose(explain.input_gradients(spot_net(), pictures(), 1)[:, *SPOT], 0.01)


def test_integrated_gradients_of_a_straight_net_are_weight_times_way_and_add_up_for_any():
    x = pictures()
    way = x[..., 0] - x.mean(axis=(1, 2))[:, :1, None]
    heat = explain.integrated_gradients(spot_net(), x, 1, steps=1)
    assert np.allclose(heat[:, *SPOT], 0.01 * way[:, *SPOT], atol=1e-4) and not heat[:, 6:].any()
    net = conv_net()
    start = np.broadcast_to(x.mean(axis=(1, 2), keepdims=True), x.shape)
    ends = (ops.convert_to_numpy(forward.class_scores(net, p))[:, 1] for p in (x, start))
    rise = np.subtract(*ends)
    heat = explain.integrated_gradients(net, x, 1, steps=64)
    assert np.allclose(heat.sum(axis=(1, 2)), rise, rtol=0.05, atol=0.5)
    with pytest.raises(ValueError, match="one step or more"):
        explain.integrated_gradients(net, x, steps=0)


def test_grad_cam_is_the_formula_worked_out_by_hand():
    net, x = spot_net(), pictures()
    maps = x[..., 0]
    weight = 0.01 * 9 / (12 * 16)  # the mean gradient over the map
    assert np.allclose(explain.grad_cam(net, x, 1), weight * maps, rtol=1e-4)
    assert not explain.grad_cam(net, x, 0).any()  # the class cat is minus the logit: nothing speaks for it


def test_grad_cam_is_enlarged_to_the_picture():
    net = conv_net()
    small = explain.grad_cam(net, pictures(), 1)
    assert small.shape == (3, *SIZE)
    maps = feature_maps(net, pictures())["conv2"]
    weights = net.get_layer("answer").get_weights()[0][:, 0] / (maps.shape[1] * maps.shape[2])
    by_hand = np.maximum(maps @ weights, 0)[..., None]
    large = ops.convert_to_numpy(ops.image.resize(by_hand, SIZE, interpolation="bilinear"))[..., 0]
    assert small.any() and np.allclose(small, large, rtol=1e-3, atol=1e-7)
    earlier = explain.grad_cam(net, pictures(), 1, layer="relu1")
    assert earlier.shape == (3, *SIZE) and not np.allclose(earlier, small)


@pytest.mark.parametrize("name", METHODS)
def test_a_saturated_sigmoid_is_explained_as_its_logit_is(name):
    sure, calm = spot_net("sigmoid", weight=1.0), spot_net("logits", weight=1.0)
    assert float(ops.convert_to_numpy(sure(pictures()))[0, 0]) == 1  # no gradient is left behind it
    heat = METHODS[name](sure, pictures(), 1)
    assert heat.any() and np.allclose(heat, METHODS[name](calm, pictures(), 1))


def test_the_first_class_of_one_unit_is_the_second_turned_round():
    net = spot_net()
    for method in ("gradients", "occlusion"):
        dog, cat = (METHODS[method](net, pictures(), label) for label in (1, 0))
        assert np.allclose(dog, cat if method == "gradients" else -cat)


@pytest.mark.parametrize("name", METHODS)
def test_by_default_the_class_is_what_the_model_says(name):
    net = conv_net(units=4, head="softmax")
    said = ops.convert_to_numpy(net(pictures(8), training=False)).argmax(axis=1)
    assert np.array_equal(explain.predict_classes(net, pictures(8)), said)
    assert np.array_equal(METHODS[name](net, pictures(8)), METHODS[name](net, pictures(8), said))


def test_a_class_for_each_picture():
    net = conv_net(units=3, head="softmax")
    mixed = explain.grad_cam(net, pictures(), [2, 0, 1])
    for place, label in enumerate((2, 0, 1)):
        alone = explain.grad_cam(net, pictures()[place : place + 1], label)
        assert np.allclose(mixed[place], alone[0], atol=1e-6)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("functional", [False, True])
def test_a_model_inside_a_model_is_explained_as_one_without(name, functional):
    flat = conv_net(units=3, head="softmax")
    nested = conv_net(units=3, head="softmax", inside=True, functional=functional)
    nested.set_weights(flat.get_weights())
    assert np.allclose(METHODS[name](nested, pictures()), METHODS[name](flat, pictures()), atol=1e-6)
    assert list(feature_maps(nested, pictures())) == list(feature_maps(flat, pictures()))


@pytest.mark.parametrize("name", METHODS)
def test_batches_do_not_change_the_answer(name, monkeypatch):
    net, x = conv_net(), pictures(7)
    at_once = METHODS[name](net, x)
    monkeypatch.setattr(forward, "BATCH_SIZE", 3)
    assert np.allclose(METHODS[name](net, x), at_once, rtol=1e-3, atol=1e-4)


def state(net):
    """All of a model that an explanation might change."""
    return {
        "weights": [weights.copy() for weights in net.get_weights()],
        "layers": [id(layer) for layer in net.layers],
        "nodes": [len(layer._inbound_nodes) for layer in net.layers],
        "trainable": [layer.trainable for layer in net.layers],
        "activations": [getattr(layer, "activation", None) for layer in net.layers],
        "config": str(net.get_config()),
        "compiled": net.compiled,
        "optimizer": id(net.optimizer),
        "steps": int(net.optimizer.iterations),
        "answers": ops.convert_to_numpy(net(pictures(), training=False)),
        "seeds": [
            ops.convert_to_numpy(generator.state).tolist()
            for generator in (net.get_layer("flip").generator, net.get_layer("drop").seed_generator)
        ],
    }


def test_the_model_is_unchanged_afterwards():
    net = conv_net()
    net.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    net.get_layer("conv1").trainable = False
    net.fit(pictures(6), np.array([0, 1] * 3), verbose=0)
    before = state(net)
    heats = [method(net, pictures(), 1) for method in METHODS.values()]
    feature_maps(net, pictures())
    maximize_filter(net, "norm1", [0, 1])
    deletion_curve(net, pictures(), heats[0], [1, 1, 1])
    after = state(net)
    for name in before:
        if name in ("weights", "answers"):
            assert all(map(np.array_equal, before[name], after[name])), name
        else:
            assert before[name] == after[name], name
    assert net.layers[0].output is not None  # one node a layer, so Keras still knows it
    net.fit(pictures(6), np.array([0, 1] * 3), verbose=0)


@pytest.mark.parametrize("name", ["Grad-CAM", "by place", "gradients", "integrated"])
def test_a_net_that_does_not_look_gives_zeros_and_no_complaint(name):
    net = spot_net(weight=0.0)
    with np.errstate(all="raise"):
        heat = METHODS[name](net, pictures(), 1)
        scaled = explain.scale_heatmaps(heat)
    assert not heat.any() and not scaled.any() and np.isfinite(scaled).all()


def test_scaled_maps_go_from_zero_to_one():
    maps = np.array([[[-1.0, 2], [4, 0]], [[0, 0], [0, 0]], [[-1, -2], [-3, -4]]])
    assert explain.scale_heatmaps(maps).tolist() == [[[0, 0.5], [1, 0]], [[0, 0], [0, 0]], [[0, 0], [0, 0]]]


def test_what_cannot_be_explained_is_refused():
    net, x = conv_net(), pictures()
    with pytest.raises(ValueError, match=r"image\[None\]"):
        explain.grad_cam(net, x[0])
    with pytest.raises(ValueError, match="'relu1'.*got 'relu9'"):
        explain.grad_cam(net, x, layer="relu9")
    with pytest.raises(ValueError, match="expected a layer with maps.*got 'means'"):
        explain.grad_cam(net, x, layer="means")
    flat = keras.Sequential([layers.Input((*SIZE, 3)), layers.Flatten(), layers.Dense(1)])
    with pytest.raises(ValueError, match="expected a layer with maps"):
        explain.grad_cam(flat, x)
    for wrong in (2, -1, [0, 1]):
        with pytest.raises(ValueError, match="expected a class from 0 to 1 for each of 3"):
            explain.input_gradients(net, x, wrong)
    for window, stride in ((13, 1), (4, 5), (4, 0)):
        with pytest.raises(ValueError, match="stride <= window <= 12"):
            explain.occlusion(net, x, window=window, stride=stride)
