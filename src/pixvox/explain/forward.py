"""Run a model layer by layer, look at what is between, and read its answer before the last squeeze.

No model is changed or rebuilt: its own layers are called on arrays, those of models inside models too.
"""

import keras
import numpy as np
from keras import ops

BATCH_SIZE = 100


def forward(model, images, *, after=None):
    """Run a model on pictures, as in prediction, and stop before its last sigmoid or softmax.

    Args:
        model: a Sequential or functional model with one input and one output; models may lie inside it.
        images: (n, height, width, channels); whole numbers become float32.
        after: function of (layer, its output) that returns what the next layer gets; None changes nothing.

    Returns:
        tensor (n, units): what the last layer has before its sigmoid or softmax, if Keras's layers have it.

    Raises:
        ValueError: for a model that is neither Sequential nor functional, or ends in what has no such number.
    """
    last, answers = check_model(model), []
    images = ops.cast(images, keras.backend.result_type(images.dtype, float))

    def watch(layer, output):
        output = after(layer, output) if after else output
        answers.extend([output] if layer is last else [])
        return output

    (answer,) = keras.tree.flatten(_run(model, images, last, watch))
    if len(answers) != 1 or answers[0] is not answer:
        raise ValueError(f"{model.name}: expected a last layer that is used once. Put one of its own there.")
    return answer


def _run(model, inputs, last, after):
    """Run the layers of a model; models inside it are entered."""

    def step(layer):
        def call(*args, **kwargs):
            if _has_graph(layer):
                return _run(layer, args[0] if args else kwargs["inputs"], last, after)
            return after(layer, _call(layer, args, kwargs, is_last=layer is last))

        return call

    if not isinstance(model, keras.Sequential):
        return model._run_through_graph(inputs, operation_fn=step)  # Keras has no public name for it
    for layer in model.layers:
        inputs = step(layer)(inputs)
    return inputs


def _has_graph(layer):
    """Tell whether a layer is itself a model whose layers can be run: not one with a `call` of its own."""
    return isinstance(layer, keras.Sequential | keras.Function) and layer.call.__module__[:6] == "keras."


def check_model(model):
    """Return the layer that gives a model's answer, inside of inner models too, or raise ValueError."""
    if not isinstance(model, keras.Model) or not _has_graph(model) or not model.built or not model.layers:
        raise ValueError(
            f"expected a Sequential or functional Keras model whose picture size is known, got "
            f"{type(model).__name__} {getattr(model, 'name', '')!r}. Build it with an Input first."
        )
    if (len(model.inputs), len(model.outputs)) != (1, 1):
        raise ValueError(
            f"{model.name}: expected one input and one output, got {len(model.inputs)} and "
            f"{len(model.outputs)}. Take a part: keras.Model(model.inputs[0], model.outputs[0])."
        )
    layers = [*_layers(model)]
    if turned := [layer for layer in layers if getattr(layer, "data_format", "") == "channels_first"]:
        raise ValueError(f"{model.name}: expected channels last, got {turned[0].name!r} with channels_first.")
    return layers[-1]


def _squeeze_of(layer):
    """Return "sigmoid" or "softmax" where a layer, or one of `keras.ops`, ends in one, else "none"."""
    last = getattr(layer, "activation", None) or getattr(layer, "function", layer)  # a Lambda's
    names = type(last).__name__.lower(), getattr(last, "__name__", "").removesuffix("_v2")  # tf.nn.softmax
    return next((name for name in names if name in ("sigmoid", "softmax")), "none")


def _call(layer, args, kwargs, *, is_last):
    """Call a layer as in prediction; the last one without its sigmoid or softmax."""
    inputs, squeeze = next(iter([*args, *kwargs.values()])), _squeeze_of(layer) if is_last else "none"
    straight = squeeze != "none" or getattr(layer, "activation", None) is keras.activations.linear
    if type(layer) is keras.layers.Dense and straight and not layer.quantization_mode:
        # With all digits of its weights: in 16 bits large logits would be infinite.
        product = ops.matmul(inputs, layer.kernel)
        return product if layer.bias is None else product + layer.bias
    if squeeze == "none":  # some of Keras's layers train unless they are told not to
        return layer(*args, **kwargs | ({"training": False} if isinstance(layer, keras.Layer) else {}))
    if type(layer).__name__.lower() in (squeeze, "activation", "lambda"):
        return inputs
    raise ValueError(
        f"expected a model that ends in Dense, Activation or Softmax, got {type(layer).__name__} "
        f"{layer.name!r} with a {squeeze}. Put the {squeeze} in a layer of its own."
    )


