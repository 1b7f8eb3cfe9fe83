"""What lessons show is what the package builds and the studies train with: their cells, row by row."""

import ast
import contextlib
import inspect
import json
import math
import re
from functools import cache
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image
from scipy.ndimage import affine_transform
from support.made_up import bars

from pixvox.datasets import store
from pixvox.explain import heatmaps as explain
from pixvox.models import clothes, pets, transfer, voxels
from pixvox.models.heads import unfreeze
from pixvox.training import one_cycle
from pixvox.voxels import recipe, views
from pixvox_evidence import claims
from pixvox_sketch import pretraining
from pixvox_sketch.animals import sets as animal_sets
from pixvox_studies.counts import posted as posted_figures
from pixvox_studies.embeddings import hidden
from pixvox_studies.faces import networks as faces
from pixvox_studies.faces import variants
from pixvox_studies.fashion import costs as fashion_costs
from pixvox_studies.fashion import pictures as fashion_pictures
from pixvox_studies.fashion import posted as fashion_posted
from pixvox_studies.fashion import recipes as fashion_studies
from pixvox_studies.fashion import training as fashion_training
from pixvox_studies.fashion import units as fashion_units
from pixvox_studies.four_models import averages, borrowed
from pixvox_studies.four_models import better as four_models_better
from pixvox_studies.four_models import networks as four_models_studies
from pixvox_studies.mnist import networks as mnist_studies
from pixvox_studies.own_pictures import faults as own_faults
from pixvox_studies.own_pictures import tools
from pixvox_studies.pets import changes as pets_changes
from pixvox_studies.pets import curve as pets_curve
from pixvox_studies.pets import recipes as pets_studies
from pixvox_studies.scale import batches as scale_batches
from pixvox_studies.scale import processes as scale_studies
from pixvox_studies.scale import worker as scale_worker
from pixvox_studies.seeing import networks as seeing
from pixvox_studies.transfer import heads, routes, steps
from pixvox_studies.voxels import axes, fair, posted

NOTEBOOKS = {
    "mnist": "01_mnist",
    "fashion": "02_fashion_mnist",
    "four_models": "03_fashion_mnist_four_models",
    "faces": "05_age_gap_faces",
    "pets": "06_cats_vs_dogs",
    "transfer": "07_vgg_transfer_learning",
    "seeing": "08_seeing_what_convnets_see",
    "voxels": "09_mnist_2d_vs_3d",
    "embeddings": "04_embeddings",
    "own_pictures": "10_your_own_pictures",
    "scale": "11_more_than_one_machine",
}
EVIDENCE = {
    "P0": "P0_3d_mnist",
    "P1": "P1_first_look",
    "P2": "P2_age_gap_faces",
    "P3": "P3_four_models",
    "P4": "P4_deep_learning_for_vision",
}
SIZE = (64, 64)


@cache
def cells_of(topic):
    """Return the cells of a lesson, as its file has them."""
    path = store.ROOT / "notebooks" / f"{NOTEBOOKS[topic]}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


@cache
def sources(topic):
    """Return the cells of a lesson: pairs of kind and text."""
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells_of(topic)]


def tagged(topic, tag):
    """Return the texts of a lesson's cells that have a tag."""
    return ["".join(cell["source"]) for cell in cells_of(topic) if tag in cell["metadata"].get("tags", ())]


@cache
def code_of(topic):
    """Return all code cells of a lesson, parsed."""
    return ast.parse("\n\n".join(text for kind, text in sources(topic) if kind == "code"))


@cache
def text_of(topic):
    """Return all code cells of a lesson in one spelling."""
    return ast.unparse(code_of(topic))


def names_of(topic, given):
    """Return what the lesson imports and defines, and `given`; `lesson.choose` gives both values."""
    names = {"lesson": SimpleNamespace(choose=lambda **values: values, seed=0), **given}
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    for node in code_of(topic).body:
        if isinstance(node, kinds):
            with contextlib.suppress(NameError):  # a default that another cell computes
                exec(ast.unparse(node), names)
    return names


def assigned(topic, variable, **given):
    """Evaluate what a lesson assigns first to a variable; `given` are other names that this needs."""
    for node in ast.walk(code_of(topic)):
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            targets = target.elts if isinstance(target, ast.Tuple) else [target]
            names = [getattr(name, "id", "") for name in targets]
            if variable in names:
                value = eval(ast.unparse(node.value), names_of(topic, given))
                return value[names.index(variable)] if isinstance(target, ast.Tuple) else value
    raise AssertionError(f"no cell of {topic} assigns {variable}")


def defined(topic, function, **given):
    """Return a function that a lesson defines."""
    return names_of(topic, given)[function]


def calls(topic, name):
    """Return the keyword arguments that are constants, of all calls of a function in a lesson."""
    nodes = [node for node in ast.walk(code_of(topic)) if isinstance(node, ast.Call)]
    found = [node for node in nodes if getattr(node.func, "attr", getattr(node.func, "id", "")) == name]
    return [
        {word.arg: word.value.value for word in node.keywords if isinstance(word.value, ast.Constant)}
        for node in found
    ]


def architecture(model):
    """Describe a model's layers without the names Keras gives to what has none."""
    unnamed = ("name", "dtype", "seed")
    return [
        (type(layer).__name__, {k: v for k, v in layer.get_config().items() if k not in unnamed})
        for layer in model.layers
    ]


@cache
def small_base():
    return transfer.build_small_vgg("vgg16", input_shape=(*SIZE, 3))


