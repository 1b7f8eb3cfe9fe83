"""Explanations of small nets whose answer is known: where they look is where the heat must be."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from support.spot_net import SIZE, SPOT, conv_net, pictures, smooth_net, spot_net

from pixvox.explain import forward
from pixvox.explain import heatmaps as explain
from pixvox.explain.filters import feature_maps, maximize_filter
from pixvox.explain.forward import class_scores
from pixvox.explain.scores import deletion_curve, rank_correlation

METHODS = {
    "Grad-CAM": lambda net, x, c=None: explain.grad_cam(net, x, c),
    "by place": lambda net, x, c=None: explain.grad_cam(net, x, c, by_place=True),
    "gradients": lambda net, x, c=None: explain.input_gradients(net, x, c),
    "gradient times input": lambda net, x, c=None: explain.gradient_times_input(net, x, c),
    "on the way": lambda net, x, c=None: explain.gradient_times_input(net, x, c, places=(0.2, 0.8)),
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


@pytest.mark.parametrize("name", ["gradients", "gradient times input", "on the way", "occlusion"])
def test_the_first_class_of_one_unit_is_the_second_turned_round(name):
    for net in (spot_net(), conv_net(), smooth_net()):
        dog, cat = (METHODS[name](net, pictures(), label) for label in (1, 0))
        assert dog.any() and (name == "gradients" or ((dog < 0).any() and (dog > 0).any()))
        np.testing.assert_allclose(dog, cat if name == "gradients" else -cat, rtol=1e-4, atol=1e-6)


def test_gradient_times_input_is_the_formula_worked_out_by_hand():
    x = pictures()
    heat = explain.gradient_times_input(spot_net(), x, 1)
    straight = explain.gradient_times_input(spot_net(), x, 1, places=(0.1, 0.6))
    np.testing.assert_allclose(heat, straight, rtol=1e-6, atol=1e-9)  # the gradient is the same everywhere
    way = x[..., 0] - x.mean(axis=(1, 2))[:, :1, None]
    np.testing.assert_allclose(heat[:, *SPOT], 0.01 * way[:, *SPOT], rtol=1e-3, atol=1e-4)
    net = smooth_net()
    slopes = explain.gradient_times_input(net, x, 1, start=x - 1)  # the gradient, summed over the colours
    shifted = x.copy()
    shifted[:, 4, 7] += 1
    rise = class_scores(net, shifted) - class_scores(net, x)
    np.testing.assert_allclose(slopes[:, 4, 7], rise[:, 1], rtol=0.05, atol=1e-4)


def test_a_start_at_the_pictures_is_no_way_and_one_of_another_shape_is_refused():
    method, net, x = explain.gradient_times_input, conv_net(), pictures()
    assert not method(net, x, start=x).any()
    assert np.array_equal(method(net, x, start=x * 0), method(net, x, start=np.zeros(x.shape, np.uint8)))
    for start in (x[:1], x[:2], x[:, :-1], x[0], x[..., :1], 0, x * np.nan):
        with pytest.raises(ValueError, match="expected (pictures|finite)"):
            method(net, x, start=start)


@pytest.fixture
def policy(request):
    """Let Keras build with a dtype policy, and put back what was."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy(before)


POLICIES = ["mixed_float16", "mixed_bfloat16", "float64"]


def scaled(net, factor, weights=None):
    """Give a net the weights of another; those of the last layer times a factor."""
    net.set_weights(weights or net.get_weights())
    answer = net.get_layer("answer")
    answer.set_weights([factor * numbers for numbers in answer.get_weights()])
    return net


def check_as_in_float32(net, like, name):
    x = pictures()
    found, right = (METHODS[name](one, x, 1) for one in (net, like))
    assert found.dtype == np.float32 and np.isfinite(found).all() and found.any()
    assert (rank_correlation(found, right) > 0.95).all()
    exact = net.layers[1].compute_dtype == "float64"
    np.testing.assert_allclose(found, right, rtol=0, atol=(1e-5 if exact else 0.05) * abs(right).max())


@pytest.mark.parametrize("policy", POLICIES, indirect=True)
@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("ending", ["sigmoid", "logits", "a layer"])
def test_heat_is_the_same_whatever_a_net_computes_in(name, policy, ending):
    head = "sigmoid" if ending == "sigmoid" else None
    net, like = smooth_net(head=head), smooth_net(head=head, dtype="float32")
    assert net.layers[1].compute_dtype == policy.removeprefix("mixed_")
    like.set_weights(net.get_weights())
    if ending == "a layer":
        net = keras.Sequential([layers.Input((*SIZE, 3)), *net.layers, layers.Activation("sigmoid")])
    for factor in (1, 1e-4, 1e10) if ending == "sigmoid" else (1e6,):  # as it is, small scores, large scores
        scaled(net, factor)
        check_as_in_float32(net, scaled(like, factor), name)


