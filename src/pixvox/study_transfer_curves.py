"""The learning curves of lesson 06: how many labelled pictures does a pretrained base save?

The pictures are those of `study_routes`; where more are asked for, the drawing goes on.
"""

from functools import cache

import keras
import numpy as np

from pixvox import compare, models, study_pets, study_routes
from pixvox.datasets import store
from pixvox.sketch.animal_sets import draw_animals

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


def pictures_to_reach(wanted, pictures, accuracies):
    """Say how many pictures a learning curve needs for an accuracy.

    Between two measured points the curve is a straight line over the logarithm of the pictures.

    Args:
        wanted: an accuracy, 0 to 1.
        pictures: (n,) numbers of pictures, rising, two or more.
        accuracies: (n,) accuracies with so many.

    Returns:
        the smallest number that reaches it, not rounded; the first of `pictures` if that is enough, and
        infinity if none is.

    Raises:
        ValueError: if the two are not of one length, or the pictures do not rise.
    """
    pictures, accuracies = np.asarray(pictures, dtype=float), np.asarray(accuracies, dtype=float)
    if pictures.shape != accuracies.shape or pictures.ndim != 1 or len(pictures) < 2:
        raise ValueError(
            f"expected two points or more, came the shapes {pictures.shape} and {accuracies.shape}."
        )
    if pictures[0] <= 0 or np.any(np.diff(pictures) <= 0):
        raise ValueError(f"expected rising numbers of pictures above 0, came {pictures}.")
    enough = np.flatnonzero(accuracies >= wanted)
    if not len(enough):
        return float("inf")
    after = enough[0]
    if after == 0:
        return float(pictures[0])
    share = (wanted - accuracies[after - 1]) / (accuracies[after] - accuracies[after - 1])
    low, high = np.log(pictures[after - 1 : after + 1])
    return float(np.exp(low + share * (high - low)))


def describe_needed(needed, *, least, most):
    """Write what several seeds need as a mean with its interval, or as a bound where one is out of range.

    Args:
        needed: numbers that `pictures_to_reach` returned, one for each seed, two or more.
        least, most: the smallest and the largest number that the curve was measured with.

    Returns:
        text, such as "480 pictures (300 to 770)": the geometric mean, with Student's 95 % interval of the
        logarithms; "more than 1,600 pictures" if that is so for any seed.
    """
    needed = np.asarray(needed, dtype=float)
    if np.isinf(needed).any():
        beyond = int(np.isinf(needed).sum())
        return f"more than {most:,} pictures ({beyond} of {len(needed)} seeds)"
    if (needed <= least).any():
        return f"at most {max(needed):,.0f} pictures (the curve begins at {least:,})"
    mean, low, high = np.exp(compare.mean_interval(np.log(needed)))
    return f"{mean:,.0f} pictures ({low:,.0f} to {high:,.0f})"