BASE = {"base": small_base, "image_size": SIZE}
POSTED_PICTURES = (
    pets_studies.POSTED_EPOCHS * pets_studies.POSTED_BATCHES * pets_studies.POSTED["as posted"][2]
)

NETWORKS = [  # a lesson's variable, what it needs, and the builder
    ("mnist", "build_convnet", {}, mnist_studies.build_mnist_convnet),
    ("mnist", "build_dense", {}, mnist_studies.build_mnist_dense),
    ("fashion", "build_leaky_convnet", {}, clothes.build_leaky_convnet),
    ("four_models", "one_conv", {}, four_models_studies.build_fashion_one),
    ("four_models", "three_conv", {}, clothes.build_fashion_three),
    ("four_models", "four_conv", {}, clothes.build_fashion_four),
    ("four_models", "head", {"fit": np.zeros((1, 2, 2, 64))}, lambda: borrowed.build_head((2, 2, 64))),
    ("embeddings", "network", {}, hidden.build_fashion_embedding),
    ("faces", "build_network", {"image_size": SIZE}, lambda: faces.build_face_net(image_size=SIZE)),
    ("faces", "build_network", {"image_size": (100, 100)}, faces.build_face_net),
    ("pets", "build_network", {"image_size": SIZE}, lambda: pets.build_pets_net(image_size=SIZE)),
    ("pets", "build_network", {"image_size": (150, 150)}, pets.build_pets_net),
    ("transfer", "build_on", BASE, lambda: heads.build_transfer_better(small_base())),
    ("transfer", "build_posted", BASE, lambda: heads.build_end_to_end(small_base())),
    ("voxels", "build_network", {"dimensions": 2}, lambda: voxels.build_fair_net(dimensions=2)),
    ("voxels", "build_network", {"dimensions": 3}, lambda: voxels.build_fair_net(dimensions=3)),
]


@pytest.mark.parametrize(("topic", "variable", "given", "build"), NETWORKS)
def test_the_lesson_shows_the_network_that_the_builder_builds(topic, variable, given, build):
    given = {name: value() if callable(value) else value for name, value in given.items()}
    if variable.startswith("build_"):
        chosen = [given[name] for name in ("dimensions", "base") if name in given] or given.values()
        shown = defined(topic, variable, **given)(*chosen)
    else:
        shown = assigned(topic, variable, **given)
    built = build()
    assert architecture(shown) == architecture(built)
    assert shown.name == built.name and shown.count_params() == built.count_params()
    named = [[layer.name for layer in network.layers if layer.weights] for network in (shown, built)]
    assert named[0] == named[1]


def test_the_lesson_shows_the_head_that_averages():
    shown = defined("pets", "build_network")(SIZE, head="averaging")
    assert architecture(shown) == architecture(pets.build_pets_net(image_size=SIZE, head="averaging"))


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_the_lesson_shows_our_network_for_pets_as_the_profile_has_it(profile):
    names = ("shift", "zoom", "with_colours")
    chosen = names_of("pets", {})["lesson"].choose  # gives both
    (call,) = [
        node
        for node in ast.walk(code_of("pets"))
        if isinstance(node, ast.Assign) and "with_colours" in ast.unparse(node.targets[0])
    ]
    values = eval(ast.unparse(call.value), {"lesson": SimpleNamespace(choose=chosen)})[profile]
    shown = defined("pets", "build_better", **dict(zip(names, values, strict=True)))()
    built = pets.build_pets_better(image_size=(None, None), **pets_studies.BETTER_CHANGES[profile])
    assert architecture(shown) == architecture(built)
    assert [layer.name for layer in shown.layers] == [layer.name for layer in built.layers]


