"""Our own network for the clothes, whole and in parts, and what the recipes cost."""

import keras
import numpy as np
import pytest
from sklearn.metrics import log_loss
from support.learning import check_learns

from pixvox.compare import unpack_answers
from pixvox_studies.four_models import better, costs, networks

LAST = 9 * 128 * 256
WINDOWS = 25 * 32 + 9 * (32 * 64 + 64 * 64 + 64 * 128 + 128 * 128) + LAST
CHANNELS = 32 + 2 * 64 + 2 * 128 + 256
WHOLE = WINDOWS + 4 * CHANNELS + 2_570
PARAMETERS = {
    "normalisation": WINDOWS + CHANNELS + 2_570,
    "average": WHOLE - 2_570 + 3 * 3 * 256 * 10 + 10,
    "last convolution": WHOLE - LAST - 4 * 256 - 2_570 + 1_290,
}
LACKING = {
    "mirrors": keras.layers.RandomFlip,
    "shifts": keras.layers.RandomTranslation,
    "normalisation": keras.layers.BatchNormalization,
    "dropout": keras.layers.Dropout,
    "average": keras.layers.GlobalAveragePooling2D,
}
TRAINED = ("nothing", "one cycle", "weight decay", "smoothed labels")


def kinds(network):
    return [type(layer) for layer in network.layers]


def test_our_own_network_is_measured(tmp_path, start):
    row = better.measure_better({"recipe": "better"}, 0, start(tmp_path))
    assert row["parameters"] == WHOLE and len(row["val_accuracy"]) == 1
    assert unpack_answers(row["test_right"], 20).mean() == pytest.approx(row["test_accuracy"])


def test_our_network_learns_and_is_the_same_when_loaded(tmp_path):
    keras.utils.set_random_seed(0)
    images = np.random.default_rng(0).uniform(size=(32, 28, 28, 1)).astype(np.float32)
    network, labels = better.build_fashion_better(), np.arange(32) % 10
    assert network.count_params() == WHOLE == 577_450
    check_learns(network, images, labels, tmp_path)


@pytest.mark.parametrize("without", better.CHANGES)
def test_a_part_is_left_out_and_all_else_stays(without):
    network = better.build_fashion_better(without=without)
    assert network.count_params() == PARAMETERS.get(without, WHOLE)
    gone, whole = LACKING.get(without), kinds(better.build_fashion_better())
    replaced = [keras.layers.Flatten] if without == "average" else []
    kept = [kind for kind in kinds(network) if kind not in replaced]
    if without == "last convolution":  # with its two layers, and the pooling before it
        end = whole.index(keras.layers.GlobalAveragePooling2D)
        assert kept == [*whole[: end - 6], *whole[end - 5 : end - 3], *whole[end:]]
        return
    assert kept == [kind for kind in whole if kind is not gone]


def test_what_is_no_part_is_refused():
    with pytest.raises(ValueError, match="expected one of 'nothing'"):
        better.build_fashion_better(without="luck")


def compiled(without):
    network = better.build_fashion_better()
    better.compile_better(network, batches=40, without=without)
    return network


@pytest.mark.parametrize("without", TRAINED)
def test_a_training_lacks_one_change_and_has_the_others(without):
    network = compiled(without)
    optimizer, certain = network.optimizer, np.eye(10, dtype=np.float32)[:1]
    rates = []
    for step in (0, 10, 40):
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    wanted = [1e-3] * 3 if without == "one cycle" else [0, better.BETTER.peak, 0]
    np.testing.assert_allclose(rates, wanted, atol=1e-9)
    decay = optimizer.weight_decay or 0
    assert decay == (0 if without == "weight decay" else better.BETTER.decay)
    certain_loss = float(network.loss(certain, certain))  # 0 but for what smoothing asks of the other classes
    assert (certain_loss < 1e-4) == (without == "smoothed labels")


def test_parts_are_scored_on_the_labels_as_they_are(tmp_path, start, monkeypatch):
    scored, honest = [], better.score_plainly
    monkeypatch.setattr(better, "score_plainly", lambda *given: scored.append(given[0]) or honest(*given))
    row = better.measure_part({"without": "mirrors"}, 0, start(tmp_path))
    assert row["parameters"] == WHOLE and row["fit_seconds"] > 0
    (_, (x_val, y_val), _), (network,) = networks.load_split(0), scored
    given = network.predict(x_val, verbose=0).astype(float)
    assert row["val_loss"] == pytest.approx(log_loss(y_val, given, labels=range(10)), rel=1e-4)
    assert row["val_accuracy"] == pytest.approx(np.mean(given.argmax(axis=1) == y_val))
    assert unpack_answers(row["test_right"], 20).mean() == pytest.approx(row["test_accuracy"])


def test_the_loss_of_sharp_answers_is_theirs_and_not_a_smoothed_one():
    keras.utils.set_random_seed(0)
    sharp = keras.layers.Dense(10, "softmax", kernel_initializer=keras.initializers.RandomNormal(0, 0.2))
    network = keras.Sequential([keras.layers.Input((28, 28, 1)), keras.layers.Flatten(), sharp])
    val, test = networks.load_split(0)[1:]
    given = network.predict(val[0], verbose=0).astype(float)
    loss = log_loss(val[1], given, labels=range(10))
    assert loss > 2 and better.score_plainly(network, (val, test))["val_loss"] == pytest.approx(
        loss, rel=1e-3
    )


def test_the_part_without_nothing_is_our_own_network(tmp_path, start):
    whole = better.measure_better({"recipe": "better"}, 1, start(tmp_path / "whole"))
    part = better.measure_part({"without": "nothing"}, 1, start(tmp_path / "part"))
    assert part["test_right"] == whole["test_right"]
    assert part["val_accuracy"] == pytest.approx(whole["val_accuracy"][-1])


@pytest.mark.parametrize("name, epochs", [("four conv", 1 + 2), ("better", 1)])
def test_the_cost_of_a_whole_training_is_counted_from_a_few_batches(
    name, epochs, monkeypatch, tmp_path, small_network
):
    monkeypatch.setattr(costs.common, "batch_seconds", lambda *network_x_y, **options: 3.0)
    monkeypatch.setitem(networks.BUILDERS, "four conv", small_network)
    row = costs.measure_cost({"network": name}, 0, tmp_path)
    epoch = 3.0 * 48 / 32  # 48 pictures in batches of 32
    assert row == {"epoch_cpu_seconds": epoch, "epochs": epochs, "training_cpu_seconds": epochs * epoch}
