"""Figures of lesson 05: pictures of several sizes, histories side by side, learning curves."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from pixvox.plots import COLOURS


def plot_beside(pictures, *, scale=2.6):
    """Show pictures of different sizes side by side, with their pixels counted along the edges.

    Args:
        pictures: dict from title to (height, width, 3), uint8 or floats in 0..1.
        scale: inches a picture.

    Returns:
        Figure.
    """
    figure, axes = plt.subplots(
        1, len(pictures), figsize=(scale * len(pictures), scale + 0.3), layout="constrained", squeeze=False
    )
    for axis, (title, picture) in zip(axes[0], pictures.items(), strict=True):
        axis.imshow(picture, interpolation="nearest")
        axis.set_title(title, fontsize=10)
        axis.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        axis.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    return figure


def plot_two_histories(histories):
    """Draw training and validation accuracy of several trainings side by side, on one scale.

    Args:
        histories: dict from title to a dict with the keys "accuracy" and "val_accuracy", a value an epoch.

    Returns:
        Figure.
    """
    count = len(histories)
    figure, axes = plt.subplots(
        1, count, figsize=(4.0 * count, 3.0), layout="constrained", sharey=True, squeeze=False
    )
    for axis, (title, history) in zip(axes[0], histories.items(), strict=True):
        epochs = np.arange(1, len(history["accuracy"]) + 1)
        axis.plot(epochs, history["accuracy"], color=COLOURS[0], label="training")
        axis.plot(epochs, history["val_accuracy"], "--", color=COLOURS[1], label="validation")
        axis.set(xlabel="epoch")
        axis.set_title(title, fontsize=10)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.grid(alpha=0.3)
    axes[0, 0].set_ylabel("accuracy")
    axes[0, 0].legend(frameon=False, loc="lower right")
    return figure


def plot_learning_curve(table):
    """Draw test accuracy against the number of training pictures: seeds as dots, their means as lines.

    Args:
        table: DataFrame with a row a training: network, pictures, test_accuracy.

    Returns:
        Figure, with a logarithmic x axis.
    """
    figure, axis = plt.subplots(figsize=(6.0, 3.4), layout="constrained")
    for i, (name, rows) in enumerate(table.groupby("network", sort=False)):
        means = rows.groupby("pictures")["test_accuracy"].mean()
        axis.plot(means.index, means, ("-", "--", ":")[i % 3], color=COLOURS[i], label=name)
        axis.plot(
            rows["pictures"], rows["test_accuracy"], "os^"[i % 3], color=COLOURS[i], markersize=4, alpha=0.5
        )
    counts = sorted(table["pictures"].unique())
    axis.set_xscale("log")
    axis.set_xticks(counts, [f"{count:,}" for count in counts])
    axis.minorticks_off()
    axis.set(xlabel="training pictures", ylabel="test accuracy")
    axis.grid(alpha=0.3)
    if table["network"].nunique() > 1:
        axis.legend(frameon=False)
    return figure