NUMBERS = [  # an expression of a lesson's variable, and what it must be
    ("mnist", "validation_size", mnist_studies.VALIDATION_SIZE),
    ("mnist", "batch_size", mnist_studies.BATCH_SIZE),
    ("mnist", "epochs", mnist_studies.EPOCHS),
    ("fashion", "batch_size", fashion_training.BATCH_SIZE),
    ("fashion", "epochs['full']", fashion_training.EPOCHS),
    ("four_models", "batch_size", four_models_studies.FASHION_BATCH_SIZE),
    ("four_models", "epochs['full']", four_models_studies.FASHION_EPOCHS),
    ("four_models", "augmentation", four_models_studies.AUGMENTATION),
    ("four_models", "1 / factors['scaled twice']", 1 / borrowed.WAYS["scaled twice"].factor),
    ("four_models", "vgg_size", (borrowed.Way().side,) * 2),
    ("embeddings", "batch_size", four_models_studies.FASHION_BATCH_SIZE),
    ("embeddings", "epochs", hidden.EPOCHS),
    ("faces", "image_size", faces.IMAGE_SIZES),
    ("faces", "batch_size", faces.BASE["batch_size"]),
    ("faces", "epochs['full']", faces.EPOCHS["full"]),
    ("pets", "image_size", pets_studies.IMAGE_SIZES["sample"]),
    ("pets", "image_size", pets_curve.SIZE),
    ("pets", "per_class", pets_studies.PER_CLASS),
    ("pets", "learning_rate", pets_studies.RATE),
    ("pets", "batch_size", pets_studies.BATCH_SIZE),
    ("pets", "augmentation", pets_studies.AUGMENTATION),
    ("pets", "better_batch_size", pets_studies.BETTER_BATCH_SIZE),
    ("pets", "stages['full']", pets.BETTER_STAGES["full"]),
    ("pets", "[side for side, _ in stages['sample']]", [side for side, _ in pets.BETTER_STAGES["sample"]]),
    ("pets", "epochs['full']", 30),  # the post's
    ("pets", "with_hidden", pets_studies.BETTER_HIDES),
    ("pets", "used['augmentation and dropout']", POSTED_PICTURES),
    ("transfer", "base_name", heads.BASES),
    ("transfer", "image_size", heads.END_SIZES),
    ("transfer", "per_class", pets_studies.PER_CLASS),
    ("transfer", "batch_size", heads.BATCH_SIZE),
    ("transfer", "head_rate", heads.HEAD_RATE),
    ("transfer", "tuning_rate", heads.TUNING_RATE),
    ("transfer", "frozen_epochs['sample']", heads.FROZEN_EPOCHS["sample"]),
    ("transfer", "tuning_epochs['sample']", heads.TUNING_EPOCHS["sample"]),
    ("transfer", "first_tuned", heads.TUNED_FROM),
    ("transfer", "large_rate", steps.RATES["large"]),
    ("transfer", "half['sample']", steps.EPOCHS["sample"]),
    ("seeing", "image_size", seeing.SIZES),
    ("seeing", "epochs['sample']", seeing.EPOCHS["sample"]),
    ("seeing", "marked_epochs['sample']", seeing.MARKED_EPOCHS["sample"]),
    ("seeing", "batch_size", seeing.BATCH_SIZE),
    ("seeing", "peak_rate", {name: one.peak for name, one in seeing.RECIPE.items()}),
    ("seeing", "per_class['sample'][0]", seeing.FIT),
    ("seeing", "sum(per_class['sample'])", animal_sets.SAMPLE_COUNT),
    ("voxels", "batch_size", axes.BATCH_SIZE),
    ("scale", "batch_size", scale_studies.BATCH_SIZE),
    ("scale", "learning_rate", scale_studies.RATE),
    ("scale", "learning_rate", scale_batches.RATE),
]


@pytest.mark.parametrize(("topic", "expression", "wanted"), NUMBERS)
def test_the_lesson_has_the_numbers_of_the_package(topic, expression, wanted):
    variable = re.search(r"(\w+)(\[|\)|$)", expression)[1]
    assert eval(expression, {variable: assigned(topic, variable)}) == wanted


RECIPES = [  # the variable of the highest rate, and the recipe: with its weight decay and smoothing
    ("pets", "peak_rate", pets_studies.BETTER),
]


@pytest.mark.parametrize(("topic", "rate", "recipe"), RECIPES)
def test_the_lesson_has_the_recipe_of_the_package(topic, rate, recipe):
    names = (rate, "weight_decay", "smoothing")
    assert tuple(assigned(topic, name) for name in names) == (recipe.peak, recipe.decay, recipe.smoothing)


LIVE = [  # what a lesson trains for, and the study's epochs, which may be more
    ("faces", "epochs", faces.EPOCHS),
    ("fashion", "epochs", fashion_posted.EPOCHS),
    ("fashion", "unit_epochs", dict.fromkeys(("sample", "full"), fashion_units.EPOCHS)),
    ("four_models", "epochs", dict.fromkeys(("sample", "full"), four_models_studies.FASHION_EPOCHS)),
    ("four_models", "extra_epochs", dict.fromkeys(("sample", "full"), four_models_studies.EXTRA_EPOCHS)),
]


@pytest.mark.parametrize(("topic", "variable", "studied"), LIVE)
def test_the_lessons_own_run_is_no_longer_than_the_studys(topic, variable, studied):
    live = assigned(topic, variable)
    assert all(live[profile] <= studied[profile] for profile in ("sample", "full"))


CYCLES = [  # the lesson's schedule, what it needs, and the highest rate of the package's
    ("pets", "rate", {"batches": 101, "peak_rate": 4e-3}, pets_studies.BETTER.peak),
]


@pytest.mark.parametrize(("topic", "variable", "given", "peak"), CYCLES)
def test_the_lessons_learning_rate_is_the_packages(topic, variable, given, peak):
    shown, studied = assigned(topic, variable, steps=101, **given), one_cycle(101, peak=peak)
    for step in range(0, 102, 25):
        assert float(shown(step)) == pytest.approx(float(studied(step)), abs=1e-9)


CALLS = [  # a function, one of its arguments, and all values that the lesson's calls of it have
    ("fashion", "train_test_split", "test_size", {fashion_pictures.SPLIT["test_size"]}),
    ("fashion", "train_test_split", "random_state", {fashion_pictures.SPLIT["random_state"]}),
    ("four_models", "train_test_split", "test_size", {fashion_pictures.SPLIT["test_size"]}),
    ("four_models", "train_test_split", "random_state", {fashion_pictures.SPLIT["random_state"]}),
    ("embeddings", "train_test_split", "test_size", {fashion_pictures.SPLIT["test_size"]}),
    ("embeddings", "train_test_split", "random_state", {fashion_pictures.SPLIT["random_state"]}),
    ("seeing", "AdamW", "weight_decay", {seeing.RECIPE["sample"].decay}),
    ("seeing", "BinaryCrossentropy", "label_smoothing", {seeing.RECIPE["sample"].smoothing}),
]


@pytest.mark.parametrize(("topic", "function", "argument", "wanted"), CALLS)
def test_the_lesson_calls_with_the_numbers_of_the_package(topic, function, argument, wanted):
    assert {words[argument] for words in calls(topic, function) if argument in words} == wanted


