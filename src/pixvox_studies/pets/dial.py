"""Cats and dogs: which difficulties augmentation buys, on drawings with one of them turned up at a time."""

from functools import cache

import keras
import numpy as np

from pixvox.models import pets as models
from pixvox_sketch.animals.dial import DIALS, TURNS, draw_dial
from pixvox_studies import common
from pixvox_studies.pets import recipes
from pixvox_studies.pets.changes import erase

SEED = 7_489  # of the drawings that are asked about
PICTURES = 200  # of each class
CHANGES = {  # whether training moves pictures about, changes their light and colours, hides parts of them
    "none": (False, False, False),
    "moves": (True, False, False),
    "light": (False, True, False),
    "hides": (False, False, True),
    "all": (True, True, True),
}


def measure_dial(setting, seed, work_dir):
    """Train a network on drawings, unturned, and ask it about others at every turn of every dial.

    Args:
        setting: network ("P4's", "ours"); changes, a key of `CHANGES`. Ours learns from blends in all.

    Returns:
        dict: by dial, its accuracy at each turn (a list, unturned first); says_dog_ and the dial's name, the
        share of the pictures that it calls dogs; test_right, which of the unturned pictures are right.
    """
    moves, light, hides = common.look_up(CHANGES, setting["changes"])
    changes = {"augmentation": models.MILD_AUGMENTATION if moves else None, "light": light, "hides": hides}
    network = common.look_up(TRAIN, setting["network"])(seed, work_dir, **changes)
    row, dogs = {}, np.arange(2 * PICTURES) % 2 == 1
    for dial in DIALS:
        answers = [common.answer(network, pictures, batch_size=50) for pictures in dialled(dial)]
        row[dial] = [float((answer == dogs).mean()) for answer in answers]
        row[f"says_dog_{dial}"] = [float(answer.mean()) for answer in answers]
    return {**row, "test_right": common.score_parts({"test": answers[0] == dogs})["test_right"]}


def _train_posted(seed, work_dir, *, hides, **changes):
    """Train P4's network with these changes of the pictures."""
    size = recipes.IMAGE_SIZES["sample"]
    (x, y), *_ = recipes.load_parts(seed, image_size=size, with_test=False)
    keras.utils.set_random_seed(seed)
    network = models.build_pets_net(image_size=size, **changes)
    recipes.compile_posted(network)
    for epoch in range(recipes.EPOCHS["sample"]):
        used = erase(x, np.random.default_rng((seed, epoch))) if hides else x
        options = {"batch_size": recipes.BATCH_SIZE, "initial_epoch": epoch, "epochs": epoch + 1}
        common.fit_resumed(network, [(used, y), None], work_dir, **options)
    return network


@cache
def dialled(dial):
    """Draw the pictures that networks are asked about, at each turn of a dial: uint8 arrays."""
    size = recipes.IMAGE_SIZES["sample"]
    return [draw_dial(PICTURES, dial, turn, seed=SEED, size=size, processes=2) for turn in range(TURNS)]


TRAIN = {"P4's": _train_posted, "ours": recipes.train_better}
