"""Seeing: heat maps scored, layers forgotten one after the other, a mark planted on every dog.

All on drawn pictures, since only there the evidence is known; others than the sample's, and others for each
seed. A network is trained once a process: the first row that needs it pays for it.
"""

import time
from functools import cache

import numpy as np
from scipy.ndimage import gaussian_filter

from pixvox.compare import pack_answers
from pixvox.datasets import store
from pixvox.explain import heatmaps as explain
from pixvox.explain import trials
from pixvox.explain.filters import feature_maps, likeness, zero_share
from pixvox.explain.scores import deletion_curve, pointing_game, rank_correlation
from pixvox.models.pets import IMAGE_SIZES
from pixvox_studies import common
from pixvox_studies.pets import recipes as pets

FIT, TEST = 200, 120  # pictures of each class
FIT_SEED, TEST_SEED = 7_100, 7_199  # of the drawings: of training (+ the study's seed), of the test
SIZE = (64, 64)
COMPARED = 60  # pictures whose maps are compared with those of a network that has forgotten
OTHER_WEIGHTS = 1_000  # added to a seed: with its own, a network would only go back to where it began
BLUR = 6.0  # pixels: what is left behind in the second deletion score

METHODS = {
    "random pixels": lambda model, images, classes: trials.random_pixels(images),
    "random blobs": lambda model, images, classes: trials.random_blobs(images),
    "centred": lambda model, images, classes: trials.centred(images),
    "edges": lambda model, images, classes: trials.edges(images),
    "input gradients": explain.input_gradients,
    "Grad-CAM": explain.grad_cam,
    "Grad-CAM, finer": lambda model, images, classes: explain.grad_cam(
        model, images, classes, layer="relu2", by_place=True
    ),
    "occlusion": explain.occlusion,
    "integrated gradients": explain.integrated_gradients,
}
CHECKED = ("input gradients", "Grad-CAM", "Grad-CAM, finer", "integrated gradients")


def test_pictures():
    """Draw the pictures that are explained, the same for all seeds: `Drawn`."""
    return common.draw_animals(TEST, TEST_SEED, SIZE)


@cache
def trained(seed):
    """Train the network of a seed."""
    drawn = common.draw_animals(FIT, FIT_SEED + seed, SIZE)
    return trials.train_net(drawn.pictures, drawn.labels, seed=seed)


def measure_heatmaps(setting, seed, work_dir):
    """Score one method on 240 fresh pictures; the classes explained are the network's answers.

    Returns:
        dict: accuracy and test_right of the network; animal and parts, the shares of pictures whose hottest
        pixel lies on the animal and on its ears, muzzle, eyes or tail; parts_heat, the share of the heat on
        them; deletion and deletion_blurred, the mean of the deletion curve with the mean colour and with a
        blurred picture left behind; correlation with the maps of the network when it has forgotten all
        layers; map_seconds, CPU seconds for 100 maps.
    """
    model, test, method = trained(seed), test_pictures(), common.look_up(METHODS, setting["method"])
    pictures = test.pictures.astype(np.float32)
    classes = explain.predict_classes(model, pictures)
    begin = time.process_time()
    heat = np.asarray(method(model, pictures, classes))
    seconds = (time.process_time() - begin) / len(heat) * 100
    blurred = gaussian_filter(pictures, (0, BLUR, BLUR, 0))
    curves = [deletion_curve(model, pictures, heat, classes, left_behind=left) for left in (None, blurred)]
    forgetful, _ = trials.forget_layers(model, len(model.layers), seed=seed)
    other = method(forgetful, pictures[:COMPARED], classes[:COMPARED])
    return {
        "accuracy": float((classes == test.labels).mean()),
        "test_right": pack_answers(classes == test.labels),
        "animal": float(np.nanmean(pointing_game(heat, test.parts > 0))),
        "parts": float(np.nanmean(pointing_game(heat, test.parts > 1))),
        "parts_heat": float(heat_share(heat, test.parts > 1).mean()),
        "deletion": float(curves[0].mean()),
        "deletion_blurred": float(curves[1].mean()),
        "correlation": float(rank_correlation(heat[:COMPARED], other).mean()),
        "map_seconds": round(seconds, 3),
        "n": len(heat),
    }


def measure_layers(setting, seed, work_dir):
    """Look at a network's layers by depth, and let it forget them from the answer backwards.

    Returns:
        dict: zeros, likeness and likeness_other, a number for each ReLU from the first to the last: the share
        of zeros, the likeness to the picture and to another one; and for each of `CHECKED` the rank
        correlations of its maps with those after 0, 1, 2, ... blocks were forgotten (the first is "dog").
    """
    model, test = trained(seed), test_pictures()
    pictures = test.pictures[:COMPARED].astype(np.float32)
    return _by_depth(model, pictures, "relu") | _cascade(model, pictures, OTHER_WEIGHTS + seed)