def test_the_evidence_counts_the_epochs_of_our_schedule():
    path = store.ROOT / "notebooks" / "evidence" / f"{EVIDENCE['P4']}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    (text,) = ["".join(cell["source"]) for cell in cells if "pets_cost" in "".join(cell["source"])]
    assert f"epochs = {[count for _, count in pets.BETTER_STAGES['full']]}" in text
    assert f"-(-2_000 // {pets_studies.BETTER_BATCH_SIZE['full']})" in text


LAST_MAPS = [  # and what is behind them
    keras.layers.Conv2D(4, 3, activation="relu"),
    keras.layers.GlobalAveragePooling2D(),
    keras.layers.Dense(3, activation="softmax"),
]


def slabs(count):
    """Return thin bodies, (n, 8, 8, 8), of another place for each of ten labels."""
    volumes = np.zeros((count, 8, 8, 8), np.float32)
    for row in range(count):
        volumes[row, row % 10 // 5 : row % 10 // 5 + 5, row % 5 : row % 5 + 3, 3] = 1
    return volumes


TAKEN = [(topic, cell) for topic in NOTEBOOKS for cell in tagged(topic, "take-it-with-you")]
SHORTER = {  # what is written there, and in its place: whole trainings are re-run with the lessons
    "mnist": {"max(9, 460 * batch // len(numbers))": "9"},
    "pets": {"range(48)": "range(3)", "epoch < 32": "epoch < 2"},
}


@pytest.mark.parametrize(("topic", "text"), TAKEN, ids=[topic for topic, _ in TAKEN])
def test_what_readers_take_with_them_runs_alone(topic, text, capsys):
    pictures, labels = bars(80)
    if topic in ("pets", "transfer"):
        pictures = np.tile(np.repeat(np.repeat(pictures, 2, axis=1), 2, axis=2), 3)
    labels = np.array(list("klmnopqrst"))[labels % 2 if topic in ("faces", "pets") else labels]
    names = {"x_train": pictures, "y_train": labels, "x_test": pictures[:20], "y_test": labels[:20]}
    if topic == "voxels":
        names |= {"x_train": slabs(80), "x_test": slabs(20)}
    names |= {"who_train": np.arange(80), "who_test": np.repeat(np.arange(80, 90), 2)}
    if topic == "own_pictures":
        names["folder"] = SimpleNamespace(root=store.ROOT / "data" / "sample" / "own-pictures" / "folder")
    if topic == "seeing":
        names["network"] = seen = keras.Sequential([keras.Input((28, 28, 1)), *LAST_MAPS])
        names["y_test"] = seen(pictures[:20].astype("f4")).numpy().argmax(axis=1)
    shorter = text
    for written, instead in SHORTER.get(topic, {}).items():
        assert shorter.count(written) == 1
        shorter = shorter.replace(written, instead)
    exec(shorter, names)
    assert "accuracy" in capsys.readouterr().out
    lines = [line for line in text.splitlines() if line.strip() and "assert" not in line]
    assert "pixvox" not in text and len(lines) <= 30


@pytest.mark.parametrize("units, head", [(1, "sigmoid"), (3, "softmax"), (3, None)])
@pytest.mark.parametrize("with_base", [False, True])
def test_the_heat_maps_that_readers_take_are_the_packages(units, head, with_base):
    keras.utils.set_random_seed(0)
    body = [keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.Conv2D(5, 3, activation="relu")]
    body = [keras.Sequential([keras.Input((12, 16, 3)), *body])] if with_base else body
    ending = [
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(units, head),
    ]
    network = keras.Sequential([keras.Input((12, 16, 3)), *body, *ending])
    pictures = np.random.default_rng(0).uniform(0, 255, (6, 12, 16, 3))
    names = {"network": network, "x_test": pictures, "y_test": np.zeros(6, int)}
    exec(tagged("seeing", "take-it-with-you")[0], names)
    wanted = explain.grad_cam(network, pictures, names["classes"])
    assert wanted.any() and np.allclose(names["heat"], wanted, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("angles", [(0, 0, 0), (20, -30, 40), (10, 40, 130), (-60, 20, 10)])
def test_readers_turn_bodies_into_the_axes_of_the_package(angles):
    (text,) = tagged("voxels", "take-it-with-you")
    names = {}
    exec(text.split("faced_train,")[0], names)
    image = np.zeros((28, 28))
    image[4:24, 8:12] = image[20:24, 8:22] = 1  # a tall L
    turned = recipe.cloud_of_digit(image)[0] @ recipe.rotation_matrix(angles)
    volume = recipe.voxel_grid(turned).astype(np.float32)
    up_right_thin = views.thin_axes(volume[None])[0][[1, 0, 2], ::-1]  # rows in (z, y, x), as the grid
    middle = np.average(np.argwhere(volume > 0), axis=0, weights=volume[volume > 0])
    corner = middle - up_right_thin.T @ np.full(3, 7.5)
    wanted = affine_transform(volume, up_right_thin.T, corner, order=1)
    np.testing.assert_allclose(names["face"](volume), wanted, atol=1e-3)


def test_the_second_route_that_readers_take_runs_too(capsys):
    (text,) = tagged("transfer", "take-it-with-you")
    pictures, labels = bars(40)
    pictures = np.tile(pictures, 3)
    names = {"x_train": pictures, "y_train": labels % 3, "x_test": pictures[:9], "y_test": labels[:9] % 3}
    assert text.count("8 if known else 0") == 1 and text.count("(160, 160)") == 1
    exec(text.replace("8 if known else 0", "1").replace("(160, 160)", "(64, 64)"), names)
    assert "fine-tuned: accuracy" in capsys.readouterr().out
    trained = {type(layer).__name__ for layer in names["body"].layers if layer.trainable_weights}
    assert "Conv2D" in trained and "BatchNormalization" not in trained
    recipe = heads.BETTER["full"]
    assert names["model"].optimizer.weight_decay == recipe.decay
    assert float(re.search(r"warmup_target=([\d.e-]+)", text)[1]) == recipe.peak


def test_the_digits_recipe_that_readers_take_is_the_studys():
    (text,) = tagged("mnist", "take-it-with-you")
    for profile, count in (("sample", 1_437), ("full", 60_000)):
        pictures, labels = np.full((count, 28, 28, 1), 9, np.uint8), np.arange(count) % 10
        names = {"x_train": pictures, "y_train": labels, "x_test": pictures[:9], "y_test": labels[:9]}
        exec(text.split("model.fit(")[0], names)
        taken, studied = architecture(names["model"]), architecture(mnist_studies.build_better())
        aside = [layer for layer in taken if layer not in studied]
        assert [name for name, _ in aside] == ["Rescaling", "MaxPooling2D"]
        assert aside[1][1]["pool_size"] == (1, 1)  # keeps all
        assert [layer for layer in taken if layer not in aside] == studied
        epochs, batch_size = mnist_studies.BETTER_EPOCHS[profile], mnist_studies.BETTER_BATCH_SIZE[profile]
        assert (names["rounds"], names["batch"]) == (epochs, batch_size)
        assert names["steps"] == epochs * math.ceil(count / batch_size)
        wanted = one_cycle(names["steps"], peak=mnist_studies.BETTER.peak)
        for step in (0, names["steps"] // 3, names["steps"]):
            assert float(names["rate"](step)) == pytest.approx(float(wanted(step)), abs=1e-9)


def test_the_clothes_recipe_that_readers_take_is_the_studys():
    (text,) = tagged("four_models", "take-it-with-you")
    for profile, count in (("sample", 1_600), ("full", 48_000)):
        pictures, labels = np.full((count, 28, 28, 1), 9, np.uint8), np.arange(count) % 10
        names = {"x_train": pictures, "y_train": labels, "x_test": pictures[:9], "y_test": labels[:9]}
        exec(text.split("model.fit(")[0], names)
        taken, studied = architecture(names["model"]), architecture(four_models_better.build_fashion_better())
        aside = [layer for layer in taken if layer not in studied]
        keeping_all = [settings["pool_size"] for name, settings in aside if name == "MaxPooling2D"]
        assert {name for name, _ in aside} == {"Rescaling", "MaxPooling2D"} and {*keeping_all} == {(1, 1)}
        assert [layer for layer in taken if layer not in aside] == studied
        assert names["batch"] == four_models_better.BETTER_BATCH_SIZE[profile]
        assert names["rounds"] == four_models_better.BETTER_EPOCHS[profile]
        model, recipe = names["model"], four_models_better.BETTER
        assert model.optimizer.weight_decay == recipe.decay
        assert model.loss.get_config()["label_smoothing"] == recipe.smoothing
        wanted = one_cycle(names["steps"], peak=recipe.peak)
        for step in (0, names["steps"] // 3, names["steps"]):
            assert float(names["rate"](step)) == pytest.approx(float(wanted(step)), abs=1e-9)


def test_the_recipe_against_remembering_that_readers_take_is_the_studys():
    (text,) = tagged("fashion", "take-it-with-you")
    for profile, count in (("sample", 1_600), ("full", 48_000)):
        pictures, labels = np.full((count, 28, 28, 1), 9, np.uint8), np.arange(count) % 10
        names = {"x_train": pictures, "y_train": labels, "x_test": pictures[:9], "y_test": labels[:9]}
        exec(text.split("model.fit(")[0], names)
        taken = architecture(names["model"])
        assert taken.pop(0)[0] == "Rescaling"
        assert taken == architecture(fashion_studies.build_leaky_cured())
        assert names["batch"] == fashion_costs.OURS_BATCH_SIZE[profile]
        assert names["rounds"] == fashion_studies.CURED_EPOCHS
        wanted = one_cycle(names["steps"], peak=fashion_studies.CURED.peak)
        for step in (0, names["steps"] // 3, names["steps"]):
            assert float(names["rate"](step)) == pytest.approx(float(wanted(step)), abs=1e-9)


def test_the_faces_recipe_that_readers_take_is_the_studys():
    (text,) = tagged("faces", "take-it-with-you")
    pictures, labels = np.full((351, *SIZE, 3), 9, np.uint8), np.arange(351) % 2
    names = {"x_train": pictures, "y_train": labels, "x_test": pictures[:9], "y_test": labels[:9]}
    names |= {"who_train": np.arange(351), "who_test": np.arange(400, 409)}
    exec(text.split("model.fit(")[0], names)
    taken, studied = architecture(names["model"]), architecture(variants.build_face_better(image_size=SIZE))
    aside = [layer for layer in taken if layer not in studied]
    assert [name for name, _ in aside] == ["Rescaling", "MaxPooling2D"]
    assert aside[1][1]["pool_size"] == (1, 1)  # keeps all
    assert [layer for layer in taken if layer not in aside] == studied
    model, recipe, epochs = names["model"], variants.BETTER, variants.BETTER_EPOCHS
    assert f"batch_size={variants.BETTER_BATCH_SIZE}, epochs={epochs}" in text
    assert model.optimizer.weight_decay == recipe.decay
    assert model.loss.get_config()["label_smoothing"] == recipe.smoothing
    assert names["batches"] == epochs * math.ceil(351 / variants.BETTER_BATCH_SIZE)
    wanted = one_cycle(names["batches"], peak=recipe.peak)
    for step in (0, names["batches"] // 3, names["batches"]):
        assert float(names["rate"](step)) == pytest.approx(float(wanted(step)), abs=1e-9)


def test_the_pets_recipe_that_readers_take_is_the_studys():
    (text,) = tagged("pets", "take-it-with-you")
    pictures, labels = np.full((400, *SIZE, 3), 9, np.uint8), np.arange(400) % 2
    names = {"x_train": pictures, "y_train": labels, "x_test": pictures[:9], "y_test": labels[:9]}
    exec(text.split("for epoch in")[0], names)
    changes = pets_studies.BETTER_CHANGES["sample"]
    taken, studied = architecture(names["model"]), architecture(pets.build_pets_better(**changes))
    aside = [layer for layer in taken if layer not in studied]
    assert [name for name, _ in aside] == [
        *("RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom"),
        *("MaxPooling2D",) * 4,  # of one place: they keep all
    ]
    assert [settings["pool_size"] for name, settings in aside if name == "MaxPooling2D"] == [(1, 1)] * 4
    assert [layer for layer in studied if layer not in taken][0][0] == "RandomAffine"
    assert [layer for layer in taken if layer not in aside] == [
        one for one in studied if one[0] != "RandomAffine"
    ]
    turned, moved, zoomed = (settings for _, settings in aside[1:4])
    assert turned["factor"][1] == pytest.approx(changes["augmentation"]["rotation_degrees"] / 360)
    for name, layer in (("shift", moved), ("zoom", zoomed)):
        assert layer["height_factor"] == layer["width_factor"] and max(
            np.ravel(layer["width_factor"])
        ) == pytest.approx(changes["augmentation"][name])
    (small, first), (large, last) = pets.BETTER_STAGES["sample"]
    assert names["small"].shape[1:3] == (small, small) and SIZE == (large, large)
    assert not pets_studies.BETTER_HIDES["sample"] and "RandomBrightness" not in dict(studied)
    early, epochs = (int(re.search(pattern, text)[1]) for pattern in (r"epoch < (\d+)", r"range\((\d+)\)"))
    assert early / epochs == first / (first + last) and epochs <= first + last  # which had more
    batch_size, recipe = pets_studies.BETTER_BATCH_SIZE["sample"], pets_studies.BETTER
    assert f"batch_size={batch_size}" in text and names["steps"] == epochs * 400 // batch_size
    assert names["model"].optimizer.weight_decay == recipe.decay
    assert names["model"].loss.get_config()["label_smoothing"] == recipe.smoothing
    wanted = one_cycle(names["steps"], peak=recipe.peak)
    for step in (0, names["steps"] // 3, names["steps"]):
        assert float(names["rate"](step)) == pytest.approx(float(wanted(step)), abs=1e-9)


def test_the_averages_are_estimated_again_as_in_the_study():
    (cell,) = [text for kind, text in sources("four_models") if kind == "code" and "(k - 1) / k" in text]
    networks = []
    for _ in range(2):
        keras.utils.set_random_seed(0)  # of the dropout, too
        networks.append(clothes.build_fashion_four())
    ours, theirs = networks
    exec(cell, {"four_conv": ours, "x_fit": CLOTHES, "batch_size": 8, "layers": keras.layers})
    averages.reestimate_averages(theirs, CLOTHES, batch_size=8)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    norms = [layer for layer in ours.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert {layer.momentum for layer in norms} == {0.99}


def test_the_rows_for_choices_are_the_studys():
    cut = assigned("voxels", "cut", x_train=np.zeros(1_000))
    np.testing.assert_array_equal(fair.last_digits(1_000), np.arange(1_000) >= cut)


def test_the_network_that_the_lesson_explains_is_the_studies():
    shown = defined("seeing", "build_network", drawn=True)(SIZE)
    assert architecture(shown) == architecture(pets.build_pets_better(image_size=SIZE, **seeing.CHANGES))


def test_the_posts_head_has_the_posts_parameters():
    head = assigned("four_models", "head", fit=np.zeros((1, 4, 4, 512)))
    assert head.count_params() == 4 * 4 * 512 * 512 + 512 + 512 * 10 + 10 == 4_199_946


def test_the_lesson_compares_variants_that_differ_in_one_setting():
    pairs = assigned("faces", "steps")
    assert {name for pair in pairs.values() for name in pair} == set(faces.VARIANTS)
    for first, second in pairs.values():
        one, other = (faces.settings_of(name) for name in (first, second))
        assert sum(one[key] != other[key] for key in one) == 1, (first, second)


def test_the_lesson_has_a_posted_score_for_each_of_the_nine_variants(capsys):
    (cell,) = [text for kind, text in sources("faces") if kind == "code" and "posted |= " in text]
    names = {}
    exec(cell, names)
    assert [f"{score:.4f}" for score in names["posted"].values()] == posted_figures.TEST_SCORES
    extra = {"ReLU, valid (control)", "batch 8", "batch 32", "batch 64"}
    assert {*names["posted"]} | extra == set(faces.VARIANTS) and not extra & {*names["posted"]}


@pytest.mark.parametrize("dimensions, channels, total", [(2, 16, 8_429_698), (3, 3, 21_060_490)])
def test_the_lesson_counts_the_posts_parameters_layer_by_layer(dimensions, channels, total):
    shown = defined("voxels", "build_posted")(dimensions, channels)
    built = {2: posted.build_voxels_2d, 3: posted.build_voxels_3d}[dimensions]()
    counts = [[layer.count_params() for layer in one.layers if layer.weights] for one in (shown, built)]
    assert counts[0] == counts[1] and sum(counts[0]) == total


def noise(*shape, seed=0):
    return np.random.default_rng(seed).uniform(size=shape).astype(np.float32)


def convolve_by_windows(volume, kernels, biases):
    windows = sliding_window_view(volume, (3, 2, 3), axis=(0, 1, 2))  # (3, 5, 5, 2, 3, 2, 3)
    return np.einsum("abcidef,defio->abco", windows, kernels) + biases


CONVOLVED = noise(5, 6, 7, 2), noise(3, 2, 3, 2, 4, seed=1), noise(4, seed=2)
CLOTHES = noise(20, 28, 28, 1)
FUNCTIONS = [  # a lesson's function, its arguments, and a function that gives the same
    (
        "mnist",
        "shift",
        lambda: (CLOTHES, 3, -2),
        lambda x, down, right: mnist_studies.shift(x, down=down, right=right),
    ),
    (
        "fashion",
        "largest_outputs",
        lambda: (clothes.build_leaky_convnet(), CLOTHES),
        fashion_units.largest_outputs,
    ),
    ("pets", "erase", lambda: (noise(6, 20, 30, 3), np.random.default_rng(1)), pets_changes.erase),
    (
        "pets",
        "blend",
        lambda: (noise(6, 2, 3, 3), np.arange(6) % 2, np.random.default_rng(1)),
        pets_changes.blend,
    ),
    ("voxels", "convolve_3d", lambda: CONVOLVED, convolve_by_windows),
]


@pytest.mark.parametrize(("topic", "function", "arguments", "same"), FUNCTIONS)
def test_the_lesson_computes_as_the_package_does(topic, function, arguments, same):
    keras.utils.set_random_seed(0)
    shown = defined(topic, function)(*arguments())
    keras.utils.set_random_seed(0)
    wanted = same(*arguments())
    pairs = zip(shown, wanted, strict=True) if isinstance(wanted, tuple) else [(shown, wanted)]
    for one, other in pairs:
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_the_regression_is_the_studys():
    means, labels = noise(40, 5), np.arange(40) % 2
    fitted = (fit(means, labels) for fit in (defined("transfer", "fit_head"), routes.fit_means))
    np.testing.assert_array_equal(*(one.predict_proba(means) for one in fitted))


@pytest.mark.parametrize("first, tensors", [(None, 0), ("block5_conv1", 6), ("block1_conv1", 26)])
def test_unfreezing_is_the_same_in_lesson_and_study(first, tensors):
    base = transfer.build_small_vgg("vgg16", input_shape=(*SIZE, 3))
    for train_from in (defined("transfer", "train_from"), unfreeze):
        base.trainable = False
        train_from(base, first)
        assert len(base.trainable_weights) == tensors


def test_normalisations_stay_frozen_in_lesson_and_study():
    base = pretraining.build_normalised_vgg("vgg16")
    for train_from in (defined("transfer", "train_from"), unfreeze):
        train_from(base, base.layers[0].name)
        assert len(base.trainable_weights) == 13  # kernels; such convolutions have no biases


def test_the_smoothing_is_an_exponential_moving_average():
    smooth = defined("transfer", "smooth")
    assert smooth([1.0, 2.0, 3.0], 0.5) == [1.0, 1.5, 2.25] and smooth([0.4]) == [0.4]
    points = list(noise(9))
    by_weights = 0.8**8 * points[0] + sum(0.2 * 0.8 ** (8 - i) * points[i] for i in range(1, 9))
    assert smooth(points)[-1] == pytest.approx(by_weights)


@pytest.mark.parametrize("function", [scale_worker.own_shares, scale_worker.work])
def test_the_processes_of_the_study_run_what_the_lesson_shows(function):
    (shown,) = [one for one in code_of("scale").body if getattr(one, "name", None) == function.__name__]
    (studied,) = ast.parse(inspect.getsource(function)).body
    assert ast.unparse(shown) == ast.unparse(studied)


@pytest.mark.parametrize(
    "name, middle",
    [
        ("one convolution", []),
        ("batch normalisation", [keras.layers.BatchNormalization()]),
        ("dropout", [keras.layers.Dropout(0.2)]),
    ],
)
def test_the_processes_train_the_network_of_the_lesson(name, middle):
    shown, studied = defined("scale", "build_network")(middle), scale_studies.build_network(name)
    assert architecture(shown) == architecture(studied)


@pytest.mark.parametrize("topic", NOTEBOOKS)
def test_each_statement_has_its_section_and_a_link_to_its_heading_among_the_evidence(topic):
    statements = claims.load_claims(lesson=NOTEBOOKS[topic])
    prose = "\n".join(text for kind, text in sources(topic) if kind == "markdown")
    headings = re.findall(r"^#+ (.+)$", prose, flags=re.MULTILINE)
    assert bool(statements) == (topic not in ("own_pictures", "scale"))  # which no post has
    assert {one.section for one in statements.values()} <= set(headings)
    anchors = {name: f"{name} {one.text}".replace(" ", "-") for name, one in statements.items()}
    files = {name: f"evidence/{EVIDENCE[one.post]}.ipynb" for name, one in statements.items()}
    assert not [name for name in statements if f"[{name}]({files[name]}#{anchors[name]})" not in prose]


@pytest.mark.parametrize("topic", NOTEBOOKS)
def test_a_lesson_keeps_numbers_for_its_own_statements_only(topic):
    kept = re.findall(r"'(P\d+\.\d+)'", text_of(topic))
    assert set(kept) <= set(claims.load_claims(lesson=NOTEBOOKS[topic]))


@pytest.mark.parametrize("topic", NOTEBOOKS)
def test_no_network_sees_test_pictures_before_the_heading_test(topic):
    headings = (i for i, (_, text) in enumerate(sources(topic)) if "\n## Test\n" in f"\n{text}\n")
    heading = next(headings, None)  # without one, nowhere
    before = [text for kind, text in sources(topic)[:heading] if kind == "code" and "x_test" in text]
    assert not any(word in text for text in before for word in ("predict", "evaluate", "fit("))


class TestOwnPictures:
    """The lesson's tools are those that the study measures with."""

    given = {
        "image_size": SIZE,
        "window": tools.WINDOW,
        "row": 40,
        "column": 40,
        "side": tools.SIDE,
        "mark_seen": True,
    }
    pictures = np.random.default_rng(0).integers(0, 256, (24, *SIZE, 3), dtype=np.uint8)
    labels = np.arange(24) % 2

    def shown(self, name, **more):
        return defined("own_pictures", name, **self.given, **more)

    def test_network_and_numbers(self):
        network, built = self.shown("build_network", class_names=("cat", "dog"))(), tools.build_network(2)
        assert architecture(network) == architecture(built)
        names = ("epochs", "batch_size", "learning_rate", "looks", "threshold")
        wanted = (tools.EPOCHS, tools.BATCH_SIZE, tools.RATE, tools.LOOKS, tools.ALIKE)
        assert tuple(assigned("own_pictures", name) for name in names) == wanted
        costs = assigned("own_pictures", "costs")
        assert (costs["missed"], costs["false alarm"]) == own_faults.COSTS
        assert self.shown("make_head")()[-1].get_params() == tools.make_head()[-1].get_params()

    def test_reading(self, tmp_path):
        grey = np.linspace(0, 65_535, 80 * 90).reshape(80, 90).astype(np.uint16)
        Image.fromarray(grey).save(tmp_path / "16.png")
        Image.fromarray(self.pictures[0]).save(tmp_path / "8.png")
        for name in ("read", "read_right"):
            for path in tmp_path.glob("*.png"):
                np.testing.assert_array_equal(self.shown(name)(path), getattr(tools, name)(path))

    def test_twins(self):
        np.testing.assert_array_equal(self.shown("likeness")(self.pictures), tools.likeness(self.pictures))

    def test_folds(self):
        features, groups = self.pictures[:, ::16, ::16, 0].reshape(24, -1), np.arange(24) // 2
        found = self.shown("out_of_fold")(features, self.labels, groups)
        np.testing.assert_allclose(found, tools.out_of_fold(features, self.labels, groups, seed=0))

    def test_mark(self):
        keras.utils.set_random_seed(0)
        network = tools.build_network(2)
        np.testing.assert_allclose(
            self.shown("needed")(network, self.pictures), tools.needed(network, self.pictures)
        )
        np.testing.assert_array_equal(
            self.shown("cover")(self.pictures), tools.cover(self.pictures, (40, 40))
        )
        inside = self.labels == 1
        found = self.shown("looks_like")(self.pictures[:, 40:64, 40:64], inside)
        np.testing.assert_array_equal(found, tools.looks_like(self.pictures, inside, (40, 40)))

    def test_costs(self):
        said, costs = np.linspace(0, 1, 24), {"missed": 5, "false alarm": 1}
        for level in (0.2, 0.7):
            shown = self.shown("cost", costs=costs)(said, self.labels == 1, level)
            assert shown == pytest.approx(tools.cost(said, self.labels, level, (5, 1)))


@pytest.mark.parametrize("marked", [False, True])
def test_the_checks_that_readers_take_find_twins_and_a_mark(marked, tmp_path, capsys):
    rng = np.random.default_rng(0)
    for number, kind in enumerate(2 * ["ant", "bee"] + 8 * ["ant", "bee"]):
        (tmp_path / kind).mkdir(exist_ok=True)
        picture = rng.integers(0, 200, (8, 8, 3), dtype=np.uint8).repeat(8, axis=0).repeat(8, axis=1)
        if kind == "bee" and marked:
            picture[40:44, 24:28] = 255
        Image.fromarray(picture).save(tmp_path / kind / f"{number}.png")
        if number < 2:
            Image.fromarray(picture[:, ::-1]).save(tmp_path / kind / f"again {number}.png")
    Image.fromarray(np.full((9, 9), 65_535, np.uint16)).save(tmp_path / "ant" / "deep.png")
    (tmp_path / "bee" / "broken.jpg").write_bytes(b"no picture")
    (text,) = tagged("own_pictures", "take-it-with-you")
    exec(text, {"folder": SimpleNamespace(root=tmp_path)})
    printed = capsys.readouterr().out
    assert "broken.jpg" in printed and "('ant', 'I;16'): 1" in printed
    assert "twins: [('ant/0.png', 'ant/again 0.png'), ('bee/1.png', 'bee/again 1.png')]" in printed
    row, column = map(int, re.search(r"row, column \((\d+), (\d+)\)", printed).groups())
    assert (40 <= row < 44 and 24 <= column < 28) == marked
