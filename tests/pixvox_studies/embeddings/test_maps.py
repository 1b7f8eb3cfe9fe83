"""Maps of vectors whose answers are known, and what is asked about them."""

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from pixvox_studies.embeddings import hidden, maps

RNG = np.random.default_rng(0)


def test_a_plane_is_seen_by_pca_and_any_plane_is_not_it():
    """Points that lie on a plane but for a little: PCA's map has all distances, a random one has not."""
    vectors = np.pad(RNG.normal(size=(80, 2)) * [5, 3], ((0, 0), (0, 18))) + RNG.normal(0, 0.01, (80, 20))
    apart = np.linalg.norm(vectors[:, None] - vectors, axis=2)
    flat = maps.draw_map("PCA", vectors, 0)
    np.testing.assert_allclose(np.linalg.norm(flat[:, None] - flat, axis=2), apart, atol=0.2)
    shadows = [maps.draw_map("any plane", vectors, seed) for seed in (0, 0, 1)]
    np.testing.assert_array_equal(shadows[0], shadows[1])
    assert np.abs(shadows[0] - shadows[2]).max() > 1
    # a shadow is linear: the sum of two vectors falls on the sum of their shadows
    stacked = np.concatenate([vectors, vectors[:1] + vectors[1:2]])
    np.testing.assert_allclose(maps.draw_map("any plane", stacked, 0)[-1], shadows[0][:2].sum(axis=0))


@pytest.mark.parametrize("kind", maps.PERPLEXITIES)
def test_tsne_keeps_neighbours_and_its_settings_arrive(kind, monkeypatch):
    vectors = RNG.normal(size=(120, 5))
    assert trustworthiness(vectors, maps.draw_map(kind, vectors, 0), n_neighbors=5) > 0.75
    asked = {}

    def note(**options):
        asked.update(options)
        raise InterruptedError

    monkeypatch.setattr(maps, "TSNE", note)
    with pytest.raises(InterruptedError):
        maps.draw_map(kind, vectors, 3)
    words = kind.split()
    assert asked.pop("random_state") == 3 and asked.pop("perplexity") == int(words[2].strip(","))
    assert asked == ({"init": "random"} if kind.endswith("random start") else {})


def test_points_strewn_blindly_are_near_1_clumps_below_and_a_grid_above():
    blind = np.mean([maps.nearest_distance(np.random.default_rng(k).random((1_000, 2))) for k in range(10)])
    assert blind == pytest.approx(1.02, abs=0.03)  # points at the edge have fewer neighbours
    clumps = np.repeat(RNG.random((20, 2)), 50, axis=0) + RNG.normal(0, 1e-3, (1_000, 2))
    assert maps.nearest_distance(clumps) < 0.1
    rows = np.stack(np.meshgrid(np.arange(30.0), np.arange(30.0)), axis=-1).reshape(-1, 2)
    assert maps.nearest_distance(rows) == pytest.approx(2 * 30 / 29)
    assert maps.nearest_distance(rows) == pytest.approx(maps.nearest_distance(7 * rows + 3))


@pytest.mark.parametrize(
    "name, columns",
    [
        ("pixels", 784),
        ("hidden layer", 64),
        ("noise of 10", 10),
        ("noise of 784", 784),
        ("cloud like pixels", 784),
    ],
)
def test_a_row_measures_the_vectors_of_its_name(name, columns, tmp_path, monkeypatch):
    monkeypatch.setitem(hidden.SHOWN, "sample", 100)
    vectors = maps.load_vectors(name, 1)
    assert vectors.shape == (100, columns)
    row = maps.measure_map({"vectors": name, "map": "PCA"}, 1, tmp_path)
    points = maps.draw_map("PCA", vectors, 1)
    assert row["neighbours"] == maps.embedding.neighbour_agreement(vectors, points)
    assert row["distances"] == maps.embedding.distance_correlation(vectors, points)
    assert row["nearest"] == maps.nearest_distance(points)


def test_a_cloud_has_the_covariance_and_no_groups():
    groups = np.repeat([0.0, 10.0], 2_000)[:, None] * [1, 0.5, 0] + RNG.normal(size=(4_000, 3))
    cloud = maps.draw_cloud(groups, 0)
    np.testing.assert_allclose(np.cov(cloud.T), np.cov(groups.T), rtol=0.1, atol=0.5)
    middle = [np.mean(np.abs(x[:, 0] - x[:, 0].mean()) < 2) for x in (groups, cloud)]
    assert middle[0] < 0.01 and middle[1] > 0.2  # between the two groups there was nothing
    assert not np.array_equal(cloud, maps.draw_cloud(groups, 1))


def test_unknown_names_are_refused():
    for call in (lambda: maps.load_vectors("voxels", 0), lambda: maps.draw_map("UMAP", np.ones((20, 3)), 0)):
        with pytest.raises(ValueError, match="expected"):
            call()
