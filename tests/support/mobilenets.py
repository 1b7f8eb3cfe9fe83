"""MobileNets of real size with random weights, in the formats that Keras published and publishes."""

import h5py
import keras
import numpy as np


def build(file, seed=0):
    """Return the whole network that a file is cut from, untrained, but with statistics of its own."""
    top = "0.25" in file or "2_5" in file
    settings = {"alpha": 0.25} if top else {"include_top": False}
    keras.utils.set_random_seed(seed)
    model = keras.applications.MobileNet(weights=None, **settings)
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 1.5, weights.shape) for weights in layer.get_weights()])
    return model


def cut(model):
    """Return the network up to the last but one pointwise convolution."""
    return keras.Model(model.input, model.get_layer("conv_pw_12_relu").output)


def write_legacy(path, model, *, orphan=False):
    """Write a network as Keras 2 did: a group a layer, names in attributes; perhaps one that none names."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in model.layers]
        for layer in model.layers:
            group, names = file.create_group(layer.name), []
            for variable in layer.weights:
                names.append(f"{layer.name}/{variable.name}:0".encode())
                group[names[-1]] = variable.numpy()
            group.attrs["weight_names"] = np.array(names, dtype="S60")
        if orphan:
            file["conv_preds/conv_preds/kernel:0"] = np.zeros((1, 1, 1024, 1000), np.float32)
    return path
