"""Trains the small VGGs that the sample profile has in place of ImageNet's, on the drawn zoo.

They are trained with batch normalisation, without which so deep and narrow a network hardly starts to learn,
and saved without it: between training and saving it is folded into the convolutions.
"""

import hashlib
import json
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import keras
import numpy as np
from keras import layers

from pixvox import provenance
from pixvox.datasets import store
from pixvox.datasets.cache import cached
from pixvox.datasets.files import replace_file
from pixvox.models import transfer as models
from pixvox.training import one_cycle
from pixvox_sketch.zoo import sets as zoo

TRAIN, VALIDATION = 7_500, 1_000  # pictures of the zoo: 300 and 40 of each kind
TRAIN_SEED, VALIDATION_SEED = 1, 1_001  # of the drawings
BATCH_SIZE = 64
EPOCHS = 16
LEARNING_RATE = 4e-3  # the highest of the cycle
DRAWING_CODE = ("animals", "engine", "zoo")  # the folders of `pixvox_sketch` that the zoo is drawn with


def load_source_task(*, train: int, validation: int):
    """Load the pictures of the zoo that the small VGGs are trained on; draw them the first time.

    They are kept in build/cache/sample, under a name that changes with the drawing code.

    Args:
        train, validation: how many of each.

    Returns:
        (x_train, y_train), (x_val, y_val): pictures uint8 (n, 64, 64, 3), 0 to 255, and int64 labels (n,).
    """
    parts = []
    for count, seed in ((train, TRAIN_SEED), (validation, VALIDATION_SEED)):
        path = store.cache_dir("sample") / f"zoo-{count}-{seed}-{_drawing_code()}.npz"
        label = f"drawing {count:,} pictures of the zoo"
        draw = partial(zoo.draw_zoo, count, seed=seed, processes=None, label=label)
        parts.append(cached(path, ("pictures", "labels"), draw))
    return tuple(parts)


def _drawing_code() -> str:
    """Return eight hex digits that change with the code that draws the zoo."""
    digest = hashlib.sha256()
    for folder in DRAWING_CODE:
        for path in sorted((Path(__file__).parent / folder).glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def build_classifier(name: str):
    """Build the network that is trained: pictures 0..255, augmentation, a small VGG, a mean, a dense layer.

    Args:
        name: "vgg16" or "vgg19".

    Returns:
        the network, with one output for each of `zoo.KINDS`, and the small VGG in it.
    """
    conv_base = build_normalised_vgg(name)
    inputs = keras.Input((64, 64, 3))
    x = keras.applications.mobilenet.preprocess_input(inputs)  # to -1..1
    x = layers.RandomFlip("horizontal")(x)
    x = layers.RandomTranslation(0.1, 0.1, fill_mode="nearest")(x)
    x = conv_base(x)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(len(zoo.KINDS), activation="softmax", name="probabilities")(x)
    return keras.Model(inputs, outputs), conv_base


def build_normalised_vgg(name: str):
    """Build a small VGG to be trained from scratch: a batch normalisation after each convolution.

    It is that of `models.build_small_vgg`, for pictures (batch, 64, 64, 3), but that convolutions have no
    biases, and "block1_norm1" and "block1_relu1" come after "block1_conv1".

    Args:
        name: "vgg16" or "vgg19".
    """
    inputs = x = keras.Input((64, 64, 3))
    for block, (count, width) in enumerate(zip(models.VGG_BLOCKS[name], models.SMALL_WIDTHS, strict=True), 1):
        for number in range(1, count + 1):
            conv = f"block{block}_conv{number}"
            x = layers.Conv2D(width, 3, padding="same", use_bias=False, name=conv)(x)
            x = layers.BatchNormalization(momentum=0.95, name=f"block{block}_norm{number}")(x)
            x = layers.ReLU(name=f"block{block}_relu{number}")(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
    return keras.Model(inputs, x, name=f"small_{name}")


def fold_batch_norm(trained, name: str):
    """Return the same network without batch normalisation: each is folded into the convolution before it.

    At test time a normalisation multiplies each channel by a number and adds another; so do the
    weights and the bias of a convolution.

    Args:
        trained: a network of `build_normalised_vgg(name)`.
        name: "vgg16" or "vgg19".
    """
    plain = models.build_small_vgg(name, input_shape=trained.input_shape[1:])
    for layer in plain.layers:
        if isinstance(layer, layers.Conv2D):
            norm = trained.get_layer(layer.name.replace("conv", "norm"))
            gamma, beta, mean, variance = norm.get_weights()
            factor = gamma / np.sqrt(variance + norm.epsilon)
            (kernel,) = trained.get_layer(layer.name).get_weights()
            layer.set_weights([kernel * factor, beta - mean * factor])
    return plain


def pretrain(name: str, out_dir: Path | str | None = None, *, seed: int = 0) -> Path:
    """Train a small VGG on the zoo; write its weights without top, and a record of how they were made.

    Takes about six minutes of two cores, and the drawing of the pictures, the first time, two more.

    Args:
        name: "vgg16" or "vgg19".
        out_dir: the folder to write to; by default data/sample/vgg.
        seed: of the starting weights, the order of the pictures and their augmentation.

    Returns:
        the weights file, <name>_notop.weights.h5; beside it lies <name>_notop.json.
    """
    folder = Path(out_dir or store.data_dir("sample") / "vgg")
    (x_train, y_train), validation = load_source_task(train=TRAIN, validation=VALIDATION)
    start = time.process_time()
    keras.utils.set_random_seed(seed)
    network, conv_base = build_classifier(name)
    steps = EPOCHS * -(-len(x_train) // BATCH_SIZE)
    optimizer = keras.optimizers.Adam(one_cycle(steps, peak=LEARNING_RATE))
    network.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    network.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=2)
    accuracy = network.evaluate(*validation, verbose=0)[1]
    plain = fold_batch_norm(conv_base, name)
    path = folder / f"{name}_notop.weights.h5"
    with replace_file(path) as temporary:
        plain.save_weights(temporary)
    record = {
        "network": name,
        "parameters": plain.count_params(),
        "seed": seed,
        "kinds": list(zoo.KINDS),
        "training_pictures": len(x_train),
        "validation_pictures": len(validation[1]),
        "drawing_code": _drawing_code(),
        "epochs": EPOCHS,
        "validation_accuracy": round(float(accuracy), 4),
        "cpu_seconds": round(time.process_time() - start, 1),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": provenance.versions(),
        "commit": provenance.commit(),
        "device": provenance.device(),
    }
    text = json.dumps(record, indent=1) + "\n"
    with replace_file(folder / f"{name}_notop.json") as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    return path


write_vgg16 = partial(pretrain, "vgg16")  # what `pixvox sketch vgg16` does
write_vgg19 = partial(pretrain, "vgg19")
