"""A folder of drawn portraits, spoilt in a known way: its scores, what finds the faults, and the truth.

The truth is the accuracy on fresh portraits without faults, as they would come on Monday: 500 cats and 500
dogs, the same for all rows. The folder's own portraits go with the row's seed.
"""

import io
from functools import lru_cache

import keras
import numpy as np
from PIL import Image
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedGroupKFold, train_test_split

from pixvox.compare import pack_answers
from pixvox.datasets import imagenet
from pixvox.explain.heatmaps import grad_cam
from pixvox.features import compute_features
from pixvox_sketch.animals.cats_dogs import KINDS
from pixvox_sketch.own_pictures.faults import Faults, spoil
from pixvox_sketch.own_pictures.portraits import draw_portraits
from pixvox_studies import common
from pixvox_studies.own_pictures import tools

COUNT, FRESH = 125, 500  # portraits of each kind, in the folder and fresh ones
FOLDER_SEED, FRESH_SEED = 9_000, 9_999  # of the drawings: the first (+ the row's seed) and the second
COSTS = (5, 1)  # of a dog that is called a cat, and of a cat that is called a dog
NONE = Faults(0, 0, 0, "")


def make_faults(fault, strength):
    """Return the faults of a setting: one alone, or the sample's, times a strength."""
    if fault == "none":
        return NONE
    if fault == "all":
        usual = Faults()
        shares = [strength * share for share in usual[:3]]
        return Faults(*shares, "mark", min(1.0, 0.5 + strength * (usual.strength - 0.5)))
    if fault in Faults._fields:
        return NONE._replace(**{fault: strength})
    return NONE._replace(shortcut=fault, strength=strength)


def measure_faults(setting, seed, work_dir):
    """Score a spoilt folder as it is, look for its faults with the lesson's tools, mend them, score again.

    Args:
        setting: fault ("none", "all", one of `Faults` or of its shortcuts); strength, a share, for "all"
            times the sample's shares.

    Returns:
        dict: net_score, net_monday: the small network on a fifth of the files, read as most people do, and on
        fresh pictures; net_mended_score, net_mended_monday: trained again on the mended folder, whole groups.
        For a regression on the small VGG's features, five folds: score_ and monday_ of "first" (read as
        most people do, random folds), then with one step more each: "read", "grouped", "covered",
        "relabelled". Of a fault how many there are, were found and wrongly accused. labels_before,
        labels_after: wrong labels among the first `tools.LOOKS`, with the place open and covered;
        precision_before, precision_after: the mean precision of the order. heat_hit, grad_cam_hit: whether a
        map's hottest place is the mark's. facts_score: of a regression on sizes, bytes, greys and borders.
        cost_half, cost_chosen, cost_formula: of 100 fresh pictures, with the threshold .5, with the
        cheapest on the folder, and with that of the costs. With twins alone, and without faults:
        net_random, net_grouped, of the small network in five folds of either kind. test_right: of the last
        regression, on the fresh pictures.
    """
    files = draw_folder(setting["fault"], setting["strength"], seed)
    labels, animals = (np.array([KINDS.index(file[place]) for file in files]) for place in (2, 3))
    as_read, right = (np.stack([way(io.BytesIO(file.content)) for file in files]) for way in WAYS)
    monday, wanted = draw_monday()
    network, row = train_first(as_read, labels, seed)
    row["net_monday"] = float((common.answer(network, monday) == wanted).mean())
    row["facts_score"] = _score_facts(files, as_read, labels, seed)
    row |= _find_sixteen_bit(files, as_read) | _find_twins(files, right)
    corner, heat = _find_mark(network, right, seed)
    row |= heat
    has_mark = setting["fault"] in ("mark", "all")
    if has_mark:
        row |= _count(tools.looks_like(right, labels == 1, corner), [file.shortcut for file in files], "mark")

    groups, alone = tools.find_groups(tools.likeness(right)), np.arange(len(files))
    hide = (lambda pictures: tools.cover(pictures, corner)) if has_mark else (lambda pictures: pictures)
    steps = {"first": (as_read, alone, monday), "read": (right, alone, monday)}
    steps |= {"grouped": (right, groups, monday), "covered": (hide(right), groups, hide(monday))}
    losses = {}
    for name, (pictures, grouping, later) in steps.items():
        probabilities, losses[name] = _score(row, name, (pictures, labels, grouping), (later, wanted), seed)
    wrong = labels != animals
    row["labels_wrong"] = int(wrong.sum())
    for name, step in (("before", "grouped"), ("after", "covered")):
        looked_at = np.argsort(-losses[step])[: tools.LOOKS]
        row[f"labels_{name}"] = int(wrong[looked_at].sum())
        if wrong.any():
            row[f"precision_{name}"] = float(average_precision_score(wrong, losses[step]))
    mended = labels.copy()
    mended[looked_at] = animals[looked_at]  # who looks at a drawing sees what it is
    last = (hide(right), mended, groups), (hide(monday), wanted)
    probabilities, _ = _score(row, "relabelled", *last, seed)
    row["net_mended_score"], row["net_mended_monday"] = _last_network(*last, seed)
    if setting["fault"] in ("none", "twins"):
        row |= {
            f"net_{name}": _network_folds(right, labels, grouping, seed)
            for name, grouping in (("random", alone), ("grouped", groups))
        }
    return row | _costs(probabilities, mended, *last)


