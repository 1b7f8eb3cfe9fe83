"""Lesson 04's figures: what is drawn, and where."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgba

from pixvox.plots import comparisons as plots_faces


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


ROWS = {
    "one": (0.5, (0.4, 0.6), (0.3, 0.7)),
    "two": (0.8, (0.75, 0.85), (0.7, 0.9)),
    "three": (0.6, (0.58, 0.62), (0.5, 0.7)),
}


def horizontal(axis):
    """Return the ends of the intervals, with the height of each, as drawn: thick ones and thin ones."""
    lines = [line for line in axis.get_lines() if len(line.get_xdata()) == 2]
    for line in lines:
        assert len(set(line.get_ydata())) == 1
    found = [(tuple(line.get_xdata()), line.get_ydata()[0], line.get_linestyle()) for line in lines]
    return [[(ends, height) for ends, height, style in found if style == wanted] for wanted in ("-", "--")]


def test_each_row_has_a_mean_and_two_intervals_from_top_to_bottom():
    figure = plots_faces.plot_intervals(ROWS, xlabel="accuracy")
    (axis,) = figure.axes
    assert axis.get_xlabel() == "accuracy"
    assert [label.get_text() for label in axis.get_yticklabels()] == list(ROWS)
    assert list(axis.get_yticks()) == [0, 1, 2]
    low, high = axis.get_ylim()
    assert low > 2 > 0 > high  # the first row is on top, and all are inside
    thick, thin = horizontal(axis)
    assert [ends for ends, _ in thick] == [row[1] for row in ROWS.values()]
    assert [ends for ends, _ in thin] == [row[2] for row in ROWS.values()]
    for intervals in (thick, thin):
        assert [round(height) for _, height in intervals] == [0, 1, 2]
    assert all(a[1] != b[1] for a, b in zip(thick, thin, strict=True))  # none hides the other
    means = [line for line in axis.get_lines() if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in means] == [0.5, 0.8, 0.6]
    assert [round(line.get_ydata()[0]) for line in means] == [0, 1, 2]


def test_the_two_intervals_are_named_once():
    figure = plots_faces.plot_intervals(ROWS, xlabel="", names=("seeds", "pictures"))
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["seeds", "pictures"]
    lines = figure.legends[0].get_lines()
    assert lines[0].get_linewidth() > lines[1].get_linewidth()
    assert [line.get_linestyle() for line in lines] == ["-", "--"]


def test_without_the_first_interval_only_the_second_is_drawn_and_named():
    rows = {name: (mean, None, thin) for name, (mean, _, thin) in ROWS.items()}
    figure = plots_faces.plot_intervals(rows, xlabel="", names=("", "over pictures"))
    thick, thin = horizontal(figure.axes[0])
    assert thick == [] and len(thin) == 3
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["over pictures"]


def test_one_row_without_an_interval_takes_no_name_from_the_others():
    rows = ROWS | {"one": (0.5, None, (0.3, 0.7))}
    figure = plots_faces.plot_intervals(rows, xlabel="", names=("seeds", "pictures"))
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {"seeds", "pictures"}


def test_panels_share_their_bars_and_show_shares():
    rng = np.random.default_rng(0)
    panels = {"single": rng.normal(0.5, 0.1, 2_000), "best": rng.normal(0.7, 0.02, 50)}
    figure = plots_faces.plot_spread(panels, marks={"true": 0.5}, xlabel="score", bins=20)
    assert [axis.get_title() for axis in figure.axes] == ["single", "best"]
    for axis, scores in zip(figure.axes, panels.values(), strict=True):
        assert len(axis.patches) == 20
        heights = np.array([bar.get_height() for bar in axis.patches])
        assert heights.sum() == pytest.approx(1)
        edges = [bar.get_x() for bar in axis.patches]
        expected, _ = np.histogram(scores, bins=[*edges, axis.patches[-1].get_x() + 1])
        np.testing.assert_allclose(heights, expected / len(scores))
    first, second = ([bar.get_x() for bar in axis.patches] for axis in figure.axes)
    np.testing.assert_allclose(first, second)
    assert first[0] == pytest.approx(min(panels["single"]))
    assert figure.axes[0].get_xlim() == figure.axes[1].get_xlim()
    assert [axis.get_xlabel() for axis in figure.axes] == ["", "score"]
    assert figure.axes[0].get_ylabel() == "share"


def test_marked_values_stand_in_all_panels_and_are_named_once():
    marks = {"true": 0.3, "posted": 0.6, "other": 0.9}
    figure = plots_faces.plot_spread({"a": [0.0, 0.5, 1.0], "b": [0.2, 0.4]}, marks=marks, xlabel="score")
    for axis in figure.axes:
        assert [line.get_xdata()[0] for line in axis.get_lines()] == list(marks.values())
        looks = {(line.get_linestyle(), line.get_color()) for line in axis.get_lines()}
        assert len(looks) == len({style for style, _ in looks}) == 3
    texts = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert texts == list(marks) and figure.axes[1].get_legend() is None


def test_one_panel_has_its_name_and_axis():
    figure = plots_faces.plot_spread({"only": [0.1, 0.2]}, marks={"true": 0.1}, xlabel="score")
    (axis,) = figure.axes
    assert axis.get_title() == "only" and axis.get_xlabel() == "score" and len(axis.patches) == 30


def test_each_training_is_a_dot_on_each_set_of_pictures():
    import pandas as pd

    table = pd.DataFrame({"variant": ["a", "a", "b"], "few": [0.8, 0.9, 0.7], "many": [0.85, 0.86, 0.75]})
    names = {"few": "few pictures", "many": "many pictures"}
    figure = plots_faces.plot_trainings(table, columns=names, xlabel="accuracy")
    (axis,) = figure.axes
    assert [label.get_text() for label in axis.get_yticklabels()] == ["a", "b"]
    low, high = axis.get_ylim()
    assert low > high  # the first variant is on top
    found = {}
    for dots in axis.collections:
        for x, _ in dots.get_offsets():
            found.setdefault(tuple(dots.get_facecolors()[0]), []).append(round(float(x), 6))
    assert sorted(map(sorted, found.values())) == [[0.7, 0.8, 0.9], [0.75, 0.85, 0.86]]
    handles = [tuple(to_rgba(handle.get_color())) for handle in figure.legends[0].legend_handles]
    assert sorted(found[handles[0]]) == [0.7, 0.8, 0.9]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == list(names.values())
