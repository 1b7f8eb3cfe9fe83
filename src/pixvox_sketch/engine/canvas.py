"""The canvas: outlines are filled, shaded, furred; a second picture keeps what part each pixel shows."""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy import fft, ndimage

from pixvox_sketch.engine import texture

# Below half of the highest frequency that 64 pixels can hold: 16 periods a picture side. A network that is
# trained on turned and shifted pictures (which resampling softens) then meets no sharper ones in the test.
BAND_LIMIT = 16.0


class Fur(NamedTuple):
    """What a part is covered with."""

    field: np.ndarray  # the colours, float32 (height, width, 3) of the whole canvas, 0 to 255
    length: float  # of a hair, in pixels
    density: float = 0.08  # hairs a pixel


class Canvas:
    """A picture while it is drawn.

    Attributes:
        rng: the random generator of the drawing hand (jitter of outlines, hairs).
        shape: (height, width) in pixels; `unit` is the shorter of the two.
        picture: a Pillow picture, RGB.
        parts: a Pillow picture, L: the part id of each pixel.
        light: (x, y), where the light comes from, length 1.
    """

    def __init__(self, shape: tuple[int, int], rng, *, angle: float = -0.7 * np.pi):
        """Make a grey canvas; the light comes from `angle`, radians clockwise from the right."""
        self.rng, self.shape, self.unit = rng, tuple(shape), min(shape)
        self.light = np.array([np.cos(angle), np.sin(angle)])
        self.picture = Image.new("RGB", shape[::-1], (128, 128, 128))
        self.parts = Image.new("L", shape[::-1], 0)
        self._renew_pens()

    def paint(self, picture: np.ndarray) -> None:
        """Replace the picture by an array (height, width, 3), 0 to 255; parts stay as they are."""
        self.picture = image_of(picture)
        self._renew_pens()

    def soften(self, radius: float) -> None:
        """Blur all that was drawn so far, by a radius in pixels: what is behind is out of focus."""
        self.picture = self.picture.filter(ImageFilter.GaussianBlur(radius))
        self._renew_pens()

    def fill(self, points, colour, *, part: int | None = 0) -> None:
        """Fill an outline (n, 2) with one colour; part None leaves the part ids as they are."""
        points = tuples(points)
        self.pen.polygon(points, fill=ink(colour))
        if part is not None:
            self.part_pen.polygon(points, fill=part)

    def line(self, points, colour, *, width: float, part: int | None = None) -> None:
        """Draw a line through points (n, 2), `width` pixels wide."""
        points, width = tuples(points), max(1, round(width))
        self.pen.line(points, fill=ink(colour), width=width, joint="curve")
        if part is not None:
            self.part_pen.line(points, fill=part, width=width)

    def solid(self, points, colour, *, part: int | None = 0, roughness: float = 0.0) -> None:
        """Fill an outline with a colour, shaded as a round thing; `roughness` is noise in grey levels."""
        found = self._mask(points)
        if found is None:
            return
        box, mask = found
        base = self._shade(mask)[..., None] * np.asarray(colour, np.float32)
        if roughness:
            base += roughness * texture.noise(self.rng, mask.shape, slope=1.0)[..., None]
        self._paste(box, mask, base)
        if part is not None:
            self.part_pen.polygon(tuples(points), fill=part)

    def fur(self, points, fur: Fur, *, part: int = 1, root=None, tint=None) -> None:
        """Fill an outline with fur: shaded, with hairs that point away from the root and cross the outline.

        Args:
            points: the outline, (n, 2) in pixels.
            fur: what it is covered with.
            part: the part id.
            root: (x, y) in pixels where the hairs come from; by default the outline's middle.
            tint: (colour, share 0 to 1) mixed into the fur's colours, or None.
        """
        found = self._mask(points)
        if found is None:
            return
        box, mask = found
        base = fur.field[box[1] : box[3], box[0] : box[2]]
        base = texture.mix(base, *tint) if tint else base
        base = base * self._shade(mask)[..., None]
        self._paste(box, mask, base)
        self._hairs(box, mask, base, fur, np.mean(points, axis=0) if root is None else root)
        self.part_pen.polygon(tuples(points), fill=part)

    def mask_of(self, points) -> Image.Image:
        """Return a Pillow picture, L, of the whole canvas: white inside an outline."""
        mask = Image.new("L", self.shape[::-1], 0)
        ImageDraw.Draw(mask).polygon(tuples(points), fill=255)
        return mask

    def mark(self, mask: Image.Image, part: int) -> None:
        """Give a part's id to the pixels where a mask of the whole canvas is white."""
        self.parts.paste(part, (0, 0), mask)

    def shadow(self, points) -> None:
        """Darken what is below an outline, with a soft edge."""
        mask = Image.new("L", self.shape[::-1], 0)
        ImageDraw.Draw(mask).polygon(tuples(points), fill=round(255 * 0.45))
        mask = mask.filter(ImageFilter.GaussianBlur(0.03 * self.unit))
        self.picture.paste((12, 12, 18), (0, 0), mask)

    def finish(self, gain) -> tuple[np.ndarray, np.ndarray]:
        """Light the picture and filter out what is too fine.

        Args:
            gain: a picture (height, width, 3) that all is multiplied by.

        Returns:
            (picture, parts): uint8 (height, width, 3) and uint8 (height, width).
        """
        lit = np.asarray(self.picture, np.float32) * np.asarray(gain, np.float32)
        smooth = band_limit(np.clip(lit, 0, 255))
        return np.clip(np.rint(smooth), 0, 255).astype(np.uint8), np.array(self.parts)

    def _renew_pens(self) -> None:
        """Make the drawing tools of the pictures as they are now."""
        self.pen, self.part_pen = ImageDraw.Draw(self.picture), ImageDraw.Draw(self.parts)

    def _mask(self, points):
        """Return (left, top, right, bottom) around an outline and its mask there; None if out of sight."""
        margin = 0.05 * self.unit
        low = np.maximum(np.floor(np.min(points, axis=0) - margin), 0).astype(int)
        high = np.minimum(np.ceil(np.max(points, axis=0) + margin), self.shape[::-1]).astype(int)
        if np.any(high - low < 3):
            return None
        image = Image.new("L", tuple(int(side) for side in high - low), 0)
        ImageDraw.Draw(image).polygon(tuples(points - low), fill=255)
        mask = np.asarray(image) > 0
        return ((*low, *high), mask) if mask.sum() >= 9 else None

    def _shade(self, mask: np.ndarray) -> np.ndarray:
        """Return the light on a round thing of this outline: about 1, less where it turns from the light."""
        softness = float(np.clip(0.16 * np.sqrt(mask.sum()), 1.5, 0.06 * self.unit))
        height = ndimage.gaussian_filter(mask.astype(np.float32), softness, mode="nearest", truncate=2.5)
        slope_y, slope_x = np.gradient(height)
        facing = -(slope_x * self.light[0] + slope_y * self.light[1]) * softness * 1.7
        return 1 + np.clip(facing, -0.42, 0.3) - 0.3 * (1 - np.clip(height * 1.35, 0, 1))

    def _paste(self, box, mask: np.ndarray, base: np.ndarray) -> None:
        """Put colours on the picture where the mask is."""
        self.picture.paste(
            image_of(base), (int(box[0]), int(box[1])), Image.fromarray(mask.astype(np.uint8) * 255)
        )

    def _hairs(self, box, mask: np.ndarray, base: np.ndarray, fur: Fur, root) -> None:
        """Draw hairs: short lines, in the colour of where they begin, some lighter and some darker."""
        rows, columns = np.nonzero(mask)
        count = int(len(rows) * fur.density)
        chosen = self.rng.integers(0, len(rows), count)
        rows, columns = rows[chosen], columns[chosen]
        colours = np.clip(base[rows, columns] * self.rng.uniform(0.74, 1.26, (count, 1)), 0, 255).astype(int)
        x, y = columns + int(box[0]), rows + int(box[1])
        angle = np.arctan2(y - root[1], x - root[0]) + self.rng.normal(0, 0.35, count)
        length = fur.length * self.rng.uniform(0.5, 1.2, count)
        ends_x, ends_y = x + length * np.cos(angle), y + length * np.sin(angle)
        thin = max(1, round(self.unit / 170))
        lines = zip(x.tolist(), y.tolist(), ends_x.tolist(), ends_y.tolist(), colours.tolist(), strict=True)
        for number, (from_x, from_y, to_x, to_y, colour) in enumerate(lines):
            self.pen.line((from_x, from_y, to_x, to_y), fill=tuple(colour), width=thin + (number % 3 == 0))


