"""The learning curves of lesson 06: how many labelled pictures does a pretrained base save?

In the sample profile the pictures are the drawings of lesson 05's studies, and more of the same seeds.
"""

from functools import cache

import keras

from pixvox import models, study_pets, study_routes
from pixvox.datasets import store
from pixvox.datasets.dogs_vs_cats import load_dogs_vs_cats
from pixvox.sketch.animal_sets import draw_animals

MOST = 800  # drawn pictures of each class that the curves go up to
SCRATCH_BATCHES, BETTER_BATCHES = 600, 400  # as many for few pictures as for many


@cache
def _drawn(count, seed, size):
    """Draw pictures, in processes of their own; return them and their labels."""
    drawn = draw_animals(count, seed=seed, size=size, processes=2)
    return drawn.pictures, drawn.labels


def measure_curve(setting, seed, work_dir):
    """Train from scratch or by transfer on so many pictures; the number of batches is always the same.

    Args:
        setting: {"route": "from scratch", "ours, features" or "ours, fine-tuned", "pictures": an even
            number, cats and dogs together}.
        seed: whole number; decides the weights and, in the sample profile, the pictures.
        work_dir: not used; a row takes a minute at most in the sample profile.

    Returns:
        dict: fit_seconds, train_accuracy, test_accuracy.
    """
    route, parts = setting["route"], _curve_parts(setting["pictures"], seed)
    keras.utils.set_random_seed(seed)
    if route == "from scratch":
        row = study_routes.measure_scratch(parts, batches=SCRATCH_BATCHES, seed=seed)
    else:
        conv_base = models.load_conv_base("vgg16", image_size=study_routes.IMAGE_SIZE[store.profile()])
        if route == "ours, features":
            row = study_routes.measure_mirrored(conv_base, parts)
        else:
            row = study_routes.measure_better(conv_base, parts, batches=BETTER_BATCHES, seed=seed)
    del row["val_accuracy"]
    return row


def _curve_parts(pictures, seed):
    """Return the first training pictures of a seed, a few for validation (not used), and the test's."""
    size = study_routes.IMAGE_SIZE[store.profile()]
    if store.profile() == "full":
        train, _, test = load_dogs_vs_cats(image_size=size)
    else:
        train = _drawn(MOST, study_pets.FRESH + seed, size)
        test = _drawn(study_pets.DRAWN_TEST, study_pets.FRESH_TEST, size)
    if pictures % 2 or not 2 <= pictures <= len(train[1]):
        raise ValueError(f"expected an even number of pictures, 2 to {len(train[1])}, came {pictures}.")
    return (train[0][:pictures], train[1][:pictures]), (train[0][:2], train[1][:2]), test
