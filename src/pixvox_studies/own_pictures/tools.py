"""What the lesson looks for faults with, as its cells have it: functions of arrays, of a few lines each."""

import keras
import numpy as np
from keras import layers
from PIL import Image, ImageOps
from scipy.sparse.csgraph import connected_components
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

IMAGE_SIZE = (64, 64)
ALIKE = 0.65  # likeness from which on two pictures are taken for one
WHITE = 0.9  # share of a picture's values that are 255, from which on it is taken for spoilt
LOOKS = 40  # pictures that somebody looks at again
WINDOW = 8  # pixels of the square that hides a part
SIDE = 3 * WINDOW  # of the square that is covered: a mark need not lie in one of the others
EPOCHS, BATCH_SIZE, RATE = 16, 16, 2e-3


def read(path):
    """Read a picture as most people do: uint8 (*IMAGE_SIZE, 3). A file of 16 bits comes out white."""
    return np.asarray(Image.open(path).convert("RGB").resize(IMAGE_SIZE[::-1]))


def read_right(path):
    """Read a picture upright, and 16 bits as 8: uint8 (*IMAGE_SIZE, 3)."""
    picture = ImageOps.exif_transpose(Image.open(path))
    if picture.mode.startswith("I"):
        picture = Image.fromarray((np.asarray(picture) // 257).astype("uint8"))
    return np.asarray(picture.convert("RGB").resize(IMAGE_SIZE[::-1]))


def build_network(num_classes):
    """Build the small network that the lesson trains first, from pictures of 0..255."""
    return keras.Sequential(
        [
            layers.Input((*IMAGE_SIZE, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(num_classes, activation="softmax"),
        ]
    )


def fingerprints(pictures):
    """Say of 16x16 places whether it gets brighter to the right (1) or not (-1): float32 (n, 256)."""
    small = np.asarray(keras.ops.image.resize(pictures, (16, 17), antialias=True)).mean(axis=-1)
    return np.where(small[:, :, 1:] > small[:, :, :-1], 1, -1).reshape(len(pictures), -1).astype("float32")


def likeness(pictures):
    """Compare each picture with each, and with its mirror image: (n, n), 1 the same, about 0 any other."""
    bits, mirrored = fingerprints(pictures), fingerprints(pictures[:, :, ::-1])
    return np.maximum(bits @ bits.T, bits @ mirrored.T) / bits.shape[1]


def find_groups(alike):
    """Number the groups of pictures that a chain of likenesses (n, n) joins: (n,)."""
    return connected_components(alike > ALIKE)[1]


def make_head():
    """Make the regression on features."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1_000))


def out_of_fold(features, labels, groups, seed):
    """Ask about each picture a regression that has not seen its group: probabilities (n, classes)."""
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=seed)
    return cross_val_predict(make_head(), features, labels, groups=groups, cv=folds, method="predict_proba")


def label_losses(probabilities, labels):
    """Return the cross-entropy of each picture's own label: (n,)."""
    return -np.log(probabilities[np.arange(len(labels)), labels])


def needed(network, pictures):
    """Hide a square after the other in all pictures: by how much the answers lose probability, a map."""
    before = network.predict(pictures, verbose=0)
    rows, said = np.arange(len(pictures)), before.argmax(axis=1)
    places = range(0, IMAGE_SIZE[0], WINDOW)
    drops = np.zeros((len(places), len(places)))
    for row in places:
        for column in places:
            hidden = pictures.copy()
            hidden[:, row : row + WINDOW, column : column + WINDOW] = 128
            after = network.predict(hidden, verbose=0)[rows, said]
            drops[row // WINDOW, column // WINDOW] = (before[rows, said] - after).mean()
    return drops


def corner_of(place, side=SIDE):
    """Return the upper left corner of the square about a place (row, column) of the map."""
    middle = WINDOW * np.array(place) + WINDOW // 2
    return tuple(int(edge) for edge in np.clip(middle - side // 2, 0, IMAGE_SIZE[0] - side))


def cover(pictures, corner, side=SIDE):
    """Return the pictures with a grey square, whose upper left corner (row, column) is given."""
    covered, (row, column) = pictures.copy(), corner
    covered[:, row : row + side, column : column + side] = 128
    return covered


def looks_like(pictures, inside, corner, side=SIDE, near=0.12):
    """Say which pictures have at a place what is typical of those inside a class: booleans (n,)."""
    row, column = corner
    patches = pictures[:, row : row + side, column : column + side].reshape(len(pictures), -1) / 255
    typical, other = (np.median(patches[chosen], axis=0) for chosen in (inside, ~inside))
    change = np.abs(typical - other)
    telling = change > change.max() / 2  # the values in which the two differ most
    return np.abs(patches[:, telling] - typical[telling]).mean(axis=1) < near


def cost(probabilities, labels, threshold, costs):
    """Return what 100 answers cost: `costs` of calling a 1 a 0, and a 0 a 1."""
    said = probabilities > threshold
    missed, false = np.sum(~said & (labels == 1)), np.sum(said & (labels == 0))
    return float(100 * (costs[0] * missed + costs[1] * false) / len(labels))


def cheapest(probabilities, labels, costs):
    """Return the threshold that costs least, of 99."""
    levels = np.linspace(0.01, 0.99, 99)
    return float(levels[np.argmin([cost(probabilities, labels, level, costs) for level in levels])])
