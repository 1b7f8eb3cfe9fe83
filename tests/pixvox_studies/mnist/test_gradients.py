"""Gradients through ten layers, against differences, what is known of ReLU, and the committed table."""

import numpy as np
import pytest

from pixvox.tables import kept_path, read
from pixvox_studies.mnist import gradients


@pytest.mark.parametrize("activation", gradients.FUNCTIONS)
def test_the_gradient_at_a_layer_is_what_small_steps_say(activation):
    rng, function = np.random.default_rng(0), gradients.FUNCTIONS[activation]
    picture, outwards = rng.uniform(size=6), rng.normal(size=4)
    weights = [rng.normal(size=shape) for shape in ((6, 5), (5, 5), (5, 4))]

    def loss(sums):
        """Go on from the first layer's sums."""
        return function(function(function(sums) @ weights[1]) @ weights[2]) @ outwards

    sums, steps = picture @ weights[0], 1e-6 * np.eye(5)
    wanted = [(loss(sums + step) - loss(sums - step)) / 2e-6 for step in steps]
    found = gradients.layer_gradients(activation, picture, weights, outwards)
    assert [len(gradient) for gradient in found] == [5, 5, 4]
    np.testing.assert_allclose(found[0], wanted, atol=1e-8)


def test_relu_passes_on_what_its_weights_are_scaled_by(tmp_path):
    rows = [gradients.measure_gradients({"activation": "relu"}, seed, tmp_path) for seed in range(20)]
    ratio = np.array([row["ratio"] for row in rows]) / [[row["usual"]] for row in rows]
    np.testing.assert_allclose(ratio, np.tile((np.array(gradients.GAINS) / 2) ** 4.5, (20, 1)))  # 9 layers
    assert 0.5 < np.median([row["usual"] for row in rows]) < 2  # what He's weights are for


def test_the_usual_weights_are_those_of_the_usual_gain():
    for activation, gain in (("relu", 2), ("tanh", 1), ("sigmoid", 1)):
        variance = gradients.USUAL[activation]
        assert variance(gradients.WIDTH, gradients.WIDTH) == pytest.approx(gain / gradients.WIDTH)


def test_what_is_measured_again_is_what_the_table_says(tmp_path):
    table = [row for row in read(kept_path("mnist_gradients", "sample"))["rows"] if row["seed"] in (0, 19)]
    assert len(table) == 6
    for row in table:
        found = gradients.measure_gradients({"activation": row["activation"]}, row["seed"], tmp_path)
        assert row["gains"] == list(found["gains"]) == [2.0**power for power in range(-2, 9)]
        assert [*found["ratio"], found["usual"]] == pytest.approx([*row["ratio"], row["usual"]], rel=1e-6)


def test_large_weights_carry_the_sigmoid_as_far_as_relu():
    rows = read(kept_path("mnist_gradients", "sample"))["rows"]
    sigmoid = np.median([row["ratio"] for row in rows if row["activation"] == "sigmoid"], axis=0)
    by_gain = dict(zip(gradients.GAINS, sigmoid, strict=True))
    assert by_gain[1] < 1e-4 and by_gain[16] < 0.05 and by_gain[64] < 1 < by_gain[128]
