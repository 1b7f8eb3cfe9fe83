import numpy as np

from pixvox_sketch.engine.chance import chosen, near


def test_numbers_stay_within_two_spreads_of_their_mean():
    rng = np.random.default_rng(3)
    drawn = [near(rng, 5, 0.5) for _ in range(400)]
    assert 4 <= min(drawn) < 4.2 and 5.8 < max(drawn) <= 6 and 4.9 < np.mean(drawn) < 5.1


def test_keys_are_chosen_as_often_as_their_weights_say():
    rng = np.random.default_rng(3)
    picks = [chosen(rng, {"a": 3, "b": 1, "c": 0}) for _ in range(400)]
    assert 265 < picks.count("a") < 335 and "c" not in picks  # 300 expected, standard deviation 8.7
