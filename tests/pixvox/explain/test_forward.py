"""What a model answers before its last squeeze, against weights multiplied by hand."""

import ast
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops
from support.spot_net import SIZE, branched_net, conv_net, pictures, spot_net

from pixvox import explain
from pixvox.explain import heatmaps
from pixvox.explain.filters import feature_maps, maximize_filter
from pixvox.explain.forward import class_probabilities, class_scores, find_layer, forward
from pixvox.explain.scores import deletion_curve

OF_PICTURES = {
    "feature_maps": feature_maps,
    "grad_cam": heatmaps.grad_cam,
    "input_gradients": heatmaps.input_gradients,
    "gradient_times_input": heatmaps.gradient_times_input,
    "on the way": lambda net, x: heatmaps.gradient_times_input(net, x, places=(0.2, 0.8)),
    "occlusion": lambda net, x: heatmaps.occlusion(net, x, window=4, stride=4),
    "predict_classes": heatmaps.predict_classes,
    "deletion_curve": lambda net, x: deletion_curve(net, x, np.zeros(np.shape(x)[:3]), 0),
}
PUBLIC = OF_PICTURES | {"maximize_filter": lambda net, x: maximize_filter(net, "conv1", 0)}

ASK_KERAS = """
pixvox.explain leans on one private name of Keras: keras.Model._run_through_graph(inputs, operation_fn=...).
It runs a functional model layer by layer (src/pixvox/explain/forward.py, `_run`): what a layer gives is seen
or changed on its way to the next, in a model that stays as it is. This Keras, {}, {}.
Look at keras/src/ops/function.py, class Function, for what does this now, and who calls it. A public way,
twice as slow: keras.models.clone_model(model, clone_function=lambda layer: layer, call_function=...), where
the function calls a keras.Operation that calls the layer.
"""


def test_the_one_private_name_of_keras_does_what_is_needed():
    net, x, ran = branched_net(ops.softmax), pictures(), []

    def watched(operation):
        def call(*args, **kwargs):
            ran.append(operation)
            return operation(*args, **kwargs)

        return call

    run = getattr(net, "_run_through_graph", None)
    assert run, ASK_KERAS.format(keras.__version__, "has no such name")
    try:
        answer = run(ops.convert_to_tensor(x), operation_fn=watched)
    except TypeError as error:
        pytest.fail(ASK_KERAS.format(keras.__version__, f"takes other arguments: {error}"))
    changed = ASK_KERAS.format(keras.__version__, "has the name, and does something else")
    assert ran == net.operations[1:], changed  # once each, in their order; all but the input
    np.testing.assert_allclose(answer, net(x), atol=1e-6, err_msg=changed)


