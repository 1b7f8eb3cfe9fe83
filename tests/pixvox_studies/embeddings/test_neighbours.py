"""Hidden layers of networks that have learnt labels, none, or shuffled ones; whose neighbours they choose."""

import numpy as np
import pytest
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from support.made_up import keys_of

from pixvox.compare import unpack_answers
from pixvox_studies.embeddings import hidden, neighbours
from pixvox_studies.four_models import networks


def test_votes_are_those_of_a_classifier_with_one_left_out():
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(90, 3)), rng.integers(0, 4, 90)
    near = neighbours.nearest_labels(points, labels)
    votes = [np.bincount(row).argmax() for row in near]
    expected = cross_val_predict(KNeighborsClassifier(10), points, labels, cv=LeaveOneOut())
    np.testing.assert_array_equal(votes, expected)


def test_pictures_shown_are_not_learnt_from_and_a_seed_draws_them():
    shown, labels = hidden.load_shown(0)
    assert shown.shape == (100, 28, 28, 1) and len(labels) == 100
    (x_fit, _), _, _ = networks.load_split(0)
    assert not keys_of(shown) & keys_of(x_fit)
    assert not np.array_equal(hidden.load_shown(1)[1], labels)


@pytest.mark.parametrize("space", ["trained", "untrained", "shuffled labels", "pixels"])
def test_a_row_counts_what_the_neighbours_in_its_space_say(space, tmp_path):
    row = neighbours.measure_neighbours({"space": space}, 0, tmp_path)
    shown, labels = hidden.load_shown(0)
    vectors = shown.reshape(100, -1) if space == "pixels" else hidden.compute_hidden(space, 0)
    near = neighbours.nearest_labels(vectors, labels)
    assert row["alike"] == np.mean(near == labels[:, None])
    assert unpack_answers(row["test_right"], 100).mean() == row["vote"]
    assert row["vote"] > 0.9  # the bars' places say the class


def test_the_arms_begin_with_the_same_weights_and_differ_in_the_labels(monkeypatch):
    monkeypatch.setattr(hidden, "EPOCHS", 0)
    layers = [hidden.compute_hidden(way, 2) for way in hidden.WAYS]
    np.testing.assert_array_equal(layers[0], layers[1])
    np.testing.assert_array_equal(layers[0], layers[2])
    taught = []
    monkeypatch.setattr(hidden.common, "fit_timed", lambda _, x, y, **options: taught.append((x, y, options)))
    for way in hidden.WAYS:
        hidden.train_embedding(way, 2)
    (x, true, options), (same_x, shuffled, same_options) = taught  # nothing is fitted for "untrained"
    np.testing.assert_array_equal(x, same_x)
    assert options == same_options == {"batch_size": 32, "epochs": 0}
    np.testing.assert_array_equal(np.sort(true), np.sort(shuffled))
    assert np.mean(true == shuffled) < 0.3


def test_unknown_names_are_refused(tmp_path):
    with pytest.raises(ValueError, match="expected a way among trained"):
        hidden.compute_hidden("half trained", 0)
    with pytest.raises(ValueError, match="expected"):
        neighbours.measure_neighbours({"space": "UMAP"}, 0, tmp_path)
