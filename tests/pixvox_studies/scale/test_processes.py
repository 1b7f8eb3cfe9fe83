"""What several processes are given, and what is read of what they write; tests/scale has them train."""

import importlib.util
import json
from types import SimpleNamespace

import numpy as np
import pytest

from pixvox_studies.scale import processes
from pixvox_studies.scale.worker import own_shares


@pytest.mark.parametrize("name, weights", [("one convolution", 693_962), ("few weights", 650)])
def test_the_networks_have_the_weights_that_the_lesson_tells_of(name, weights):
    network = processes.build_network(name)
    assert network.count_params() == weights
    assert len(network.optimizer.variables) > len(network.trainable_variables)  # with its momentum


def test_an_unknown_network_is_named():
    with pytest.raises(ValueError, match="got 'two convolutions'"):
        processes.build_network("two convolutions")


def test_shares_are_equal_and_make_up_the_batches_of_one_process():
    x, y = np.arange(70)[:, None], np.arange(70)
    alone = list(own_shares(x, y, 16, range(2)))
    shares = [list(own_shares(x, y, 16, range(2), number, 4)) for number in range(4)]
    assert len(alone) == 8 and all(len(part) == 8 for part in shares)
    for step, (pictures, labels) in enumerate(alone):
        assert np.array_equal(pictures[:, 0], labels)
        given = [part[step][1] for part in shares]
        assert [len(labels) for labels in given] == [4] * 4
        assert np.array_equal(np.sort(np.concatenate(given)), np.sort(labels))
    first, second = (np.concatenate([labels for _, labels in alone[at : at + 4]]) for at in (0, 4))
    assert len(set(first)) == 64 and not np.array_equal(first, second)  # each once, in another order


def test_a_training_that_goes_on_has_the_batches_it_would_have_had():
    x = y = np.arange(40)
    whole, rest = (list(own_shares(x, y, 8, range(first, 3), 1, 2)) for first in (0, 2))
    assert all(np.array_equal(*pair) for pair in zip(whole[10:], rest, strict=True))


def test_of_an_epoch_that_was_done_twice_the_last_line_counts_and_half_a_line_does_not(tmp_path):
    assert processes.read_log(tmp_path) == {}
    lines = [{"epoch": epoch, "loss": loss} for epoch, loss in ((0, 3.0), (1, 2.0), (1, 1.5))]
    text = "".join(json.dumps(line) + "\n" for line in lines) + '{"epoch": 2, "lo'
    (tmp_path / "log.jsonl").write_text(text)
    assert [line["loss"] for line in processes.read_log(tmp_path).values()] == [3.0, 1.5]


@pytest.mark.parametrize(
    "codes, over",
    [([None, None], False), ([0, None], False), ([0, 0], True), ([None, -9], True), ([1, 0], True)],
)
def test_processes_are_over_when_all_have_ended_or_one_has_not_ended_well(codes, over):
    assert bool(processes.ended([SimpleNamespace(poll=lambda code=code: code) for code in codes])) == over


@pytest.mark.parametrize("measure", [processes.measure_losses, processes.measure_speed])
def test_without_jax_it_says_what_to_type(measure, monkeypatch, tmp_path):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "jax" else found(name))
    setting = {"network": "one convolution", "rate": 0.01, "batch_size": 64, "arm": "two"}
    with pytest.raises(ValueError, match="make scale"):
        measure(setting, 0, tmp_path)
    assert not list(tmp_path.iterdir())
