"""The learning curves of lesson 06: how many labelled pictures does a pretrained base save?

The pictures are those of `study_routes`; where more are asked for, the drawing goes on.
"""

from functools import cache

import keras

from pixvox.datasets import store
from pixvox.models import transfer as models
from pixvox_sketch.animals.sets import draw_animals
from pixvox_studies.pets import recipes as study_pets
from pixvox_studies.transfer import routes as study_routes

BATCHES, EPOCHS = 400, 20  # of 20 pictures, as many for few pictures as for 400; 20 epochs of more than that
MOST = 800  # pictures that are drawn, cats and dogs together


def measure_curve(setting, seed, work_dir):
    """Train from scratch or by transfer on so many pictures: 400 batches, or 20 epochs where that is more.

    With 400 pictures the trainings are those of `study_routes.measure_route`.

    Args:
        setting: {"route": "from scratch", "ours, features" or "ours, fine-tuned", "pictures": an even
            number, cats and dogs together}.
        seed: whole number; decides the weights and, in the sample profile, the pictures.
        work_dir: not used; a row takes a minute at most in the sample profile.

    Returns:
        dict: fit_seconds, train_accuracy, test_accuracy.
    """
    route, parts = setting["route"], _curve_parts(setting["pictures"], seed)
    batches = max(BATCHES, EPOCHS * setting["pictures"] // study_routes.BATCH_SIZE)
    keras.utils.set_random_seed(seed)
    if route == "from scratch":
        row = study_routes.measure_scratch(parts, batches=batches, seed=seed)
    else:
        conv_base = models.load_conv_base("vgg16", image_size=study_routes.IMAGE_SIZE[store.profile()])
        if route == "ours, features":
            row = study_routes.measure_mirrored(conv_base, parts)
        else:
            row = study_routes.measure_better(conv_base, parts, batches=batches, seed=seed)
    del row["val_accuracy"]
    return row


def _curve_parts(pictures, seed):
    """Return the first training pictures of a seed, and the validation and test pictures."""
    train, *others = study_routes.load_parts(seed, store.profile())
    if store.profile() == "sample" and pictures > len(train[1]):
        train = _drawn_on(seed)
    if pictures % 2 or not 2 <= pictures <= len(train[1]):
        raise ValueError(f"expected an even number of pictures, 2 to {len(train[1])}, came {pictures}.")
    return (train[0][:pictures], train[1][:pictures]), *others


@cache
def _drawn_on(seed):
    """Draw a seed's training pictures and go on behind them: what follows was validation, unused here."""
    size = study_routes.IMAGE_SIZE["sample"]
    drawn = draw_animals(MOST // 2, seed=study_pets.FRESH + seed, size=size)
    return drawn.pictures, drawn.labels
