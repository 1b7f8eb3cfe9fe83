"""Controls: the mark covered and something else covered, labels moved with and without an eye, twins seen.

The folders are those of `faults.measure_faults`, and so are Monday's pictures.
"""

import io

import numpy as np
from sklearn.model_selection import StratifiedKFold

from pixvox.compare import pack_answers
from pixvox.explain.heatmaps import grad_cam
from pixvox_sketch.animals.cats_dogs import KINDS
from pixvox_studies import common
from pixvox_studies.own_pictures import faults, tools

BORDER = 4  # pixels that are covered where the shortcut is a frame
ELSEWHERE = (0, 0)  # upper left corner of a place where there is no mark


def measure_covers(setting, seed, work_dir):
    """Cover a place, mend labels in some way, and score a regression on the folder and on fresh pictures.

    Args:
        setting: fault and strength, as in `measure_faults`; cover ("nothing", "means": where the mean
            pictures differ most, "elsewhere", "border"); labels ("as found", "looked at": the wrong ones of
            the first `tools.LOOKS` put right, "moved": all these, whatever they show, "true").

    Returns:
        dict: folder, against the labels that it has in the end; truth, the same answers against what the
        pictures show; monday; labels_found among the first looks, with the labels as found; test_right, on
        Monday's pictures.
    """
    pictures, labels, animals, _ = read_folder(setting, seed)
    later, wanted = faults.draw_monday()
    hide = common.look_up(COVERS, setting["cover"])(pictures, labels)
    features, groups = faults.encode(hide(pictures)), tools.find_groups(tools.likeness(pictures))
    probabilities = tools.out_of_fold(features, labels, groups, seed)
    suspects = np.argsort(-tools.label_losses(probabilities, labels))[: tools.LOOKS]
    mended = labels.copy()
    if setting["labels"] == "looked at":
        mended[suspects] = animals[suspects]
    elif setting["labels"] == "moved":
        mended[suspects] = 1 - labels[suspects]
    elif setting["labels"] == "true":
        mended = animals
    answers = tools.out_of_fold(features, mended, groups, seed).argmax(axis=1)
    right = tools.make_head().fit(features, mended).predict(faults.encode(hide(later))) == wanted
    return {
        "folder": float((answers == mended).mean()),
        "truth": float((answers == animals).mean()),
        "monday": float(right.mean()),
        "labels_found": int((labels != animals)[suspects].sum()),
        "test_right": pack_answers(right),
    }


def measure_twins_seen(setting, seed, work_dir):
    """Deal at random, and score pictures that have a twin in the training part and others that have none.

    Args:
        setting: strength, the share of twins.

    Returns:
        dict: net_with, net_without, quick_with, quick_without: accuracies of the small network and of the
        regression, on pictures whose twin was learnt from, and on those that have none; how many these are.
    """
    pictures, labels, _, originals = read_folder({"fault": "twins", **setting}, seed)
    features = faults.encode(pictures)
    right = {name: np.zeros(len(labels), bool) for name in ("net", "quick")}
    seen = np.zeros(len(labels), bool)
    for fit, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(pictures, labels):
        seen[test] = np.isin(originals[test], originals[fit])
        network = faults.train(pictures[fit], labels[fit], seed)
        right["net"][test] = common.answer(network, pictures[test]) == labels[test]
        head = tools.make_head().fit(features[fit], labels[fit])
        right["quick"][test] = head.predict(features[test]) == labels[test]
    alone = np.bincount(originals)[originals] == 1
    row = {"pictures_with": int(seen.sum()), "pictures_without": int(alone.sum())}
    for name, answers in right.items():
        row[f"{name}_with"] = float(answers[seen].mean())
        row[f"{name}_without"] = float(answers[alone].mean())
    return row


def measure_maps(setting, seed, work_dir):
    """Train the small network as the lesson does, and ask three maps for the place that speaks for "dog".

    Args:
        setting: fault and strength, as in `measure_faults`.

    Returns:
        dict: whether the hottest place is the mark's, in the mean over a hundred pictures of the folder dog:
        grad_cam, by_place (weighted place by place), hiding.
    """
    pictures, labels, _, _ = read_folder(setting, seed, read=tools.read)
    network, _ = faults.train_first(pictures, labels, seed)
    pictures, labels, _, _ = read_folder(setting, seed)
    dogs = pictures[labels == 1][:100]
    maps = {
        "grad_cam": grad_cam(network, dogs.astype(np.float32), 1),
        "by_place": grad_cam(network, dogs.astype(np.float32), 1, by_place=True),
    }
    cells = {name: heat.mean(axis=0).reshape(8, 8, 8, 8).mean(axis=(1, 3)) for name, heat in maps.items()}
    cells["hiding"] = tools.needed(network, dogs)
    hottest = {name: np.unravel_index(heat.argmax(), heat.shape) for name, heat in cells.items()}
    return {name: bool(min(place) >= 6) for name, place in hottest.items()}


def measure_means(setting, seed, work_dir):
    """Say where the mean pictures of the two folders differ most.

    Args:
        setting: fault and strength, as in `measure_faults`.

    Returns:
        dict: means_hit, whether that is at the mark's place; highest, the mean difference there, 0..255.
    """
    pictures, labels, _, _ = read_folder(setting, seed)
    difference = mean_difference(pictures, labels)
    place = np.unravel_index(difference.argmax(), difference.shape)
    return {"means_hit": bool(min(place) >= 6 * tools.WINDOW), "highest": float(difference.max())}


def read_folder(setting, seed, read=tools.read_right):
    """Draw and read a folder: pictures uint8 (n, height, width, 3); labels, animals, originals (n,)."""
    files = faults.draw_folder(setting["fault"], setting["strength"], seed)
    pictures = np.stack([read(io.BytesIO(file.content)) for file in files])
    labels, animals = (np.array([KINDS.index(file[place]) for file in files]) for place in (2, 3))
    return pictures, labels, animals, np.array([file.original for file in files])


def mean_difference(pictures, labels):
    """Return by how much the mean pictures of two classes differ, (height, width), 0 to 255."""
    first, second = (pictures[labels == label].mean(axis=0) for label in range(2))
    return np.abs(first - second).mean(axis=-1)


def _cover_means(pictures, labels):
    """Cover where the mean pictures differ most."""
    difference = mean_difference(pictures, labels)
    middle = np.array(np.unravel_index(difference.argmax(), difference.shape))
    corner = np.clip(middle - tools.SIDE // 2, 0, tools.IMAGE_SIZE[0] - tools.SIDE)
    return lambda asked: tools.cover(asked, tuple(map(int, corner)))


def _cover_border(pictures, labels):
    """Cover the outermost pixels."""

    def hide(asked):
        covered = np.full_like(asked, 128)
        inside = slice(BORDER, -BORDER)
        covered[:, inside, inside] = asked[:, inside, inside]
        return covered

    return hide


COVERS = {
    "nothing": lambda pictures, labels: lambda asked: asked,
    "means": _cover_means,
    "elsewhere": lambda pictures, labels: lambda asked: tools.cover(asked, ELSEWHERE),
    "border": _cover_border,
}
