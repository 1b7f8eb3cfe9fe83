"""What studies share, on numbers whose result is known."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from pixvox.compare import unpack_answers
from pixvox.training import one_cycle
from pixvox_studies import common, resuming


def small_network(outputs=1):
    head = keras.layers.Dense(outputs, activation="sigmoid" if outputs == 1 else "softmax")
    return keras.Sequential([keras.layers.Input((2,)), head])


def first_number(threshold=0.5):
    """A network that says the first of the numbers it is given."""

    class Network:
        def predict(self, x, **options):
            return np.asarray(x)[:, 0] if np.ndim(x) > 2 else np.asarray(x)[:, :1]

        def evaluate(self, x, y, **options):
            return 0.0, np.float32(np.mean((np.asarray(x)[:, 0] > threshold) == y))

    return Network()


@pytest.mark.parametrize("name, per_class", [("animals", 2), ("clothes", 10)])
def test_drawings_are_drawn_once_and_are_those_of_their_seed(name, per_class, monkeypatch):
    drawn = []
    module = {"animals": common.animal_sets, "clothes": common.clothes_sets}[name]
    draw = getattr(module, f"draw_{name}")

    def keep(count, **settings):
        drawn.append(settings["seed"])
        return draw(count, **settings | {"processes": 1})

    monkeypatch.setattr(module, f"draw_{name}", keep)
    shared = getattr(common, f"draw_{name}")
    shared.cache_clear()
    first, again, other = shared(2, 1), shared(2, 1), shared(2, 2)
    shared.cache_clear()
    assert drawn == [1, 2] and again is first
    wanted = draw(2, seed=1)
    np.testing.assert_array_equal(first[0].reshape(wanted[0].shape), wanted[0])
    assert len(first[1]) == 2 * per_class and first[0].ndim == 4 and np.any(first[0] != other[0])


def test_the_first_pictures_are_taken_and_impossible_counts_refused():
    part = np.arange(10) * 10, np.arange(10) % 2
    x, y = common.take_first(part, 4)
    assert x.tolist() == [0, 10, 20, 30] and y.tolist() == [0, 1, 0, 1]
    for count in (-2, 0, 5, 12):
        with pytest.raises(ValueError, match="even number of pictures, 2 to 10"):
            common.take_first(part, count)


def test_what_a_study_does_not_know_is_refused():
    assert common.look_up({"2D": 2, "3D": 3}, "3D") == 3
    with pytest.raises(ValueError, match="'4D'"):
        common.look_up({"2D": 2, "3D": 3}, "4D")


def test_batches_go_through_all_pictures_in_a_new_order_each_time():
    assert common.count_batches(33, 16, epochs=2) == 6
    rows = common.draw_batches(50, batches=6, batch_size=20, seed=1)
    first, second, rest = rows[:50], rows[50:100], rows[100:]
    assert len(rest) == 20 == len(set(rest)) and sorted(first) == sorted(second) == list(range(50))
    assert list(first) != list(second)
    np.testing.assert_array_equal(rows, common.draw_batches(50, batches=6, batch_size=20, seed=1))
    assert np.any(rows != common.draw_batches(50, batches=6, batch_size=20, seed=2))


@pytest.mark.parametrize("outputs, loss", [(1, "BinaryCrossentropy"), (3, "CategoricalCrossentropy")])
@pytest.mark.parametrize("decay, optimizer", [(0.02, "AdamW"), (0.0, "Adam")])
def test_our_own_are_compiled_with_one_cycle_and_softened_labels(outputs, loss, decay, optimizer):
    network = small_network(outputs)
    common.compile_ours(network, common.Recipe(0.004, decay, 0.1), batches=80)
    assert type(network.optimizer).__name__ == optimizer and (network.optimizer.weight_decay or 0) == decay
    assert network.optimizer._learning_rate.get_config() == one_cycle(80, peak=0.004).get_config()
    assert type(network.loss).__name__ == loss and network.loss.label_smoothing == 0.1
    common.compile_ours(network, common.Recipe(0.004), batches=80, loss="mse")
    assert network.loss == "mse"


@pytest.mark.parametrize("outputs, loss", [(1, "binary"), (3, "sparse_categorical")])
def test_the_posts_networks_have_the_loss_of_their_outputs(outputs, loss):
    network = small_network(outputs)
    common.compile_posted(network, "rmsprop")
    assert network.loss == f"{loss}_crossentropy" and type(network.optimizer).__name__ == "RMSprop"


class Clocked:
    """In a network's place: each picture that it is trained on takes a second."""

    def __init__(self, monkeypatch):
        self.now, self.seen = 100.0, []
        monkeypatch.setattr(common, "time", SimpleNamespace(process_time=lambda: self.now))

    def fit(self, x, y, **options):
        self.now += len(x)
        self.seen.append((len(x), len(y), options))
        return SimpleNamespace(history={"loss": [1.0]})