def test_no_other_private_name_of_keras_is_used():
    used = set()
    for path in Path(explain.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            words = [getattr(node, "attr", ""), getattr(node, "value", "")]
            words += [alias.name for alias in getattr(node, "names", []) if isinstance(alias, ast.alias)]
            used |= {word for word in words if isinstance(word, str) and word.startswith("_")}
    assert used - {"_v2"} == {"_run_through_graph", "__module__", "__name__"}  # tf.nn.softmax is "softmax_v2"


@pytest.mark.parametrize(
    "last",
    [layers.Softmax(), layers.Activation("softmax"), layers.Activation("linear"), layers.Lambda(ops.softmax)],
)
def test_activation_layers_as_heads_are_squeezes_too(last):
    net = keras.Sequential([layers.Input((*SIZE, 3)), layers.Flatten(), layers.Dense(2, name="logits"), last])
    kernel, bias = net.get_layer("logits").get_weights()
    logits = ops.convert_to_numpy(class_scores(net, pictures()))
    np.testing.assert_allclose(logits, pictures().reshape(3, -1) @ kernel + bias, atol=1e-2)


@pytest.mark.parametrize("units, head", [(1, "sigmoid"), (3, "softmax"), (3, "sigmoid")])
def test_probabilities_are_the_models_own(units, head):
    net = conv_net(units, head)
    own = ops.convert_to_numpy(net(pictures(), training=False))
    own = np.concatenate([1 - own, own], axis=1) if units == 1 else own
    np.testing.assert_allclose(class_probabilities(net, pictures()), own, atol=1e-6)


@pytest.mark.parametrize("units, squeeze", [(1, "sigmoid"), (3, "softmax")])
def test_probabilities_of_logits_are_squeezed(units, squeeze):
    given = (class_probabilities(conv_net(units, head), pictures()) for head in (None, squeeze))
    np.testing.assert_allclose(*given, atol=1e-6)


SQUEEZES = {
    "none": None,
    "softmax": ops.softmax,
    "sigmoid": ops.sigmoid,
    "softmax of activations": keras.activations.softmax,
    "a layer": layers.Softmax(),
    "a Dense with a layer's softmax": layers.Dense(3, activation=layers.Softmax()),
    "a Dense with TensorFlow's": layers.Dense(3, activation=tf.nn.softmax),
}


@pytest.mark.parametrize("name", SQUEEZES)
def test_a_branch_an_add_and_any_squeeze_at_the_end(name):
    net, x = branched_net(SQUEEZES[name]), pictures()
    left, right, dense = (net.get_layer(name).get_weights() for name in ("left", "right", "logits"))
    maps = ops.relu(ops.conv(x, left[0], padding="same") + left[1]) + ops.matmul(x, right[0][0, 0]) + right[1]
    logits = ops.convert_to_numpy(ops.mean(maps, axis=(1, 2))) @ dense[0] + dense[1]
    if "Dense" in name:
        logits = logits @ net.layers[-1].get_weights()[0]
    np.testing.assert_allclose(class_scores(net, x), logits, rtol=1e-3, atol=1e-3)
    own = ops.softmax(net(x)) if name == "none" else net(x)
    np.testing.assert_allclose(class_probabilities(net, x), own, atol=1e-5)


def test_an_answer_in_a_list_or_a_dict_is_the_answer():
    flat, x = branched_net(ops.softmax), pictures()
    for outputs in ([flat.output], {"class": flat.output}):
        net = keras.Model({"picture": flat.input}, outputs)
        np.testing.assert_array_equal(class_scores(net, x), class_scores(flat, x))
        np.testing.assert_array_equal(heatmaps.grad_cam(net, x), heatmaps.grad_cam(flat, x))


@pytest.mark.parametrize("by_name", [False, True])
def test_a_model_two_models_deep_is_run_as_one_without(by_name):
    inner, x = branched_net(), pictures()
    middle = keras.Sequential([layers.Input((*SIZE, 3)), inner, layers.Softmax()])
    inputs = keras.Input((*SIZE, 3))
    outer = keras.Model(inputs, middle(inputs=inputs) if by_name else middle(inputs))
    np.testing.assert_array_equal(class_scores(outer, x), class_scores(inner, x))
    np.testing.assert_array_equal(heatmaps.grad_cam(outer, x), heatmaps.grad_cam(inner, x))
    assert list(feature_maps(outer, x))[1:] == list(feature_maps(inner, x))[1:]


def test_steps_of_keras_ops_have_maps_too():
    inputs = keras.Input((*SIZE, 3))
    first, second = ops.split(layers.Conv2D(4, 3, name="conv1")(inputs), 2, axis=-1)
    maps = ops.multiply(first, ops.sigmoid(second))
    net = keras.Model(inputs, layers.Dense(2)(ops.mean(maps, axis=(1, 2))))
    heat = heatmaps.grad_cam(net, pictures(), 0)  # of the last maps, which a step of keras.ops gives
    found = list(feature_maps(net, pictures()).values())[-1]
    weights = net.layers[-1].get_weights()[0][:, 0] / (found.shape[1] * found.shape[2])
    by_hand = ops.image.resize(np.maximum(found @ weights, 0)[..., None], SIZE)[..., 0]
    assert heat.any()
    np.testing.assert_allclose(heat, by_hand, rtol=1e-3, atol=1e-5)


class Noisy(layers.Layer):
    """A layer that says nothing of training, with layers inside that rest only if they are told."""

    def __init__(self):
        super().__init__()
        self.flip, self.bright = layers.RandomFlip(), layers.RandomBrightness(1.0)

    def call(self, inputs):
        return self.bright(self.flip(inputs))


@pytest.mark.parametrize("first", [Noisy(), layers.RandomTranslation(0.5, 0.5), layers.RandomContrast(0.9)])
def test_what_only_trains_rests(first):
    plain = spot_net()
    net = keras.Sequential([layers.Input((*SIZE, 3)), first, layers.Dropout(0.9), *plain.layers])
    np.testing.assert_array_equal(class_scores(net, pictures()), class_scores(plain, pictures()))


def test_a_shared_layer_runs_twice_but_not_at_the_end():
    inputs = keras.Input((*SIZE, 3))
    twice = layers.Conv2D(3, 3, padding="same", name="conv1")
    logits = layers.Dense(2, name="logits")(layers.Flatten()(twice(twice(inputs))))
    before = keras.Model(inputs, layers.Softmax()(logits))
    watched = keras.Model(inputs, logits)
    np.testing.assert_allclose(class_scores(before, pictures()), watched(pictures()), atol=1e-3)
    squeeze, dense = layers.Activation("sigmoid"), layers.Dense(3)
    for output in (
        squeeze(layers.Dense(2)(layers.Flatten()(squeeze(inputs)))),
        dense(ops.relu(dense(ops.mean(inputs, axis=(1, 2))))),
        inputs,
    ):
        with pytest.raises(ValueError, match="a last layer that is used once"):
            class_scores(keras.Model(inputs, output), pictures())


class Own(keras.Model):
    """A model whose layers Keras does not know the order of."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2)

    def call(self, inputs):
        return self.dense(ops.mean(inputs, axis=(1, 2)))


class Turned(keras.Sequential):
    """A Sequential that does something else than its layers one after the other."""

    def call(self, inputs, training=None, mask=None):
        return -super().call(inputs, training=training)


def two(inputs=1, outputs=1):
    ends = [keras.Input((*SIZE, 3)) for _ in range(inputs)]
    maps = layers.Conv2D(2, 1, name="conv1")(layers.Concatenate()(ends) if inputs > 1 else ends[0])
    means = layers.GlobalAveragePooling2D()(maps)
    return keras.Model(ends, [layers.Dense(2)(means) for _ in range(outputs)])


def built_by_a_call():
    net = Own()
    net(pictures())
    return net


REFUSED = {
    "no model": (lambda: lambda x: x, "Build it with an Input first"),
    "subclassed": (built_by_a_call, "expected a Sequential or functional Keras model.*got Own"),
    "with a call of its own": (
        lambda: Turned([layers.Input((*SIZE, 3)), *conv_net().layers]),
        "functional Keras model.*got Turned",
    ),
    "unbuilt": (
        lambda: keras.Sequential([layers.Conv2D(2, 1, name="conv1")]),
        "Build it with an Input first",
    ),
    "two inputs": (lambda: two(inputs=2), "one input and one output, got 2 and 1. Take a part: keras.Model"),
    "two outputs": (
        lambda: two(outputs=2),
        "one input and one output, got 1 and 2. Take a part: keras.Model",
    ),
}


@pytest.mark.parametrize("function", PUBLIC)
@pytest.mark.parametrize("name", REFUSED)
def test_models_that_cannot_be_explained_are_refused(name, function):
    build, message = REFUSED[name]
    with pytest.raises(ValueError, match=message):
        PUBLIC[function](build(), pictures())


PICTURES = {
    "another size": (pictures()[:, :-1], r"\(12, 16, 3\), got \(3, 11, 16, 3\).*resize"),
    "turned": (pictures().transpose(0, 2, 1, 3), r"\(12, 16, 3\), got \(3, 16, 12, 3\)"),
    "grey": (pictures()[..., :1], r"\(12, 16, 3\), got \(3, 12, 16, 1\)"),
    "one": (pictures()[0], r"One is image\[None\]"),
    "none": (pictures()[:0], r"got \(0, 12, 16, 3\)"),
    "NaN": (np.where(pictures() > 254, np.nan, pictures()), "NaN or infinity in .'the pictures'"),
    "infinity": (np.where(pictures() > 254, np.inf, pictures()), "NaN or infinity in .'the pictures'"),
}


@pytest.mark.parametrize("function", OF_PICTURES)
@pytest.mark.parametrize("name", PICTURES)
def test_pictures_that_do_not_fit_are_refused(name, function):
    x, message = PICTURES[name]
    with pytest.raises(ValueError, match=message):
        OF_PICTURES[function](conv_net(), x)


@pytest.mark.parametrize("function", PUBLIC)
def test_nan_in_a_weight_is_refused_by_its_name(function):
    net = conv_net()
    kernel, bias = net.get_layer("conv2").get_weights()
    kernel[1, 1, 0, 0] = np.nan
    net.get_layer("conv2").set_weights([kernel, bias])
    with pytest.raises(ValueError, match="NaN or infinity in .*conv2/kernel"):
        PUBLIC[function](net, pictures())


@pytest.mark.parametrize("function", OF_PICTURES)
@pytest.mark.parametrize("kind", ["uint8", "float64", "list", "tensor"])
def test_pictures_of_any_numbers_and_size_are_taken(function, kind):
    of_any_size = [layers.Input((None, None, 3)), *spot_net().layers[:1], layers.GlobalMaxPooling2D()]
    net = keras.Sequential([*of_any_size, layers.Dense(2, name="answer")])
    whole = np.round(pictures())
    given = {"list": whole.tolist(), "tensor": ops.convert_to_tensor(whole)}.get(kind)
    found = OF_PICTURES[function](net, whole.astype(kind) if given is None else given)
    expected = OF_PICTURES[function](net, whole)
    for one, other in zip(
        *(r.values() if isinstance(r, dict) else [r] for r in (found, expected)), strict=True
    ):
        assert len(one) == 3 and np.array_equal(one, other)
    with pytest.raises(ValueError, match="a fixed .height, width, channels."):
        maximize_filter(net, "red", 0)


@pytest.mark.parametrize("colour", [0, 127.3, 255])
@pytest.mark.parametrize("function", OF_PICTURES)
def test_pictures_of_one_colour_and_of_one_channel_are_explained(function, colour):
    net = keras.Sequential(
        [layers.Input((*SIZE, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1, "sigmoid")]
    )
    found = OF_PICTURES[function](net, np.full((2, *SIZE, 1), colour))
    for one in found.values() if isinstance(found, dict) else [found]:
        assert len(one) == 2 and np.isfinite(one).all()


def test_what_has_no_number_for_each_class_is_refused():
    with pytest.raises(ValueError, match="Put the sigmoid in a layer of its own"):
        odd = keras.Sequential([layers.Input((*SIZE, 3)), layers.Conv2D(1, SIZE, activation="sigmoid")])
        forward(odd, pictures())
    maps = keras.Sequential([layers.Input((*SIZE, 3)), layers.Conv2D(2, 1), layers.Softmax()])
    alone = keras.Sequential([layers.Input((*SIZE, 3)), layers.Flatten(), layers.Dense(1), layers.Softmax()])
    quantised = spot_net()
    quantised.quantize("int8")
    for net, message in ((maps, r"\(n, classes\)"), (alone, "no softmax of one"), (quantised, "of its own")):
        with pytest.raises(ValueError, match=message):
            class_scores(net, pictures())


def test_a_layer_is_found_by_its_name_in_inner_models_too():
    assert find_layer(conv_net(inside=True), "conv2").filters == 5
    with pytest.raises(ValueError, match="'red'.*got 'blue'"):
        find_layer(spot_net(), "blue")
    twins = [keras.Sequential([layers.Input((4,)), layers.Dense(4, name="twin")], name=n) for n in "ab"]
    with pytest.raises(ValueError, match="one layer"):
        find_layer(keras.Sequential([layers.Input((4,)), *twins]), "twin")


def behind(end):
    """A net whose layers at the end are given."""
    return keras.Sequential([layers.Input((*SIZE, 3)), layers.Rescaling(1 / 255), layers.Flatten(), *end])


HIDDEN = {
    "a flat softmax": lambda: [
        layers.Reshape((1, 1, -1)),
        layers.Conv2D(3, 1, activation="softmax"),
        layers.Flatten(),
    ],
    "a reshape": lambda: [layers.Dense(3, "softmax"), layers.Reshape((3,))],
    "a cast": lambda: [layers.Dense(3, "softmax"), layers.Activation("linear", dtype="float32")],
    "dropout": lambda: [layers.Dense(1, "sigmoid"), layers.Dropout(0.5)],
    "one unit": lambda: [layers.Dense(1, "sigmoid"), layers.Identity()],
    "several sigmoids": lambda: [layers.Dense(3, "sigmoid"), layers.Identity()],
    "another sigmoid": lambda: [layers.Dense(1, "hard_sigmoid")],
    "a lambda": lambda: [layers.Dense(3, activation=lambda x: ops.softmax(x))],
    "a temperature": lambda: [layers.Dense(3), layers.Lambda(lambda x: ops.softmax(x / 2))],
    "a model of its own": lambda: [keras.Sequential([layers.Dense(3, "softmax")]), layers.Identity()],
}


@pytest.mark.parametrize("name", HIDDEN)
def test_probabilities_are_not_taken_for_scores(name):
    net = behind(HIDDEN[name]())
    for call in (class_probabilities, heatmaps.predict_classes, heatmaps.input_gradients):
        with pytest.raises(ValueError, match="Put the sigmoid or softmax last"):
            call(net, pictures())


@pytest.mark.parametrize("units", [1, 3])
def test_logits_between_0_and_1_are_scores(units):
    net = behind(
        [layers.Dense(units, kernel_initializer="zeros", bias_initializer=lambda *a, **k: ops.full(*a, 0.4))]
    )
    assert class_scores(net, pictures()).shape == (3, max(units, 2))


@pytest.mark.parametrize("function", PUBLIC)
def test_channels_that_come_first_are_refused(function):
    conv = layers.Conv2D(4, 3, data_format="channels_first", name="conv1")
    means = layers.GlobalAveragePooling2D(data_format="channels_first")
    net = keras.Sequential(
        [layers.Input((*SIZE, 3)), layers.Permute((3, 1, 2)), conv, means, layers.Dense(2)]
    )
    with pytest.raises(ValueError, match="expected channels last, got 'conv1' with channels_first"):
        PUBLIC[function](net, pictures())


def test_pictures_as_they_are_loaded_are_taken():
    pictures = np.random.default_rng(0).integers(0, 256, (3, 16, 16, 3)).astype(np.uint8)
    stack = [keras.layers.Input((16, 16, 3)), keras.layers.Conv2D(4, 3), keras.layers.GlobalMaxPooling2D()]
    model = keras.Sequential([*stack, keras.layers.Dense(2, activation="softmax")])
    found = class_probabilities(model, pictures)
    np.testing.assert_allclose(found, model.predict(pictures.astype("float32"), verbose=0), atol=1e-6)
