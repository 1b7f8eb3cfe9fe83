"""The drawn solids, on a few made-up volumes."""

import numpy as np
import pytest
from support.made_up import noise_volumes

from pixvox.compare import unpack_answers
from pixvox.voxels.views import own_grid
from pixvox_studies.voxels import axes, solids


@pytest.mark.parametrize("turn", ["as they lie", "their own"])
def test_a_network_is_trained_and_measured_by_class(monkeypatch, tmp_path, turn):
    train, (x_test, _) = noise_volumes(70, 0), noise_volumes(30, 1)
    test = x_test, np.random.default_rng(0).permutation(30) % 10
    network, fits = axes.NETWORKS["flat"][0](), []
    fit = network.fit
    network.fit = lambda x, y, **options: fits.append((x, y)) or fit(x, y, **options)
    monkeypatch.setattr(solids, "load_solids", lambda: (train, test))
    monkeypatch.setitem(axes.NETWORKS, "flat", (lambda: network, axes.NETWORKS["flat"][1]))
    monkeypatch.setattr(solids, "EPOCHS", 1)
    row = solids.measure_solids({"network": "flat", "axes": turn}, 0, tmp_path)
    see = own_grid if turn == "their own" else np.asarray
    np.testing.assert_array_equal(fits[0][0], see(train[0]))
    np.testing.assert_array_equal(fits[0][1].argmax(axis=1), train[1])
    assert int(network.optimizer.iterations) == 3  # 70 solids in batches of 32
    answers = network.predict(see(x_test), verbose=0).argmax(axis=1)
    by_class = [(answers == test[1])[test[1] == label].mean() for label in range(10)]
    assert row["class_accuracies"] == pytest.approx(by_class)
    assert row["test_accuracy"] == pytest.approx(np.mean(by_class))
    known = network.predict(see(train[0]), verbose=0).argmax(axis=1) == train[1]
    assert row["train_accuracy"] == pytest.approx(known.mean())
    np.testing.assert_array_equal(unpack_answers(row["test_right"], 30), answers == test[1])
    assert set(row) == {"parameters", "train_accuracy", "test_accuracy", "test_right", "class_accuracies"}
