"""What accuracy costs: against parameters or CPU seconds, as points or as lines."""

import numpy as np

from pixvox.plots.basic import COLOURS, MARKERS, line_style, make_figure


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


def plot_by_cost(lines, *, xlabel, ylabel, goal):
    """Draw named lines, each with places of its own on the x axis; a line of one point is a mark.

    Args:
        lines: dict from name to ((n,) costs, (n,) values), up to four.
        xlabel, ylabel: what the axes are, with their units.
        goal: a pair of a name and a value, drawn as a level line.
    """
    figure, (axis,) = make_figure(6.6, 3.6)
    for i, (name, (costs, values)) in enumerate(lines.items()):
        style = line_style(i) | ({} if len(costs) > 1 else {"linestyle": "none"})
        axis.plot(costs, values, label=name, **style)
    axis.axhline(goal[1], color="0.4", linewidth=1, linestyle=":", label=goal[0])
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.grid(alpha=0.3)
    axis.legend(frameon=False, loc="lower right")
    return figure
