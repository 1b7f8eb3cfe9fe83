"""The cutting table: grey garments on black, from outlines that are filled, shaded, folded and sewn.

Outlines and lengths are in units of the garment, x to the right, y downwards; greys are float32, 0 to 1.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from pixvox_sketch.engine import texture
from pixvox_sketch.engine.chance import chosen
from pixvox_sketch.engine.outlines import tube

SIDE = 224  # pixels a side of a drawing before it is reduced
MARGIN = 12  # pixels left free for what sticks out
BRIGHTEST = 250.0
SHARPNESS = 0.5


class Photo(NamedTuple):
    """How a garment is photographed."""

    mean: float  # the grey, 0 to 255, wanted on average where the brightest parts allow it
    fill: float = 1.0  # share of the square's side that the garment's longer side takes, up to 1
    shift: tuple[float, float] = (0.0, 0.0)  # (x, y) off the middle, shares of the room left, -0.5 to 0.5
    tilt: float = 0.0  # degrees anticlockwise
    stretch: float = 1.0  # how much wider it seems than it is


class Cloth:
    """A garment while it is drawn.

    Attributes:
        rng: the random generator of the drawing hand.
        grey: float32 (SIDE, SIDE), 0 to about 1.
        cover: bool (SIDE, SIDE): where the garment is.
        folds: float32 (SIDE, SIDE), about -1 to 1: soft folds that run down.
    """

    def __init__(self, rng, around, *, light=(-0.35, -0.75)):
        """Lay out a table on which all the outlines of `around`, (n, 2) each, find room."""
        points = np.concatenate(around)
        low, high = points.min(axis=0), points.max(axis=0)
        self.rng, self.light = rng, light
        self.scale = (SIDE - 2 * MARGIN) / float(np.max(high - low))
        self.middle = (low + high) / 2
        self.grey = np.zeros((SIDE, SIDE), np.float32)
        self.cover = np.zeros((SIDE, SIDE), bool)
        self.folds = fold_field(rng)

    def mask(self, outline) -> np.ndarray:
        """Return where an outline (n, 2) covers the table, bool (SIDE, SIDE)."""
        return self._ink([outline], lambda pen, points: pen.polygon(points, fill=1))

    def fill(self, outline, tone: float, *, pattern=None, relief=1.0, fold=0.12, shadow=0.3) -> np.ndarray:
        """Lay a piece of cloth on the table.

        Args:
            outline: (n, 2).
            tone: its grey, 0 to 1.
            pattern: float32 (SIDE, SIDE) that the grey is multiplied by, or None.
            relief: how round it is, 0 (flat) to about 1.
            fold: depth of the folds, 0 to about 0.3.
            shadow: how much it darkens what lies beside it.

        Returns:
            where it is, bool (SIDE, SIDE).
        """
        mask = self.mask(outline)
        shade, height = self._shade(mask)
        field = tone * (1 + relief * (shade - 1)) * (1 + fold * self.folds)
        if pattern is not None:
            field = field * pattern
        self.grey = np.where(mask, field, self.grey * (1 - shadow * np.clip(2 * height, 0, 1)))
        self.cover |= mask
        return mask

    def lines(self, paths, change: float, *, width: float, within=None) -> None:
        """Draw seams, creases or stripes: the grey along them is multiplied by 1 + change.

        Args:
            paths: a list of (n, 2).
            change: below 0 darker, above 0 lighter.
            width: in units.
            within: bool (SIDE, SIDE), where they may show; by default on the garment.
        """
        thick = max(1, round(width * self.scale))
        mask = self._ink(paths, lambda pen, points: pen.line(points, fill=1, width=thick, joint="curve"))
        mask &= self.cover if within is None else within
        self.grey[mask] *= 1 + change

    def dots(self, centres, change: float, *, radius: float) -> None:
        """Draw buttons or eyelets around centres (n, 2)."""
        size = max(1.0, radius * self.scale)
        box = np.array([[-size, -size], [size, size]])
        mask = self._ink(
            [[centre] for centre in centres],
            lambda pen, points: pen.ellipse([tuple(corner) for corner in points[0] + box], fill=1),
        )
        self.grey[mask & self.cover] *= 1 + change

    def cord(self, spine, tone: float, *, width: float) -> None:
        """Lay a strap along a spine (n, 2); `width` in units is a number or (n,)."""
        widths = np.broadcast_to(np.asarray(width, np.float64) / 2, (len(spine),))
        self.fill(tube(spine, widths), tone, relief=0.6, fold=0.0, shadow=0.15)

    def stamp(self, outline, change: float, *, within=None) -> None:
        """Print a shape: the grey in it is multiplied by 1 + change."""
        mask = self.mask(outline) & (self.cover if within is None else within)
        self.grey[mask] *= 1 + change

    def finish(self, photo: Photo, *, side: int) -> np.ndarray:
        """Photograph the garment: fit it into a square by its longer side, in the middle, and expose it.

        Args:
            photo: how.
            side: pixels a side.

        Returns:
            uint8 (side, side), 0 where there is nothing.
        """
        image = Image.fromarray(np.where(self.cover, np.clip(self.grey, 0.04, 1.3), 0).astype(np.float32))
        turned = np.asarray(image.rotate(photo.tilt, Image.Resampling.BILINEAR))
        rows, columns = (np.flatnonzero((turned > 0.02).any(axis=axis)) for axis in (1, 0))
        cut = Image.fromarray(turned[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
        sizes = np.array([cut.width * photo.stretch, cut.height])
        width, height = (int(length) for length in np.rint(sizes * photo.fill * side / sizes.max()))
        shift_x, shift_y = photo.shift
        left, top = round((side - width) * (0.5 + shift_x)), round((side - height) * (0.5 + shift_y))
        fitted = np.zeros((side, side), np.float32)
        small = np.asarray(cut.resize((width, height), Image.Resampling.LANCZOS))
        fitted[top : top + height, left : left + width] = np.clip(_sharpen(small), 0, None)
        gain = min(photo.mean / fitted.mean(), BRIGHTEST / np.quantile(fitted[fitted > 0.03], 0.97))
        return np.clip(np.rint(fitted * gain), 0, 255).astype(np.uint8)

    def _ink(self, paths, draw) -> np.ndarray:
        """Return what `draw(pen, points in pixels)` inks, bool (SIDE, SIDE)."""
        image = Image.new("L", (SIDE, SIDE), 0)
        pen = ImageDraw.Draw(image)
        for path in paths:
            pixels = (np.asarray(path, np.float64) - self.middle) * self.scale + SIDE / 2
            draw(pen, [tuple(point) for point in pixels.tolist()])
        return np.asarray(image) > 0

    def _shade(self, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the light on a round piece, about 1, and its soft mask, both float32 (SIDE, SIDE)."""
        small = mask[::2, ::2].astype(np.float32)
        softness = int(np.clip(0.1 * np.sqrt(small.sum()), 2, 9))
        height = small
        for _ in range(2):
            height = ndimage.uniform_filter(height, 2 * softness + 1, mode="constant")
        slope_y, slope_x = np.gradient(height)
        facing = -(slope_x * self.light[0] + slope_y * self.light[1]) * softness
        shade = 1.06 + np.clip(facing, -0.3, 0.14) - 0.42 * (1 - np.clip(height * 1.3, 0, 1)) ** 1.5
        return _enlarge(shade), _enlarge(height)


def fold_field(rng) -> np.ndarray:
    """Return folds that run downwards, float32 (SIDE, SIDE), mean 0, standard deviation about 1."""
    smooth = texture.noise(rng, (SIDE, SIDE), slope=1.5)
    top = Image.fromarray(smooth[: SIDE // 3])
    return np.asarray(top.resize((SIDE, SIDE), Image.Resampling.BICUBIC)) * 0.75 + 0.4 * smooth


def draw_tone(rng) -> float:
    """Return a garment's grey: mostly light or middling, now and then dark."""
    low, high = chosen(rng, {(0.72, 0.95): 5, (0.5, 0.72): 4, (0.28, 0.5): 2})
    return rng.uniform(low, high)


def _enlarge(field: np.ndarray) -> np.ndarray:
    """Return a field of half the side at full size."""
    image = Image.fromarray(field.astype(np.float32))
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def _sharpen(picture: np.ndarray) -> np.ndarray:
    """Return a reduced picture with its fine lines brought out, as thumbnails are."""
    return picture + SHARPNESS * (picture - ndimage.gaussian_filter(picture, 1.0))
