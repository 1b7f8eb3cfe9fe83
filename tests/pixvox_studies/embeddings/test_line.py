"""The line between two means, against means that are computed anew, and groups that differ or do not."""

import numpy as np
import pytest
from sklearn.neighbors import NearestCentroid

from pixvox_studies.embeddings import line


@pytest.fixture
def groups():
    """Return 40 vectors in 30 dimensions and labels that have a little to do with them."""
    labels = np.repeat([0, 1], 20)
    return np.random.default_rng(0).normal(size=(40, 30)) + 0.5 * labels[:, None], labels


def test_nearer_on_the_line_is_nearer_to_the_mean(groups):
    vectors, labels = groups
    right = line.nearer_own(vectors, labels, line.group_means(vectors, labels))
    np.testing.assert_array_equal(right, NearestCentroid().fit(vectors, labels).predict(vectors) == labels)


@pytest.mark.parametrize(("size", "dimensions"), [(20, 30), (3, 2), (2, 5)])
@pytest.mark.parametrize("seed", range(5))
def test_left_out_is_a_fit_without_the_vector(size, dimensions, seed):
    labels = np.repeat([0, 1], size)
    vectors = np.random.default_rng(seed).normal(size=(2 * size, dimensions)) + 0.5 * labels[:, None]
    right = line.left_out_right(vectors, labels)
    for row in range(2 * size):
        rest = np.arange(2 * size) != row
        answer = NearestCentroid().fit(vectors[rest], labels[rest]).predict(vectors[row : row + 1])
        assert right[row] == (answer[0] == labels[row])


def test_rows_are_of_both_groups_alike():
    labels = np.repeat([0, 1], 50)
    rows = line.choose_rows(labels, 30, np.random.default_rng(0))
    assert len(set(rows.tolist())) == 30 and np.bincount(labels[rows]).tolist() == [15, 15]


@pytest.fixture
def made_up(monkeypatch):
    """Put two groups of 300 vectors into the place of the garments: far apart, or not at all."""

    def put(apart):
        labels = np.repeat([0, 1], 300)
        vectors = np.random.default_rng(1).normal(size=(600, 100)) + apart * labels[:, None]
        monkeypatch.setattr(line, "load_pair", lambda seed: (vectors, labels))

    return put


def test_groups_that_are_apart_are_so_everywhere_and_shuffled_ones_only_by_themselves(made_up, tmp_path):
    made_up(apart=2)
    row = line.measure_line({"labels": "true", "pictures": 40}, 0, tmp_path)
    assert row == {"own": 1, "left_out": 1, "others": 1}
    row = line.measure_line({"labels": "shuffled", "pictures": 40}, 0, tmp_path)
    assert row["own"] > 0.6
    assert row["left_out"] == pytest.approx(0.5, abs=0.1) and row["others"] == pytest.approx(0.5, abs=0.03)


def test_groups_that_are_the_same_part_as_well_as_shuffled_ones(made_up, tmp_path):
    made_up(apart=0)
    rows = [
        line.measure_line({"labels": labels, "pictures": 40}, 0, tmp_path) for labels in ("true", "shuffled")
    ]
    assert rows[0]["own"] == pytest.approx(rows[1]["own"], abs=0.05) and rows[0]["own"] > 0.8
    assert rows[0]["others"] == pytest.approx(0.5, abs=0.05)


def test_the_pair_is_pullovers_and_shirts():
    x, y = line.load_pair(0)
    assert x.shape == (60, 784) and 0 <= x.min() and x.max() == 1
    assert np.bincount(y).tolist() == [30, 30]
    places = x.reshape(60, 28, 28)[:, :, 10].argmax(axis=1)  # of the bars, which are brightest
    assert set(places[y == 0].tolist()) == {8} and set(places[y == 1].tolist()) == {16}