WAYS = (tools.read, tools.read_right)


@lru_cache(maxsize=2)
def portraits_of(seed):
    """Draw the portraits of a row's folder."""
    return draw_portraits(COUNT, seed=seed, processes=2)


def draw_folder(fault, strength, seed):
    """Draw a folder and spoil it."""
    return spoil(portraits_of(FOLDER_SEED + seed), make_faults(fault, strength), seed=seed)


@lru_cache(maxsize=1)
def draw_monday():
    """Draw Monday's pictures, as files without faults would be read; and what they show."""
    files = spoil(draw_portraits(FRESH, seed=FRESH_SEED, processes=2), NONE, seed=0)
    pictures = np.stack([tools.read_right(io.BytesIO(file.content)) for file in files])
    return pictures, np.array([KINDS.index(file.animal) for file in files])


@lru_cache(maxsize=1)
def load_encoder():
    """Load the small VGG to its fourth block, and what its pictures go through first."""
    base = imagenet.load_conv_base("vgg16", tools.IMAGE_SIZE)
    return keras.Model(base.model.input, base.model.get_layer("block4_pool").output), base.preprocess_input


def encode(pictures):
    """Compute features (n, numbers)."""
    model, preprocess_input = load_encoder()
    found = compute_features(model, pictures, image_size=tools.IMAGE_SIZE, preprocess_input=preprocess_input)
    return found.reshape(len(found), -1)


def train(pictures, labels, seed):
    """Train the small network."""
    keras.utils.set_random_seed(seed)
    network = tools.build_network(2)
    network.compile(
        keras.optimizers.Adam(tools.RATE), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    network.fit(pictures, labels, epochs=tools.EPOCHS, batch_size=tools.BATCH_SIZE, verbose=0)
    return network


def train_first(pictures, labels, seed):
    """Train on four fifths of the files at random, and score on the others."""
    split = {"test_size": 0.2, "stratify": labels, "random_state": seed}
    fit, test = train_test_split(np.arange(len(labels)), **split)
    network = train(pictures[fit], labels[fit], seed)
    return network, {"net_score": float((common.answer(network, pictures[test]) == labels[test]).mean())}


def _last_network(folder, fresh, seed):
    """Train on four fifths of the mended files, whole groups; return both accuracies."""
    (pictures, labels, groups), (later, wanted) = folder, fresh
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=seed)
    fit, test = next(folds.split(pictures, labels, groups))
    network = train(pictures[fit], labels[fit], seed)
    pairs = ((pictures[test], labels[test]), (later, wanted))
    return [float((common.answer(network, asked) == truth).mean()) for asked, truth in pairs]


def _network_folds(pictures, labels, groups, seed):
    """Score the small network on each picture once, in five folds of whole groups."""
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=seed).split(pictures, labels, groups)
    right = [
        common.answer(train(pictures[fit], labels[fit], seed), pictures[test]) == labels[test]
        for fit, test in folds
    ]
    return float(np.concatenate(right).mean())