@pytest.mark.parametrize("policy", POLICIES, indirect=True)
@pytest.mark.parametrize("units, head", [(1, None), (3, "softmax")])
def test_all_that_is_computed_is_float32_whatever_a_net_computes_in(policy, units, head):
    net, x = smooth_net(units, head), pictures()
    like = smooth_net(units, head, dtype="float32")
    like.set_weights(net.get_weights())
    near = {"rtol": 0.05, "atol": 0.05} if "16" in policy else {"rtol": 1e-4, "atol": 1e-5}
    for name, maps in feature_maps(net, x).items():
        assert maps.dtype == np.float32
        np.testing.assert_allclose(maps, feature_maps(like, x)[name], **near)
    means = keras.Sequential([layers.Input((*SIZE, 3)), layers.GlobalAveragePooling2D()])
    assert class_scores(means, x).dtype == class_scores(net, x).dtype == "float32"
    made, right = (maximize_filter(one, "conv1", [0, 5]) for one in (net, like))
    assert {numbers.dtype for numbers in made} == {np.dtype(np.float32)}
    np.testing.assert_allclose(made.after, right.after, rtol=0.05)
    assert np.array_equal(explain.predict_classes(net, x), explain.predict_classes(like, x))
    heat = explain.occlusion(like, x, window=4, stride=4)
    curves = (deletion_curve(one, x, heat, [0, 1, 0]) for one in (net, like))
    np.testing.assert_allclose(*curves, rtol=0, atol=0.02 if "16" in policy else 1e-5)


@pytest.mark.parametrize("dtype", POLICIES)
@pytest.mark.parametrize("name", METHODS)
def test_heat_is_the_same_whatever_single_layers_compute_in(name, dtype):
    like = smooth_net(3, "softmax")
    net = smooth_net(3, "softmax", dtype=dtype)
    check_as_in_float32(scaled(net, 1, like.get_weights()), like, name)


def test_what_overflows_in_16_bits_is_refused_not_explained():
    net = smooth_net(dtype="mixed_float16")
    net.get_layer("conv1").set_weights([1e6 * weights for weights in net.get_layer("conv1").get_weights()])
    for method in METHODS.values():
        with pytest.raises(ValueError, match="finite scores, got NaN or infinity. Build it in float32"):
            method(net, pictures(), 1)
    inputs = keras.Input((*SIZE, 3))
    steep = keras.Model(inputs, layers.Dense(2)(ops.mean(ops.sqrt(inputs), axis=(1, 2))))
    with pytest.raises(ValueError, match="expected finite gradients"):
        explain.input_gradients(steep, 0 * pictures())


def test_a_class_can_be_any_whole_number():
    net, x = conv_net(), pictures()
    for one in (1.0, True, np.int8(1), [1, 1, 1], np.ones(3), np.ones(3, np.uint8), ops.ones(3, "int32")):
        assert np.array_equal(explain.input_gradients(net, x, one), explain.input_gradients(net, x, 1))
        curve = deletion_curve(net, x, x[..., 0], one)
        assert np.array_equal(curve, deletion_curve(net, x, x[..., 0], 1))
    for wrong in (2, -1, 0.5, np.nan, "dog", [0, 1], [[0], [1], [0]], [0, 1, None], []):
        with pytest.raises(ValueError, match="expected a class from 0 to 1 for each of 3"):
            explain.input_gradients(net, x, wrong)
        with pytest.raises(ValueError, match="expected a class from 0 to 1 for each of 3"):
            deletion_curve(net, x, x[..., 0], wrong)


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


@pytest.mark.parametrize("name", METHODS)
def test_a_net_that_does_not_look_gives_zeros_and_no_complaint(name):
    net = spot_net(weight=0.0)
    with np.errstate(all="raise"):
        heat = METHODS[name](net, pictures(), 1)
    assert not heat.any()


def test_what_cannot_be_explained_is_refused():
    net, x = conv_net(), pictures()
    with pytest.raises(ValueError, match="'relu1'.*got 'relu9'"):
        explain.grad_cam(net, x, layer="relu9")
    with pytest.raises(ValueError, match="expected a layer with maps.*got 'means'"):
        explain.grad_cam(net, x, layer="means")
    flat = keras.Sequential([layers.Input((*SIZE, 3)), layers.Flatten(), layers.Dense(1)])
    with pytest.raises(ValueError, match="expected a layer with maps"):
        explain.grad_cam(flat, x)
    for window, stride in ((13, 1), (4, 5), (4, 0)):
        with pytest.raises(ValueError, match="stride <= window <= 12"):
            explain.occlusion(net, x, window=window, stride=stride)


@pytest.mark.parametrize("window, stride", [(4.0, 2), (4, 2.0), ("4", 2), (None, 2)])
def test_a_window_that_is_no_whole_number_is_refused(window, stride):
    with pytest.raises(ValueError, match="expected 1 <= stride <= window"):
        explain.occlusion(spot_net(), pictures(), window=window, stride=stride)


@pytest.mark.parametrize("layer", [0, ""])
def test_a_layer_without_a_name_is_not_the_last_one(layer):
    with pytest.raises(ValueError, match="expected a layer with maps"):
        explain.grad_cam(spot_net(), pictures(), layer=layer)
