"""Trains a network for a few steps and saves it; looks at how it changes pictures."""

import keras
import numpy as np


def check_learns(model, inputs, labels, folder, *, epochs=3):
    """Check that the loss falls, answers are probabilities and a saved model gives the same answers."""
    classes = model.output_shape[-1]
    model.compile("adam", "binary_crossentropy" if classes == 1 else "sparse_categorical_crossentropy")
    losses = model.fit(inputs, labels, batch_size=8, epochs=epochs, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    model.save(folder / "model.keras")
    loaded = keras.models.load_model(folder / "model.keras")
    probabilities, again = (
        keras.ops.convert_to_numpy(one(inputs, training=False)) for one in (model, loaded)
    )
    assert probabilities.shape == (len(inputs), classes) and np.ptp(probabilities, axis=0).max() > 0
    assert probabilities.min() >= 0 and probabilities.max() <= 1
    if classes > 1:
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(again, probabilities)


def check_changes(network, names, some=()):
    """Check that the first layers, and no others before `conv1`, change pictures in training only.

    Those in `some`, such as mirrors, need not change each picture.
    """
    pictures = np.random.default_rng(0).uniform(size=(4, *network.input_shape[1:])).astype(np.float32)
    assert [layer.name for layer in network.layers[: len(names) + 1]] == [*names, "conv1"]
    for layer in network.layers[: len(names)]:
        still, changed = (
            keras.ops.convert_to_numpy(layer(pictures, training=training)) for training in (False, True)
        )
        np.testing.assert_array_equal(still, pictures)
        other = np.abs(changed - pictures).max(axis=(1, 2, 3)) > 0.01
        assert other.any() if layer.name in some else other.all()
        assert 0 <= changed.min() and changed.max() <= 1
