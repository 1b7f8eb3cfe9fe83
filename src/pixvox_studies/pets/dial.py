"""Cats and dogs: which difficulties augmentation buys, on drawings with one of them turned up at a time."""

from functools import cache

import keras
import numpy as np

from pixvox.models import pets as models
from pixvox_sketch.animals.dial import DIALS, TURNS, draw_dial
from pixvox_studies import common
from pixvox_studies.pets import recipes

SEED = 7_489  # of the drawings that are asked about
PICTURES = 200  # of each class
NETWORKS = ("P4's", "ours")
MOVES = {"P4's": models.MILD_AUGMENTATION, "ours": models.BETTER_AUGMENTATION}


def measure_dial(setting, seed, work_dir):
    """Train a network on drawings, unturned, and ask it about others at every turn of every dial.

    Args:
        setting: network ("P4's", "ours"); moves, whether training turns, shifts, zooms and mirrors the
            pictures; light, whether it changes brightness and contrast.

    Returns:
        dict: by dial, its accuracy at each turn (a list, unturned first); says_dog_ and the dial's name, the
        share of the pictures that it calls dogs; test_right, which of the unturned pictures are right.
    """
    changes = {
        "augmentation": common.look_up(MOVES, setting["network"]) if setting["moves"] else None,
        "light": setting["light"],
    }
    keras.utils.set_random_seed(seed)
    if setting["network"] == "ours":
        network = recipes.train_better(seed, work_dir, **changes)
    else:
        parts = recipes.load_parts(seed, image_size=models.IMAGE_SIZES["sample"], with_test=False)
        network = models.build_pets_net(image_size=models.IMAGE_SIZES["sample"], **changes)
        recipes.compile_posted(network)
        common.fit_resumed(
            network, parts, work_dir, batch_size=models.BATCH_SIZE, epochs=recipes.EPOCHS["sample"]
        )
    row, dogs = {}, np.arange(2 * PICTURES) % 2 == 1
    for dial in DIALS:
        answers = [common.answer(network, pictures, batch_size=50) for pictures in dialled(dial)]
        row[dial] = [float((answer == dogs).mean()) for answer in answers]
        row[f"says_dog_{dial}"] = [float(answer.mean()) for answer in answers]
    return {**row, "test_right": common.score_parts({"test": answers[0] == dogs})["test_right"]}


@cache
def dialled(dial):
    """Draw the pictures that networks are asked about, at each turn of a dial: uint8 arrays."""
    size = models.IMAGE_SIZES["sample"]
    return [draw_dial(PICTURES, dial, turn, seed=SEED, size=size, processes=2) for turn in range(TURNS)]