def _score(row, name, folder, fresh, seed):
    """Score a regression on the folder and on fresh pictures; return the probabilities and losses."""
    (pictures, labels, groups), (later, wanted) = folder, fresh
    features = encode(pictures)
    probabilities = tools.out_of_fold(features, labels, groups, seed)
    right = tools.make_head().fit(features, labels).predict(encode(later)) == wanted
    row[f"score_{name}"] = float((probabilities.argmax(axis=1) == labels).mean())
    row[f"monday_{name}"] = float(right.mean())
    row["test_right"] = pack_answers(right)
    return probabilities, tools.label_losses(probabilities, labels)


def _count(found, there, name):
    """Count what is there, what of it was found, and what was wrongly accused."""
    found, there = np.asarray(found, bool), np.asarray(there, bool)
    return {
        f"{name}_there": int(there.sum()),
        f"{name}_found": int((found & there).sum()),
        f"{name}_accused": int((found & ~there).sum()),
    }


def _find_sixteen_bit(files, as_read):
    """Count the pictures that are nearly all white as most people read them."""
    white = (as_read == 255).mean(axis=(1, 2, 3)) > tools.WHITE
    return _count(white, [file.sixteen_bit for file in files], "sixteen_bit")


def _find_twins(files, pictures):
    """Count the pairs of pictures that look alike, by fingerprints and by features of the small VGG."""
    originals, pairs = np.array([file.original for file in files]), np.triu_indices(len(files), 1)
    same = (originals[:, None] == originals)[pairs]
    row = _count(tools.likeness(pictures)[pairs] > tools.ALIKE, same, "twins")
    both = [
        encode(view).reshape(len(files), -1, 64).mean(axis=1) for view in (pictures, pictures[:, :, ::-1])
    ]
    mean, spread = both[0].mean(axis=0), both[0].std(axis=0) + 1e-6
    both = [(view - mean) / spread for view in both]
    unit, mirrored = (view / np.linalg.norm(view, axis=1, keepdims=True) for view in both)
    alike = np.maximum(unit @ unit.T, unit @ mirrored.T)[pairs]
    if same.any():  # at the level that accuses nobody, which only the truth can tell
        row["twins_by_features"] = int((alike[same] > alike[~same].max()).sum())
        row["twins_by_fingerprint"] = int(
            (tools.likeness(pictures)[pairs][same] > tools.likeness(pictures)[pairs][~same].max()).sum()
        )
    return row


def _find_mark(network, pictures, seed):
    """Find the place that the network needs most: the corner to cover, and whether it is the mark's."""
    some = pictures[np.random.default_rng(seed).permutation(len(pictures))[:100]]
    drops = tools.needed(network, some)
    mean_map = grad_cam(network, some.astype(np.float32)).mean(axis=0)
    cells = mean_map.reshape(8, 8, 8, 8).mean(axis=(1, 3))
    hottest = [np.unravel_index(heat.argmax(), heat.shape) for heat in (drops, cells)]
    hit, cam_hit = (min(place) >= 6 for place in hottest)
    corner = tools.corner_of(hottest[0])
    return corner, {
        "heat_hit": bool(hit),
        "grad_cam_hit": bool(cam_hit),
        "heat_most": float(drops.max()),
        "heat_usual": float(np.median(drops)),
    }


def _score_facts(files, pictures, labels, seed):
    """Score a regression on what a file tells without its picture's contents."""
    grey = pictures.mean(axis=3)
    border = np.concatenate([grey[:, :2].reshape(len(grey), -1), grey[:, -2:].reshape(len(grey), -1)], axis=1)
    facts = [[len(file.content), *Image.open(io.BytesIO(file.content)).size] for file in files]
    columns = np.column_stack([facts, grey.mean(axis=(1, 2)), border.mean(axis=1), border.std(axis=1)])
    probabilities = tools.out_of_fold(columns, labels, np.arange(len(labels)), seed)
    return float((probabilities.argmax(axis=1) == labels).mean())


def _costs(probabilities, labels, folder, fresh):
    """Choose the threshold that costs least on the folder; return what it costs on fresh pictures."""
    (pictures, mended, _), (later, wanted) = folder, fresh
    head = tools.make_head().fit(encode(pictures), mended)
    dog = head.predict_proba(encode(later))[:, 1]
    chosen = tools.cheapest(probabilities[:, 1], labels, COSTS)
    levels = {"half": 0.5, "chosen": chosen, "formula": COSTS[1] / sum(COSTS)}
    costs = {f"cost_{name}": tools.cost(dog, wanted, level, COSTS) for name, level in levels.items()}
    return costs | {"threshold": chosen}
