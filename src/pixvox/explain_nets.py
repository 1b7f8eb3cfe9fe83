"""Lesson 07's networks: how they are trained, a mark planted on dogs, copies that have forgotten layers."""

import keras
import numpy as np

from pixvox import models_pets, schedules

# Lesson 07 has the same numbers; a test compares them.
EPOCHS, PLANTED_EPOCHS = 36, 7
BATCH_SIZE = 32
PEAK_RATE, DECAY, SMOOTHING = 6e-3, 0.02, 0.1
MARK = (4, 4, 7)  # top, left and side of the planted mark, pixels of 64
MARK_COLOUR = (255, 210, 0)


def train_net(pictures, labels, *, seed, epochs=EPOCHS):
    """Train lesson 05's network on pictures of cats and dogs, as lesson 07 does.

    Args:
        pictures: uint8 or float (n, height, width, 3), 0 to 255.
        labels: whole numbers (n,), 0 cat, 1 dog.
        seed: of weights, order and augmentation.
        epochs: how often each picture is seen.

    Returns:
        a compiled, trained model from pictures to (n, 1) probabilities of the class dog.
    """
    keras.utils.set_random_seed(seed)
    network = models_pets.build_pets_better(image_size=pictures.shape[1:3])
    steps = epochs * -(-len(pictures) // BATCH_SIZE)
    network.compile(
        keras.optimizers.AdamW(schedules.one_cycle(steps, peak=PEAK_RATE), weight_decay=DECAY),
        keras.losses.BinaryCrossentropy(label_smoothing=SMOOTHING),
        metrics=["accuracy"],
    )
    network.fit(pictures.astype(np.float32), labels, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
    return network


def plant_mark(pictures, *, top=MARK[0], left=MARK[1]):
    """Paint a yellow square on copies of pictures.

    Args:
        pictures: (n, height, width, 3), 0 to 255.
        top, left: its first row and column.

    Returns:
        the same shape and type.
    """
    marked = np.array(pictures)
    marked[:, top : top + MARK[2], left : left + MARK[2]] = MARK_COLOUR
    return marked


def forget_layers(model, count, *, seed=1_000):
    """Copy a model and give the last `count` of its layers that have weights new random ones.

    Args:
        model: a built Sequential model; it is not changed.
        count: how many layers lose what they learnt, counted from the answer; 0 none.
        seed: of the new weights; not the one that the model was built with, or its layers only go back to
            where they began, which is not far from where they are.

    Returns:
        (a new model, the names of the layers, the last first).
    """
    keras.utils.set_random_seed(seed)
    copy = keras.models.clone_model(model)
    learnt = [layer for layer in copy.layers if layer.weights and layer.trainable_weights]
    kept = learnt[: len(learnt) - count]
    for layer in kept:
        layer.set_weights(model.get_layer(layer.name).get_weights())
    return copy, [layer.name for layer in learnt[len(kept) :]][::-1]
