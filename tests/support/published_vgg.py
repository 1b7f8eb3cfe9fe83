"""VGG16 at a thirty-second of its width, its weights in the format that Keras published them in."""

import h5py
import numpy as np

BLOCKS = (2, 2, 3, 3, 3)  # convolutions a block
WIDTHS = (2, 4, 8, 16, 16)


def build_small_vgg(name="vgg16"):
    import keras

    inputs = keras.Input((None, None, 3))
    x = inputs
    for block, (count, width) in enumerate(zip(BLOCKS, WIDTHS, strict=True), 1):
        for number in range(1, count + 1):
            settings = {"padding": "same", "activation": "relu", "name": f"block{block}_conv{number}"}
            x = keras.layers.Conv2D(width, 3, **settings)(x)
        x = keras.layers.MaxPooling2D(name=f"block{block}_pool")(x)
    return keras.Model(inputs, x, name=name)


def weights(seed=0):
    """Return {layer: (kernel, bias)}."""
    rng, depth, made = np.random.default_rng(seed), 3, {}
    for block, (count, width) in enumerate(zip(BLOCKS, WIDTHS, strict=True), 1):
        for number in range(1, count + 1):
            kernel = rng.normal(size=(3, 3, depth, width)).astype(np.float32)
            made[f"block{block}_conv{number}"] = kernel, rng.normal(size=width).astype(np.float32)
            depth = width
    return made


def write_legacy(path, seed=0):
    """Write the weights as Keras 1 and 2 did: a group a layer, names in attributes."""
    made = weights(seed)
    names = ["input_1", *made, *(f"block{block}_pool" for block in range(1, 6))]
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [name.encode() for name in sorted(names)]
        for name in names:
            group = file.create_group(name)
            arrays = {f"{name}_W_1:0": made[name][0], f"{name}_b_1:0": made[name][1]} if name in made else {}
            group.attrs["weight_names"] = np.array([key.encode() for key in arrays], dtype="S20")
            for key, values in arrays.items():
                group[key] = values
    return path


def write_new(path, seed=0):
    """Write the weights as Keras 3 does."""
    with h5py.File(path, "w") as file:
        for index, (kernel, bias) in enumerate(weights(seed).values()):
            group = file.create_group("layers/conv2d" + f"_{index}" * (index > 0) + "/vars")
            group["0"], group["1"] = kernel, bias
    return path
