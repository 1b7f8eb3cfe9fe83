"""What accuracy costs: against parameters or CPU seconds, as points."""

import numpy as np

from pixvox.plots.basic import COLOURS, MARKERS, make_figure


def plot_by_size(groups, *, xlabel, ylabel):
    """Draw named points over a logarithmic x axis, in groups.

    Args:
        groups: dict from a group's name to a dict from a point's name to (x, y), up to four. The first group
            has a line through it.
        xlabel, ylabel: what the axes are, with their units.
    """
    figure, (axis,) = make_figure(7.0, 4.0)
    for i, (group, points) in enumerate(groups.items()):
        x, y = np.array(sorted(points.values())).T
        axis.plot(x, y, MARKERS[i], linestyle="-" if i == 0 else "", color=COLOURS[i], label=group)
        for name, place in points.items():
            offset = (-4, -13) if i == 0 else (4, 5)
            axis.annotate(name, place, xytext=offset, textcoords="offset points", fontsize=8)
    axis.set(xlabel=xlabel, ylabel=ylabel, xscale="log")
    axis.margins(x=0.18, y=0.12)
    axis.grid(alpha=0.3)
    axis.legend(frameon=False, loc="upper left")
    return figure