def measure_posted_layers(setting, seed, work_dir):
    """Look at the layers of P4's own network, trained as the studies of cats and dogs train it, by depth.

    Returns:
        dict: zeros, likeness and likeness_other as in `measure_layers`, a number for each convolution, of the
        first validation pictures; and val_accuracy.
    """
    size = IMAGE_SIZES[store.profile()]
    parts = pets.load_parts(seed, image_size=size, with_test=False)
    model = pets.train_as_posted(parts, setting, seed, work_dir)
    pictures, labels = parts[1]
    row = _by_depth(model, pictures[:COMPARED].astype(np.float32), "conv")
    return row | common.evaluate_parts(model, {"val": (pictures, labels)}, batch_size=50)


def _by_depth(model, pictures, kind):
    """Return zeros, likeness and likeness_other of the layers whose names begin with `kind`."""
    maps = feature_maps(model, pictures)
    names = [name for name in maps if name.startswith(kind)]
    return {
        "zeros": [zero_share(maps[name]) for name in names],
        "likeness": [likeness(maps[name], pictures) for name in names],
        "likeness_other": [likeness(maps[name], pictures[::-1]) for name in names],
    }


def _cascade(model, pictures, seed):
    """Return for each of `CHECKED` the correlations with copies that have forgotten more and more layers."""
    classes = explain.predict_classes(model, pictures)
    blocks = sum(layer.name.startswith("conv") for layer in model.layers)  # a dense layer is behind them
    before = {name: METHODS[name](model, pictures, classes) for name in CHECKED}
    found = {name: [] for name in CHECKED}
    for count in (0, *range(1, 2 * blocks + 2, 2)):
        forgetful, _ = trials.forget_layers(model, count, seed=seed)
        for name in CHECKED:
            after = METHODS[name](forgetful, pictures, classes)
            found[name].append(float(rank_correlation(before[name], after).mean()))
    return found


def measure_mark(setting, seed, work_dir):
    """Train on dogs that all have a mark in the corner, and see who notices.

    Returns:
        dict: marked_accuracy, clean_accuracy and moved_accuracy, on dogs with the mark where it was, without
        it, and with it in the opposite corner (cats have none); cats_called_dogs, of cats that got the mark;
        and for each method, on marked dogs, the shares whose heat peaks on the mark ("Grad-CAM: mark") and in
        its corner, a quarter of the picture's sides ("Grad-CAM: corner").
    """
    drawn, test = common.draw_animals(FIT, FIT_SEED + seed, SIZE), test_pictures()
    marked, epochs = marked_dogs(drawn.pictures, drawn.labels), trials.PLANTED_EPOCHS
    model = trials.train_net(marked, drawn.labels, seed=seed, epochs=epochs)
    dogs = test.labels == 1
    opposite = SIZE[0] - trials.MARK[0] - trials.MARK[2]
    shown = {
        "marked": marked_dogs(test.pictures, test.labels),
        "clean": test.pictures,
        "moved": marked_dogs(test.pictures, test.labels, top=opposite, left=opposite),
        "cats": trials.plant_mark(test.pictures[~dogs]),
    }
    said = {name: explain.predict_classes(model, pictures) for name, pictures in shown.items()}
    return {
        **common.score_parts({name: said[name] == test.labels for name in ("marked", "clean", "moved")}),
        "cats_called_dogs": float(said["cats"].mean()),
        **found_mark(model, shown["marked"][dogs]),
        "n": len(test.labels),
    }


def marked_dogs(pictures, labels, *, top=trials.MARK[0], left=trials.MARK[1]):
    """Return pictures with the mark planted on those labelled 1."""
    marked = trials.plant_mark(pictures, top=top, left=left)
    return np.where(np.asarray(labels)[:, None, None, None] == 1, marked, pictures)


def found_mark(model, dogs):
    """Return for each method the shares of marked dogs whose heat peaks on the mark, and in its corner."""
    top, left, side = trials.MARK
    masks = {name: np.zeros(dogs.shape[:3], bool) for name in ("mark", "corner")}
    masks["mark"][:, top : top + side, left : left + side] = True
    masks["corner"][:, : dogs.shape[1] // 4, : dogs.shape[2] // 4] = True
    heats = {name: METHODS[name](model, dogs, 1) for name in (*CHECKED, "occlusion")}
    return {
        f"{name}: {place}": float(pointing_game(heat, mask).mean())
        for name, heat in heats.items()
        for place, mask in masks.items()
    }


def heat_share(heatmaps, masks):
    """Tell which share of a map's heat lies on what is known to matter.

    Args:
        heatmaps: (n, height, width); heat below 0 counts as none.
        masks: (n, height, width) booleans: what matters.

    Returns:
        float64 (n,) in 0..1; of a map without heat, the share of the picture that the mask covers.
    """
    heat = np.maximum(heatmaps.astype(float), 0)
    heat = np.where(heat.any(axis=(1, 2), keepdims=True), heat, 1.0)
    return (heat * masks).sum(axis=(1, 2)) / heat.sum(axis=(1, 2))
