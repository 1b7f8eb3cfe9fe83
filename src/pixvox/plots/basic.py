"""Pictures, confusion matrices, and `show`, which puts any figure on the page."""

import io

import matplotlib.pyplot as plt
import numpy as np

LINE_STYLES = ("-", "--", "-.", ":")
# Okabe and Ito (2008), "Color Universal Design": told apart by the colour-blind too.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
MARKERS = "os^Dv*PX<>"


def show(figure, *, alt):
    """Put a figure on the page, with a text for those who cannot see it; in a script open a window.

    Args:
        figure: a matplotlib Figure; it is closed afterwards.
        alt: one or two sentences that say what the figure shows.

    Raises:
        ValueError: if `alt` is empty.
    """
    from IPython.display import display

    if not alt.strip():
        plt.close(figure)
        raise ValueError("expected alt text that says what the figure shows, got an empty string")
    if not in_notebook():
        plt.show()
        plt.close(figure)
        return
    bundle = still_picture(figure, alt)
    plt.close(figure)
    display(bundle, metadata={"image/png": {"alt": alt}}, raw=True)


def in_notebook():
    """Tell whether a notebook's kernel runs this, and not a script or a terminal."""
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")


def still_picture(figure, alt):
    """Return what a page shows of a figure: a dict from a MIME type to a PNG's bytes, and to its text."""
    picture, small = io.BytesIO(), {"metadata": {"Software": None}, "pil_kwargs": {"optimize": True}}
    figure.savefig(picture, format="png", dpi=96, bbox_inches="tight", **small)
    return {"image/png": picture.getvalue(), "text/plain": f"[figure: {alt}]"}


def make_figure(width, height, rows=1, columns=1, **kwargs):
    """Make a figure of so many inches whose parts do not overlap; return it and its axes as a flat array."""
    size = {"figsize": (width, height), "layout": "constrained", "squeeze": False}
    figure, axes = plt.subplots(rows, columns, **size, **kwargs)
    return figure, axes.ravel()


def line_style(i):
    """Return the colour, dash and marker of the i-th line of a figure, as keywords of `plot`."""
    style, colour = LINE_STYLES[i % len(LINE_STYLES)], COLOURS[i % len(COLOURS)]
    return {"linestyle": style, "color": colour, "marker": MARKERS[i % 6], "markersize": 4}


def as_bytes(images):
    """Return pictures as uint8, 0 to 255; floats of 0 to 1 are brought to that. ValueError for others."""
    images = np.asarray(images)
    if not images.size or not np.all((images >= 0) & (images <= 255)):
        raise ValueError(f"expected pictures of 0 to 255, or floats of 0 to 1, got others, {images.shape}.")
    dark = images.dtype.kind == "f" and images.max() <= 1
    return ((images * 255).round() if dark else images).astype(np.uint8)


def plot_images(images, titles=None, *, columns=10, scale=0.95, limits=None):
    """Show pictures in a grid.

    Args:
        images: (n, height, width), (n, height, width, 1) grey or (n, height, width, 3) RGB, see `as_bytes`;
            ValueError for others.
        titles: n short texts, or None.
        columns: pictures in a row.
        scale: inches a picture.
        limits: (black, white) for grey pictures, the same for all; by default the smallest and largest value.
    """
    images = np.asarray(images)
    images = images[..., 0] if images.ndim == 4 and images.shape[-1] == 1 else images
    titles = None if titles is None else list(titles)
    grey = images.ndim == 3 and not images.shape[1] != images.shape[2] == 3  # that is one picture in RGB
    if not (grey or images.ndim == 4 and images.shape[3] in (3, 4)) or not images.size:
        raise ValueError(f"expected pictures (n, height, width, 1 or 3), got {images.shape}. One is x[None].")
    images = as_bytes(images) if images.ndim == 4 and (images.max() > 1 or images.min() < 0) else images
    low, high = limits or (np.nanmin(images), np.nanmax(images))
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    height = scale * (1.3 if titles is not None else 1.0)
    figure, axes = make_figure(columns * scale, rows * height, rows, columns)
    for axis in axes:
        axis.axis("off")
    for i, image in enumerate(images):
        axes[i].imshow(image, cmap="gray", vmin=low, vmax=high)
        if titles is not None:
            axes[i].set_title(str(titles[i]), fontsize=9)
    return figure