def class_scores(model, images, *, after=None):
    """Return a number for each class that rises with the model's belief in it and does not saturate.

    A softmax's classes have their logits. A single unit is the logit z of class 1: the classes have -z and z.
    Arguments as for `forward`; returns a float32 tensor (n, classes), two or more classes, all finite.
    """
    logits, last = ops.cast(forward(model, images, after=after), "float32"), check_model(model)
    if len(logits.shape) != 2 or (logits.shape[1], _squeeze_of(last)) == (1, "softmax"):
        raise ValueError(f"{model.name}: expected (n, classes), no softmax of one unit, got {logits.shape}.")
    numbers = ops.convert_to_numpy(ops.stop_gradient(logits))
    if not np.isfinite(numbers).all():
        raise ValueError(f"{model.name}: expected finite scores, got NaN or infinity. Build it in float32.")
    if _squeeze_of(last) == "none" and _are_probabilities(model, numbers):
        text = f"expected logits, or a sigmoid or softmax at the very end, got {last.name!r} behind one"
        raise ValueError(f"{model.name}: {text}. Put the sigmoid or softmax last.")
    return ops.concatenate([-logits, logits], axis=-1) if logits.shape[-1] == 1 else logits


def _are_probabilities(model, numbers):
    """Tell whether numbers (n, classes) were squeezed before the last layer, or by it in a way of its own."""
    tail = [*_layers(model)][::-1]
    end = next((place for place, layer in enumerate(tail) if getattr(layer, "weights", ())), len(tail))
    squeezed = any("sigmoid" in f"{getattr(layer, 'activation', layer)}".lower() for layer in tail[: end + 1])
    sums_to_one = numbers.shape[1] > 1 and np.allclose(numbers.sum(axis=1), 1, atol=0.01)
    return (squeezed or sums_to_one) and numbers.min() >= 0 and numbers.max() <= 1


def class_probabilities(model, images):
    """Return the probabilities of the classes, even of one that ends in logits; arguments as for `forward`.

    They are a float32 tensor (n, classes) in 0..1: of one unit by the sigmoid, (1 - p, p); of several by the
    softmax, or where they end in sigmoids each by its own.
    """
    scores = class_scores(model, images)
    each = model.outputs[0].shape[-1] == 1 or _squeeze_of(check_model(model)) == "sigmoid"
    return ops.sigmoid(scores) if each else ops.softmax(scores)


def choose(scores, classes):
    """Return one number a picture, (n,): the score of its class."""
    return ops.take_along_axis(scores, ops.convert_to_tensor(np.asarray(classes)[:, None]), axis=1)[:, 0]


def find_layer(model, name):
    """Return the layer of a name, in inner models too; ValueError unless it is the name of just one."""
    layers = [*_layers(model)]
    names = [layer.name for layer in layers]
    if names.count(name) != 1:
        raise ValueError(f"{model.name}: expected the name of one layer of {names}, got {name!r}.")
    return layers[names.index(name)]


def _layers(model):
    """Yield what a model computes with, layers and `keras.ops`; what inner models have in place of these."""
    for layer in model.layers if isinstance(model, keras.Sequential) else model.operations:
        yield from _layers(layer) if _has_graph(layer) else [layer]


def check_images(model, images):
    """Return pictures as float32, or raise ValueError where a model cannot explain its answer to them."""
    check_model(model)
    images, size = np.asarray(images), tuple(model.inputs[0].shape[1:])
    fits = [expected in (None, given) for expected, given in zip(size, images.shape[1:], strict=False)]
    if images.ndim != 4 or not len(images) or len(size) != 3 or not all(fits):
        raise ValueError(
            f"{model.name}: expected pictures (n, height, width, channels) of {size}, got {images.shape}. "
            "One is image[None]; keras.ops.image.resize brings them to a size."
        )
    images = images.astype(np.float32)
    named = {"the pictures": images, **{weight.path: weight.numpy() for weight in model.weights}}
    if broken := [name for name, numbers in named.items() if not np.isfinite(numbers).all()]:
        raise ValueError(f"{model.name}: expected finite numbers, got NaN or infinity in {broken[:3]}.")
    return images


def batches(*arrays):
    """Yield tuples of parts of arrays of one length, `BATCH_SIZE` rows at a time."""
    for start in range(0, len(arrays[0]), BATCH_SIZE):
        yield tuple(array[start : start + BATCH_SIZE] for array in arrays)