def band_limit(picture: np.ndarray) -> np.ndarray:
    """Filter a picture (height, width, 3) so that little is left above `BAND_LIMIT`; float32."""
    height, width = picture.shape[:2]
    margin = max(height, width) // 8
    padded = np.pad(picture, ((margin, margin), (margin, margin), (0, 0)), mode="reflect")
    rows = fft.fftfreq(padded.shape[0])[:, None] * height
    columns = fft.rfftfreq(padded.shape[1])[None] * width
    passed = (1 / (1 + (np.hypot(rows, columns) / BAND_LIMIT) ** 6)).astype(np.float32)[..., None]
    spectrum = fft.rfft2(padded.astype(np.float32), axes=(0, 1))
    smooth = fft.irfft2(spectrum * passed, s=padded.shape[:2], axes=(0, 1))
    return smooth[margin : margin + height, margin : margin + width]


def tuples(points) -> list[tuple[float, float]]:
    """Return points as Pillow wants them."""
    return [(x, y) for x, y in np.asarray(points, np.float64).tolist()]


def image_of(picture: np.ndarray) -> Image.Image:
    """Return an array (height, width, 3), 0 to 255, as a Pillow picture."""
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def ink(colour) -> tuple[int, int, int]:
    """Return a colour as Pillow wants it."""
    return tuple(int(value) for value in np.clip(colour, 0, 255))
