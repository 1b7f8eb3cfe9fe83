"""Run a model layer by layer, look at what is between, and read its answer before the last squeeze.

No model is changed or rebuilt: its own layers are called on arrays, those of models inside models too.
"""

import inspect

import keras
import numpy as np
from keras import ops

BATCH_SIZE = 100


def forward(model, images, *, after=None):
    """Run a model on pictures, as in prediction, and stop before its last sigmoid or softmax.

    Args:
        model: a Sequential or functional model with one input and one output; models may lie inside it.
        images: float tensor (n, height, width, channels).
        after: function of (layer, its output) that returns what the next layer gets; None changes nothing.

    Returns:
        tensor (n, units): what the last layer has before its sigmoid or softmax, where it has one.

    Raises:
        ValueError: for a model that is neither Sequential nor functional, or ends in what has no such number.
    """
    return _run(model, images, _last_layer(model), after or (lambda layer, output: output))


def _run(model, inputs, last, after):
    """Run the layers of a model; models inside it are entered."""

    def step(layer):
        def call(*args, **kwargs):
            if _has_graph(layer):
                return _run(layer, args[0], last, after)
            output = _unsqueezed(layer, *args) if layer is last else _call(layer, *args, **kwargs)
            return after(layer, output)

        return call

    if not isinstance(model, keras.Sequential):
        return model._run_through_graph(inputs, operation_fn=step)  # Keras has no public name for it
    for layer in model.layers:
        inputs = step(layer)(inputs)
    return inputs


def _has_graph(layer):
    """Tell whether a layer is itself a model whose layers can be run."""
    return isinstance(layer, keras.Sequential) or hasattr(layer, "_run_through_graph")


def _call(layer, *args, **kwargs):
    """Call a layer as in prediction: some of Keras's layers train unless they are told not to."""
    if "training" in inspect.signature(layer.call).parameters:
        kwargs["training"] = False
    return layer(*args, **kwargs)


def _last_layer(model):
    """Return the layer that gives a model's answer, inside of inner models too, or raise ValueError."""
    if not _has_graph(model) or not model.built or not model.layers:
        raise ValueError(
            f"expected a Sequential or functional Keras model whose picture size is known, got "
            f"{type(model).__name__} {getattr(model, 'name', '')!r}. Build it with an Input first."
        )
    if (len(model.inputs), len(model.outputs)) != (1, 1):
        raise ValueError(
            f"{model.name}: expected one input and one output, got {len(model.inputs)} and "
            f"{len(model.outputs)}. Take a part: keras.Model(model.inputs[0], model.outputs[0])."
        )
    layer = model.layers[-1] if isinstance(model, keras.Sequential) else model.operations[-1]
    return _last_layer(layer) if _has_graph(layer) else layer


def _squeeze_of(layer):
    """Return "sigmoid" or "softmax" where a layer, or one of `keras.ops`, ends in one, else "none"."""
    names = type(layer).__name__.lower(), getattr(getattr(layer, "activation", None), "__name__", "")
    return next((name for name in names if name in ("sigmoid", "softmax")), "none")


def _unsqueezed(layer, inputs):
    """Return what a model's last layer has before its sigmoid or softmax."""
    squeeze = _squeeze_of(layer)
    if squeeze == "none":
        return _call(layer, inputs)
    if isinstance(layer, keras.layers.Activation) or type(layer).__name__.lower() == squeeze:
        return inputs
    if isinstance(layer, keras.layers.Dense):  # with all digits of its weights, also where it computes in 16
        product = ops.matmul(ops.cast(inputs, layer.kernel.dtype), layer.kernel)
        return product if layer.bias is None else product + layer.bias
    raise ValueError(
        f"expected a model that ends in Dense, Activation or Softmax, got {type(layer).__name__} "
        f"{layer.name!r} with a {squeeze}. Put the {squeeze} in a layer of its own."
    )


def class_scores(model, images, *, after=None):
    """Return a number for each class that rises with the model's belief in it and does not saturate.

    A softmax's classes have their logits. A single unit is the logit z of class 1: the classes have -z and z.
    Arguments as for `forward`; returns a float32 tensor (n, classes), two or more classes.
    """
    logits = ops.cast(forward(model, images, after=after), "float32")
    return ops.concatenate([-logits, logits], axis=-1) if logits.shape[-1] == 1 else logits


def class_probabilities(model, images):
    """Return the probabilities of the classes, even of one that ends in logits; arguments as for `forward`.

    They are a float32 tensor (n, classes) in 0..1: of one unit by the sigmoid, (1 - p, p); of several by the softmax,
    or where they end in sigmoids each by its own.
    """
    logits = ops.cast(forward(model, images), "float32")
    if logits.shape[-1] == 1:
        return ops.concatenate([ops.sigmoid(-logits), ops.sigmoid(logits)], axis=-1)
    return ops.sigmoid(logits) if _squeeze_of(_last_layer(model)) == "sigmoid" else ops.softmax(logits)


def choose(scores, classes):
    """Return one number a picture, (n,): the score of its class."""
    return ops.take_along_axis(scores, ops.convert_to_tensor(np.asarray(classes)[:, None]), axis=1)[:, 0]


def find_layer(model, name):
    """Return the layer of a name, in inner models too; ValueError unless it is the name of just one."""
    layers = list(_layers(model))
    found = [layer for layer in layers if layer.name == name]
    if len(found) != 1:
        names = [layer.name for layer in layers]
        raise ValueError(f"{model.name}: expected the name of one layer of {names}, got {name!r}.")
    return found[0]


def _layers(model):
    """Yield all layers of a model, those of inner models in place of these."""
    for layer in model.layers:
        yield from _layers(layer) if _has_graph(layer) else [layer]


def check_images(model, images):
    """Return pictures as float32, or raise ValueError where a model cannot explain its answer to them."""
    _last_layer(model)
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
