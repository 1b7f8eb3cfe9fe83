"""Pictures of every kind come out right, upright and in order; what cannot be read is named."""

import errno
import os
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps
from support.picture_trees import picture, put

from pixvox.datasets import images, store

BROKEN = {
    "empty.png": b"",
    "text.jpg": b"no picture at all",
    "half.png": picture(9, (200, 200))[:150],
    "half.jpg": picture((250, 3, 7), (300, 300), "JPEG")[:700],
}
RED, GREEN = (250, 0, 0), (0, 250, 0)


@pytest.fixture(autouse=True)
def elsewhere(course, monkeypatch):
    monkeypatch.setattr(store, "ROOT", course / "root")


@pytest.fixture
def paths(tmp_path):
    folder = put(tmp_path / "pictures", {f"{grey}.png": picture(grey) for grey in (0, 50, 255)})
    return [folder / f"{grey}.png" for grey in (50, 0, 255)]


@pytest.fixture
def decodes(monkeypatch):
    """Count how often a picture is decoded."""
    read, seen = images.read_image, []
    monkeypatch.setattr(images, "read_image", lambda path, **size: seen.append(path) or read(path, **size))
    return seen


def test_pictures_come_in_order_at_the_wished_size(paths):
    arrays, readable = images.load_images(paths, image_size=(6, 4))
    assert arrays.shape == (3, 6, 4, 3) and arrays.dtype == np.uint8
    assert readable.dtype == bool and readable.all()
    assert [np.unique(array).tolist() for array in arrays] == [[50], [0], [255]]