def test_training_is_timed_by_cpu_seconds(monkeypatch):
    network = Clocked(monkeypatch)
    assert common.fit_timed(network, range(7), range(7), epochs=2) == ({"loss": [1.0]}, 7)
    assert network.seen == [(7, 7, {"verbose": 0, "epochs": 2})]


def test_the_cost_of_a_batch_is_that_of_what_comes_after_the_first_ones(monkeypatch):
    network = Clocked(monkeypatch)

    def prepare(x, y):
        network.now += 2  # seconds that count
        return x, y

    x = np.arange(20)
    assert common.batch_seconds(network, x, x, batch_size=5, warm=1) == 5
    assert common.batch_seconds(network, x, x, batch_size=5, warm=1, prepare=prepare) == 5.5
    assert [count for count, _, _ in network.seen] == [5, 20] * 2


def test_a_training_that_was_stopped_goes_on_at_its_next_epoch(tmp_path):
    x, y = np.random.default_rng(0).random((8, 2)), np.arange(8) % 2
    for epochs in (1, 3):
        resuming.start_clock(tmp_path)
        keras.utils.set_random_seed(0)
        network = small_network()
        common.compile_posted(network, "adam")
        common.fit_resumed(network, [(x, y), (x, y)], tmp_path, batch_size=4, epochs=epochs)
    assert int(network.optimizer.iterations) == 6
    logs = resuming.epoch_logs(tmp_path)
    assert len(logs["loss"]) == len(logs["val_accuracy"]) == 3


def test_answers_are_the_likeliest_class_or_above_a_half():
    network = small_network(3)
    network.set_weights([np.eye(2, 3), np.zeros(3)])
    assert common.answer(network, np.array([[2.0, 1], [1, 2], [-1, -1]])).tolist() == [0, 1, 2]
    one = small_network()
    one.set_weights([np.ones((2, 1)), np.zeros(1)])
    assert common.answer(one, np.array([[1.0, 1], [-1, -1]])).tolist() == [True, False]


def test_mirror_images_are_asked_too():
    pictures = np.array([[0.9, 0.3], [0.2, 0.9]]).reshape(2, 1, 2, 1)  # (n, height, width, channels)

    class Left:
        def predict(self, x, **options):
            return x[:, 0, 0]  # what stands on the left

    np.testing.assert_allclose(common.mirrored_answers(Left(), pictures), [0.6, 0.55])


@pytest.mark.parametrize("named", [True, False])
def test_each_accuracy_is_that_of_its_own_part_and_test_answers_are_kept(named):
    said = np.arange(10)[:, None] / 10
    labels = [np.arange(10) >= count for count in (6, 9, 1)]  # the network says: 6 and above
    parts = [(said, y) for y in labels]
    wanted = {"train_accuracy": 1.0, "val_accuracy": 0.7, "test_accuracy": 0.5}
    right = [(said[:, 0] > 0.5) == y for y in labels]
    if named:
        parts, right = (dict(zip(("train", "val", "test"), given, strict=True)) for given in (parts, right))
    for row in (common.evaluate_parts(first_number(), parts), common.score_parts(right)):
        packed = unpack_answers(row.pop("test_right"), 10)
        assert row == pytest.approx(wanted)
        np.testing.assert_array_equal(packed, (said[:, 0] > 0.5) == labels[2])


def test_without_test_pictures_no_answers_are_kept():
    assert common.score_parts({"val": np.array([True, False])}) == {"val_accuracy": 0.5}
