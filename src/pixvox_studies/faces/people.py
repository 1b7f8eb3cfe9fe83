"""Other people than the sample's: a rate for each variant, the luck of people and of training, groups.

Whom a network is judged on is drawn for these studies; whom rates and luck are trained on, too.
"""

from functools import cache

from pixvox.compare import pack_answers
from pixvox.datasets.faces import FacePart
from pixvox_sketch.faces.sets import draw_faces
from pixvox_studies import common
from pixvox_studies.faces import networks as models
from pixvox_studies.faces import variants

FIT, VAL = 72, 24  # people: as many as the sample's split leaves for training and validation
RATES_SEED, CHOOSING, CHOOSING_SEED = 8_600, 250, 8_997  # the choice of a rate (+ the study's seed)
LUCK_SEED = 8_700  # of the people trained on (+ the setting's number)
GROUPS, GROUPS_SEED = 1_000, 8_996  # people whose groups are looked at

RATES = (3e-4, 1e-3, 3e-3)  # the middle one is Keras's default, which P2 trains with


@cache
def draw_parts(seed):
    """Draw people to train on and others to choose the epoch by: two `FacePart`, images float32 in 0..1."""
    drawn = draw_faces(FIT + VAL, seed=seed, size=models.IMAGE_SIZES["sample"], processes=2)
    part = _as_part(drawn)
    fit = part.identities < FIT
    return [FacePart(*(values[rows] for values in part)) for rows in (fit, ~fit)]


@cache
def draw_strangers(people, seed):
    """Draw two pictures of each person at each age, for judging: `FacePart`, images float32 in 0..1."""
    size = models.IMAGE_SIZES["sample"]
    return _as_part(draw_faces(people, seed=seed, size=size, each=variants.EACH, processes=2))


def _as_part(drawn):
    return FacePart(common.scale(drawn.pictures), drawn.labels, drawn.identities)


def measure_rate(setting, seed, work_dir):
    """Train a variant with a rate, and measure it on the people by whom the rate is chosen.

    Returns:
        dict: train_accuracy; val_accuracy, of the 24 people who choose the epoch; choosing_accuracy, of the
        250 who choose the rate.
    """
    train, val = draw_parts(RATES_SEED + seed)
    network, _, _ = variants.train_variant(setting, train, val, seed, work_dir)
    parts = {"train": train, "val": val, "choosing": draw_strangers(CHOOSING, CHOOSING_SEED)}
    return common.score_parts(_right(network, parts))


def measure_luck(setting, seed, work_dir):
    """Train P2's base network on one of five sets of people, with one of five seeds: all meet all.

    Returns:
        dict: train_accuracy, val_accuracy; fresh_accuracy and fresh_right, of the 500 people on whom the
        variants are judged, too.
    """
    train, val = draw_parts(LUCK_SEED + setting["people"])
    network, _, _ = variants.train_variant({"variant": "base"}, train, val, seed, work_dir)
    strangers = draw_strangers(variants.FRESH, variants.FRESH_SEED)
    right = _right(network, {"train": train, "val": val, "fresh": strangers})
    return {**common.score_parts(right), "fresh_right": pack_answers(right["fresh"])}


def measure_groups(setting, seed, work_dir):
    """Train a variant as for the table of variants, and measure it on 1,000 more people.

    Returns:
        dict: train_accuracy; groups_accuracy and groups_right, of the 4,000 pictures of those people, person
        by person; `pixvox.datasets.faces.sex_and_tone` says of what group each is.
    """
    parts = variants.load_parts("sample", seed)
    network, _, _ = variants.train_variant(setting, parts["train"], parts["val"], seed, work_dir)
    right = _right(network, {"train": parts["train"], "groups": draw_strangers(GROUPS, GROUPS_SEED)})
    return {**common.score_parts(right), "groups_right": pack_answers(right["groups"])}


def measure_undivided(setting, seed, work_dir):
    """Train P2's base network as for the table of variants; ask it of pictures in 0..1 and in 0..255.

    Returns:
        dict: train_accuracy; fresh_accuracy and fresh_loss, of the 2,000 pictures of strangers, and
        undivided_accuracy and undivided_loss, of the same pictures times 255; fresh_right, undivided_right.
    """
    parts = variants.load_parts("sample", seed)
    network, _, _ = variants.train_variant({"variant": "base"}, parts["train"], parts["val"], seed, work_dir)
    fresh = parts["fresh"]
    asked = {"fresh": fresh, "undivided": fresh._replace(images=255 * fresh.images)}
    right = _right(network, {"train": parts["train"], **asked})
    row = common.score_parts(right)
    for name, part in asked.items():
        row[f"{name}_loss"] = float(network.evaluate(part.images, part.labels, verbose=0)[0])
        row[f"{name}_right"] = pack_answers(right[name])
    return row


def _right(network, parts):
    """Return for each part which of its pictures the network gets right, (n,) booleans."""
    return {name: common.answer(network, part.images) == part.labels for name, part in parts.items()}
