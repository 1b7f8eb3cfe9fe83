"""Lesson 02's networks and numbers: by hand, in the builders, in the lesson's cells and in its studies."""

import ast
import json
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers
from support.lesson_cells import architecture, assigned_in_lesson

from pixvox.datasets import store
from pixvox.models import clothes as models_leaky
from pixvox.plots import comparisons as plots_leaky
from pixvox_studies.fashion import recipes as study_leaky

LESSON = "02_fashion_mnist"
CONVS = 3 * 3 * (1 * 32 + 32 * 64 + 64 * 128)
COUNTS = {
    "convnet": CONVS + 32 + 64 + 128 + 2048 * 128 + 128 + 128 * 10 + 10,
    "cured": CONVS + 4 * (32 + 64 + 128 + 128) + 2048 * 128 + 128 * 10 + 10,
}
BUILDERS = {"convnet": models_leaky.build_leaky_convnet, "cured": models_leaky.build_leaky_cured}


def defined_in_lesson(function):
    """Return a function as the lesson's cell defines it."""
    path = store.ROOT / "notebooks" / f"{LESSON}.ipynb"
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and f"def {function}(" in source:
            names = {"keras": keras, "layers": layers, "np": np}
            exec(ast.unparse(ast.parse(source)), names)
            return names[function]
    raise AssertionError(f"no cell of {LESSON} defines {function}")


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_those_counted_by_hand(name):
    assert BUILDERS[name]().count_params() == COUNTS[name]


def test_the_counts_are_those_in_the_text():
    assert COUNTS == {"convnet": 356_234, "cured": 357_290}


@pytest.mark.parametrize("name", COUNTS)
def test_the_lesson_shows_the_network_that_the_builder_builds(name):
    shown = assigned_in_lesson(f"leaky_{name}", notebook=LESSON)
    assert architecture(shown) == architecture(BUILDERS[name]())
    assert shown.name == f"leaky_{name}"


def test_relu_is_a_slope_of_zero():
    slopes = {
        name: [
            layer.negative_slope
            for layer in models_leaky.build_leaky_convnet(activation=name).layers
            if isinstance(layer, layers.LeakyReLU)
        ]
        for name in ("leaky", "relu")
    }
    assert slopes == {"leaky": [0.1] * 4, "relu": [0.0] * 4}
    with pytest.raises(ValueError, match="'leaky' or 'relu', came 'tanh'"):
        models_leaky.build_leaky_convnet(activation="tanh")


def test_a_cure_adds_its_layers_and_no_other():
    def kinds(**cures):
        return [type(layer).__name__ for layer in models_leaky.build_leaky_convnet(**cures).layers]

    plain = kinds()
    for cure, added in {
        "dropout": ["Dropout"] * 4,
        "norm": ["BatchNormalization"] * 4,
        "augmented": ["RandomFlip", "RandomTranslation"],
    }.items():
        cured = kinds(**{cure: True})
        assert [kind for kind in cured if kind in added] == added
        assert [kind for kind in cured if kind not in added] == plain


@pytest.fixture(scope="module")
def network():
    """P1's network with ReLU, as it starts, with two units whose bias kills them."""
    keras.utils.set_random_seed(0)
    network = models_leaky.build_leaky_convnet(activation="relu")
    for name, unit in (("conv1", 5), ("dense", 7)):
        kernel, bias = network.get_layer(name).get_weights()
        bias[unit] = -1000
        network.get_layer(name).set_weights([kernel, bias])
    return network


def test_the_largest_outputs_find_the_units_that_were_killed(network):
    images = np.random.default_rng(0).uniform(size=(40, 28, 28, 1)).astype(np.float32)
    largest = models_leaky.largest_outputs(network, images)
    assert largest.shape == (32 + 64 + 128 + 128,)
    assert largest[5] == 0 and largest[32 + 64 + 128 + 7] == 0
    first = np.maximum(keras.ops.convert_to_numpy(network.layers[0](images)), 0).max(axis=(0, 1, 2))
    np.testing.assert_allclose(largest[:32], first, atol=1e-5)
    assert np.count_nonzero(largest[:32] == 0) == 1


def test_the_lesson_counts_as_the_study_does(network):
    images = np.random.default_rng(1).uniform(size=(20, 28, 28, 1)).astype(np.float32)
    by_lesson = defined_in_lesson("largest_outputs")(network, images)
    np.testing.assert_array_equal(by_lesson, models_leaky.largest_outputs(network, images))


def test_the_studies_use_the_numbers_of_the_lesson():
    def chosen(variable):
        both = SimpleNamespace(choose=lambda **values: values)
        return assigned_in_lesson(variable, notebook=LESSON, lesson=both)

    assert chosen("batch_size") == study_leaky.BATCH_SIZE
    assert chosen("epochs")["full"] == study_leaky.EPOCHS["full"]
    assert chosen("epochs")["sample"] < study_leaky.EPOCHS["sample"]  # the lesson's own run is shorter
    assert max(chosen("batch_epochs").values()) < study_leaky.BATCH_EPOCHS
    assert chosen("cured_epochs") == study_leaky.CURED_EPOCHS
    assert chosen("cured_batch_size")["sample"] == study_leaky.CURED_BATCH_SIZE["sample"]
    assert max(chosen("unit_epochs").values()) < study_leaky.UNIT_EPOCHS


@pytest.mark.parametrize("name", COUNTS)
def test_the_loss_falls_and_a_saved_model_gives_the_same_answers(name, tmp_path):
    keras.utils.set_random_seed(0)
    images = np.random.default_rng(0).uniform(size=(64, 28, 28, 1)).astype(np.float32)
    labels = np.arange(64) % 10
    model = BUILDERS[name]()
    model.compile("adam", "sparse_categorical_crossentropy")
    losses = model.fit(images, labels, batch_size=16, epochs=6, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    probabilities = model.predict(images, verbose=0)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(images, verbose=0), probabilities)


def test_the_figure_of_gaps_has_a_row_for_each_recipe_and_the_means_of_its_seeds():
    import matplotlib.pyplot as plt

    figure = plots_leaky.plot_gaps({"one": ([0.9, 1.0], [0.8, 0.7]), "two": (0.6, 0.5)})
    (axis,) = figure.axes
    assert [label.get_text() for label in axis.get_yticklabels()] == ["one", "two"]
    lines = [line.get_xdata().tolist() for line in axis.get_lines()]
    np.testing.assert_allclose(lines, [[0.95, 0.75], [0.6, 0.5]])
    assert axis.get_ylim()[0] > axis.get_ylim()[1]  # the first row is on top
    plt.close(figure)
