"""What P1's recipe and ours cost: each with its own network, epochs and batches."""

import pytest

from pixvox.compare import unpack_answers
from pixvox_studies.fashion import costs, posted, recipes


@pytest.mark.parametrize(
    "recipe, parameters, steps",
    [("as posted", 356_234, 3 * 1), ("ours", 357_290, 2 * 1)],  # 64 pictures in a batch of 64, or of 128
)
def test_a_recipe_trains_its_network_for_its_steps(recipe, parameters, steps, monkeypatch, tmp_path):
    monkeypatch.setitem(posted.EPOCHS, "full", 3)
    monkeypatch.setattr(recipes, "CURED_EPOCHS", 2)
    fit, trained = costs.common.fit_timed, []

    def fit_timed(network, x, y, **options):
        result = fit(network, x, y, **options)
        trained.append((len(x), int(network.optimizer.iterations), options.keys()))
        return result

    monkeypatch.setattr(costs.common, "fit_timed", fit_timed)
    row = costs.measure_costs({"recipe": recipe}, 0, tmp_path)
    assert trained == [(64, steps, {"batch_size", "epochs"})]  # validation would cost, too
    assert row["parameters"] == parameters and row["fit_seconds"] > 0
    assert unpack_answers(row["test_right"], 20).mean() == pytest.approx(row["test_accuracy"])


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_ours_runs_through_one_cycle(profile):
    network, batch_size, epochs = costs.RECIPES["ours"](profile, 640)
    steps = epochs * 640 // batch_size
    rates = [float(network.optimizer._learning_rate(step)) for step in (0, steps // 4, steps)]
    assert rates == pytest.approx([0, recipes.CURED.peak, 0], abs=1e-6)
