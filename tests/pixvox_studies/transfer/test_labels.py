"""Few labels: which pictures are drawn, which base is asked."""

from types import SimpleNamespace

import numpy as np
import pytest
from support.bright_pictures import PARTS, SIZE

from pixvox_studies.transfer import labels

LABELS = np.array([0] * 10 + [1] * 30)


def test_half_of_the_labelled_are_cats_and_fewer_are_among_more():
    few, more = (labels.draw_labelled(LABELS, count, 4) for count in (4, 20))
    assert list(LABELS[few]) == [0, 0, 1, 1] and LABELS[more].sum() == 10
    assert {*few} < {*more} and len({*more}) == 20
    assert {*few} != {*labels.draw_labelled(LABELS, 4, 5)}


@pytest.mark.parametrize("count", [0, 5, 22])
def test_odd_numbers_and_more_than_there_are_are_refused(count):
    with pytest.raises(ValueError, match="expected an even number of pictures"):
        labels.draw_labelled(LABELS, count, 0)


@pytest.mark.parametrize(("base", "weights"), [("borrowed", "trained"), ("random weights", None)])
def test_a_regression_on_few_finds_the_brightness(loaded, monkeypatch, tmp_path, base, weights):
    monkeypatch.setattr(
        labels.common,
        "draw_animals",
        lambda count, seed, size: SimpleNamespace(pictures=PARTS[0][0], labels=PARTS[0][1]),
    )
    labels.load_means.cache_clear()
    row = labels.measure_labels({"base": base, "pictures": 10}, 1, tmp_path)
    labels.load_means.cache_clear()
    assert row == {"test_accuracy": 1.0} and loaded["weights"] == [weights]
    assert loaded["pictures"] == [(0, SIZE)]
