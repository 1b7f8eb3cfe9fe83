"""The running averages of batch normalisation, as the post's 10 epochs leave them and re-estimated."""

import keras

from pixvox.datasets import store
from pixvox_studies import common
from pixvox_studies.four_models import networks


def measure_averages(setting, seed, work_dir):
    """Train one of the post's networks for 10 epochs, score it, estimate its averages again and score again.

    The training is the first stage of `networks.measure_arm`. Nothing is trained in between; a network
    without batch normalisation scores the same twice.

    Returns:
        dict: parameters, batches (that it was trained on), val_accuracy, test_accuracy and test_right_first
        as training leaves it, val_accuracy_reestimated, test_accuracy_reestimated and test_right after.
    """
    fit, val, test = networks.load_split(seed)
    network = networks.train_first(setting["network"], (fit, val), seed=seed, work_dir=work_dir)
    batch_size = networks.FASHION_BATCH_SIZE[store.profile()]
    batches = common.count_batches(len(fit[1]), batch_size, epochs=networks.FASHION_EPOCHS)
    first = common.evaluate_parts(network, {"val": val, "test": test})
    reestimate_averages(network, fit[0], batch_size=batch_size)
    again = common.evaluate_parts(network, {"val": val, "test": test})
    return {
        "parameters": network.count_params(),
        "batches": batches,
        **{name: first[name] for name in ("val_accuracy", "test_accuracy")},
        **{f"{name}_reestimated": again[name] for name in ("val_accuracy", "test_accuracy")},
        "test_right_first": first["test_right"],
        "test_right": again["test_right"],
    }


def reestimate_averages(network, x, *, batch_size):
    """Set the moving means and variances of batch normalisation to their plain means over the batches of x.

    With the momentum (k - 1) / k at batch k, a running average is the mean of the first k. The batches go
    through the network as in training, dropout and all, but no weight is trained; momenta are put back.

    Args:
        network: a model with `BatchNormalization` among its own layers, or without any: then nothing changes.
        x: float32 (n, ...), the pictures to fit; the last batch may be smaller.
    """
    norms = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    momenta = [layer.momentum for layer in norms]
    for number, start in enumerate(range(0, len(x), batch_size) if norms else (), 1):
        for layer in norms:
            layer.momentum = (number - 1) / number
        network(x[start : start + batch_size], training=True)
    for layer, momentum in zip(norms, momenta, strict=True):
        layer.momentum = momentum