def photograph():
    """Return a picture in which no two corners and no two directions are alike: uint8 (240, 320, 3)."""
    y, x = np.mgrid[:240, :320]
    squares = ((x // 20 + y // 20) % 2) * 150
    return np.stack([x * 255 // 319, y * 255 // 239, squares], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("orientation", range(9))
@pytest.mark.parametrize("size", [(20, 33), (100, 100), (300, 400)])
def test_a_jpeg_decoded_in_part_looks_like_the_whole_and_stands_upright(tmp_path, size, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(photograph()).save(tmp_path / "a.jpg", quality=95, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(tmp_path / "a.jpg"))
    expected = np.asarray(upright.resize(size[::-1], Image.Resampling.BILINEAR))
    came = images.read_image(tmp_path / "a.jpg", image_size=size)
    assert np.abs(came.astype(int) - expected).mean() < 3


def test_a_telephone_held_upright_takes_pictures_that_stand_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the sensor's left edge is the picture's top
    for kind in ("JPEG", "PNG"):
        array = np.zeros((16, 32, 3), np.uint8)
        array[:, :16], array[:, 16:] = RED, GREEN
        Image.fromarray(array).save(tmp_path / "a.jpg", kind, quality=95, exif=exif)
        came = images.read_image(tmp_path / "a.jpg", image_size=(32, 16))
        np.testing.assert_allclose(came[[0, -1], 0], [RED, GREEN], atol=8)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_broken_exif_is_no_reason_to_leave_a_picture_out(tmp_path, kind):
    grey = Image.new("RGB", (5, 5), (70, 70, 70))
    grey.save(tmp_path / "a.jpg", kind, dpi=(72, 72), exif=b"Exif\0\0neither II nor MM")
    assert images.read_image(tmp_path / "a.jpg", image_size=(2, 2)).max() == 70


def png(samples, colour_type, *, transparent=b""):
    """Return a PNG of 16 bits from samples (height, width, channels), written by hand as the format says."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width, _ = samples.shape
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    if transparent:
        parts.insert(1, chunk(b"tRNS", transparent))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("transparent", [b"", b"\xff\xff"])
def test_grey_of_sixteen_bits_keeps_its_greys(tmp_path, transparent):
    samples = np.array([0, 257, 1000, 32_896, 65_278, 65_535]).reshape(1, 6, 1)
    (tmp_path / "a.png").write_bytes(png(samples, 0, transparent=transparent))
    came = images.read_image(tmp_path / "a.png", image_size=(1, 6))
    assert came[0, :, -1].tolist() == [0, 1, 4, 128, 254, 255]  # the nearest of samples / 257


@pytest.mark.parametrize("colour_type", [2, 4, 6])  # colour, grey with alpha, colour with alpha
def test_colours_of_sixteen_bits_keep_their_values(tmp_path, colour_type):
    samples = 257 * np.array([[[10, 120, 250, 0]]])
    kept = samples[..., [0, 3]] if colour_type == 4 else samples[..., : 3 + colour_type // 6]
    (tmp_path / "a.png").write_bytes(png(kept, colour_type))
    expected = [10, 10, 10] if colour_type == 4 else [10, 120, 250]
    assert images.read_image(tmp_path / "a.png", image_size=(1, 1))[0, 0].tolist() == expected


KINDS = {  # of a picture in Pillow, how it is saved, and the red, green and blue it should come out with
    "L": (60, {}, (60, 60, 60)),
    "1": (1, {}, (255, 255, 255)),
    "LA": ((60, 0), {}, (60, 60, 60)),
    "RGBA": ((250, 120, 10, 0), {}, (250, 120, 10)),
    "P": ((250, 120, 10), {}, (250, 120, 10)),
    "P, one colour transparent": ((250, 120, 10), {"transparency": 0}, (250, 120, 10)),
    "P, half transparent": ((250, 120, 10), {"transparency": b"\x80"}, (250, 120, 10)),
    "P, a GIF": ((250, 120, 10), {"format": "GIF", "transparency": 0}, (250, 120, 10)),
    "L, transparent": (60, {"transparency": 60}, (60, 60, 60)),
    "CMYK": ((0, 255, 255, 0), {"format": "JPEG", "quality": 95}, (255, 0, 0)),
}


@pytest.mark.parametrize(("kind", "given"), KINDS.items(), ids=KINDS)
def test_every_kind_of_picture_becomes_red_green_blue(tmp_path, kind, given, recwarn):
    colour, settings, expected = given
    mode = kind.split(",")[0]
    made = Image.new(mode, (5, 5), colour if mode != "P" else 0)
    if mode == "P":
        made.putpalette(colour)
    made.save(tmp_path / "a.png", **settings)
    came = images.read_image(tmp_path / "a.png", image_size=(5, 5))
    np.testing.assert_allclose(came, np.broadcast_to(expected, (5, 5, 3)), atol=3)
    assert not recwarn


@pytest.mark.parametrize("mode", ["I", "F", "RGB"])
def test_the_kind_is_seen_from_the_contents_and_others_are_refused(tmp_path, mode):
    put(tmp_path, {"bmp.jpg": picture(70, kind="BMP")})
    assert images.read_image(tmp_path / "bmp.jpg", image_size=(2, 2)).max() == 70
    Image.new(mode, (5, 5)).save(tmp_path / "a.png", "TIFF")
    with pytest.raises(ValueError, match="JPEG, PNG, BMP, GIF"):  # few formats: less to go wrong
        images.read_image(tmp_path / "a.png", image_size=(2, 2))


def test_an_own_picture_is_named_by_text_or_path_and_stands_upright(tmp_path, monkeypatch):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(photograph()).save(tmp_path / "a.jpg", quality=95, exif=exif)
    upright = images.read_image(tmp_path / "a.jpg", image_size=(40, 30))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for path in (str(tmp_path / "a.jpg"), tmp_path / "a.jpg", "~/a.jpg"):
        np.testing.assert_array_equal(images.read_own(path, image_size=(40, 30)), upright)


def test_what_is_no_picture_of_ones_own_is_told_by_its_name(tmp_path):
    Image.fromarray(photograph()).save(tmp_path / "cut.jpg")
    whole = (tmp_path / "cut.jpg").read_bytes()
    put(tmp_path, {"lesson.ipynb": b"{}", "cut.jpg": whole[: len(whole) // 2], "empty.png": b""})
    for name, told in {"lesson.ipynb": "no JPEG", "cut.jpg": "truncated", "empty.png": "empty"}.items():
        with pytest.raises(ValueError, match=f"expected a picture, got {name}: .*{told}"):
            images.read_own(str(tmp_path / name), image_size=(2, 2))
    for path, told in ((tmp_path / "b.jpg", "no such file"), (tmp_path, "that is a folder")):
        with pytest.raises(FileNotFoundError, match=f"expected the path of a picture, got .*{told}"):
            images.read_own(str(path), image_size=(2, 2))


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_left_out_and_named(tmp_path, paths, capsys, name):
    put(tmp_path, {name: BROKEN[name]})
    arrays, readable = images.load_images([paths[0], tmp_path / name, paths[2]], image_size=(2, 2))
    assert arrays[:, 0, 0, 0].tolist() == [50, 255] and readable.tolist() == [True, False, True]
    assert name in (out := capsys.readouterr().out) and out.count("\n") == 1


@pytest.mark.parametrize(("limit", "pixels"), [(images, "MOST_PIXELS"), (Image, "MAX_IMAGE_PIXELS")])
def test_a_bomb_is_left_out(tmp_path, paths, capsys, monkeypatch, limit, pixels):
    (tmp_path / "bomb.png").write_bytes(picture(1, (200, 200)))
    monkeypatch.setattr(limit, pixels, 10_000)  # as if it had a thousand times as many
    images.load_images([tmp_path / "bomb.png", *paths], image_size=(2, 2))
    assert "bomb.png" in capsys.readouterr().out


@pytest.mark.parametrize("broken", [[], ["text.jpg"]])
def test_no_readable_picture_is_an_error(tmp_path, broken):
    put(tmp_path, {name: BROKEN[name] for name in broken})
    with pytest.raises(ValueError, match="not one can be read"):
        images.load_images([tmp_path / name for name in broken], image_size=(2, 2), cache="broken")


@pytest.mark.parametrize("wrong", [(0, 5), (5.5, 5), (5, 5, 3)])
def test_wrong_sizes_are_refused(paths, wrong):
    with pytest.raises(ValueError, match="expected image_size"):
        images.load_images(paths, image_size=wrong)


def test_errors_of_the_disk_are_not_called_broken_pictures(paths, monkeypatch):
    def fail(*arguments, **settings):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(images.Image, "open", fail)
    with pytest.raises(OSError, match="Input/output"):
        images.load_images(paths, image_size=(2, 2))
    with pytest.raises(OSError, match="Input/output"):
        images.is_whole(paths[0])


def test_hidden_and_foreign_files_are_no_pictures():
    good = ["a/b.png", "B.JPG", "a.b.jpeg"]
    foreign = ["Thumbs.db", "a.txt", "png", ".DS_Store", "__MACOSX/a/b.png", "a/._b.png", ".part-x/b.png"]
    assert all(images.is_picture(images.PurePath(name)) for name in good)
    assert not any(images.is_picture(images.PurePath(name)) for name in foreign)


def test_check_pictures_looks_at_some(tmp_path, paths):
    folder = put(tmp_path / "b", {f"{number}.png": b"x" for number in range(60)})
    images.check_pictures([*paths, *folder.iterdir()], folder)
    with pytest.raises(ValueError, match="expected pictures"):
        images.check_pictures(list(folder.iterdir()), folder)


# The cache.


def load(paths, **changes):
    return images.load_images(paths, **({"image_size": (6, 4), "cache": "greys"} | changes))[0]


def test_the_second_time_nothing_is_decoded_and_what_is_broken_is_named_again(paths, decodes, capsys):
    broken = paths[0].parent / "broken.png"
    broken.write_bytes(b"x")
    first = load([*paths, broken])
    np.testing.assert_array_equal(first, load([*paths, broken]))
    assert len(decodes) == 4 and len(first) == 3
    assert capsys.readouterr().out.count("broken.png") == 2


def test_what_has_changed_is_decoded_again(paths, decodes):
    load(paths)
    load(paths, image_size=(4, 6))
    assert len(decodes) == 6
    before = paths[0].stat()
    paths[0].write_bytes(picture(99))  # as long as before
    os.utime(paths[0], ns=(before.st_atime_ns, before.st_mtime_ns))
    assert load(paths)[0, 0, 0, 0] == 99 and len(decodes) == 9
    os.utime(paths[0], ns=(1, 1))
    load(paths)
    assert len(decodes) == 12


def test_several_choices_of_pictures_are_kept_and_old_ones_removed(paths, decodes):
    folder = put(store.cache_dir() / "images", {"greys-6x4x3.npz": b"old", "others-6x4x3.npz": b"others"})
    os.utime(folder / "greys-6x4x3.npz", ns=(1, 1))
    choices = [paths, paths[:1], paths[1:], paths[:2]]
    for _ in range(2):
        for choice in choices:
            assert len(load(choice)) == len(choice)
        assert len(decodes) == 8  # nothing is decoded the second time
    load(paths[::-1])
    left = [path.name for path in folder.glob("greys-*")]
    assert len(left) == images.CACHES and "greys-6x4x3.npz" not in left
    assert (folder / "others-6x4x3.npz").exists()


def test_ctrl_c_stops_the_threads_and_keeps_nothing(paths, monkeypatch):
    def interrupt(path, **size):
        seen.append(path)
        time.sleep(0.005)
        raise KeyboardInterrupt

    seen = []
    monkeypatch.setattr(images, "read_image", interrupt)
    with pytest.raises(KeyboardInterrupt):
        load(paths * 40)
    stopped = len(seen)
    time.sleep(0.1)
    assert len(seen) == stopped < 100
    assert not (store.cache_dir() / "images").exists()
