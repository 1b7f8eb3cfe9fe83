"""Pictures of every kind come out right, upright and in order; what cannot be read is named."""

import errno
import io
import os
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps
from support.picture_trees import forbid, picture, put

from pixvox.datasets import images, store
from pixvox_cli import checks

BROKEN = {
    "empty.png": b"",
    "text.jpg": b"no picture at all",
    "half.png": picture(9, (200, 200))[:150],
    "half.jpg": picture((250, 3, 7), (300, 300), "JPEG")[:700],
}
RED, GREEN, WHITE = (250, 0, 0), (0, 250, 0), (255, 255, 255)


@pytest.fixture(autouse=True)
def elsewhere(course, monkeypatch):
    monkeypatch.setattr(store, "ROOT", course / "root")


@pytest.fixture
def paths(tmp_path):
    folder = put(tmp_path / "pictures", {f"{grey}.png": picture(grey) for grey in (0, 50, 255)})
    return [folder / f"{grey}.png" for grey in (50, 0, 255)]


def read(path, **size):
    """Return a picture alone, without what is doubtful about it."""
    return images.read_image(path, **size)[0]


@pytest.fixture
def decodes(monkeypatch):
    """Count how often a picture is decoded."""
    decode, seen = images.read_image, []
    monkeypatch.setattr(images, "read_image", lambda path, **size: seen.append(path) or decode(path, **size))
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
    came = read(tmp_path / "a.jpg", image_size=size)
    assert np.abs(came.astype(int) - expected).mean() < 3


def test_a_telephone_held_upright_takes_pictures_that_stand_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the sensor's left edge is the picture's top
    for kind in ("JPEG", "PNG"):
        array = np.zeros((16, 32, 3), np.uint8)
        array[:, :16], array[:, 16:] = RED, GREEN
        Image.fromarray(array).save(tmp_path / "a.jpg", kind, quality=95, exif=exif)
        came = read(tmp_path / "a.jpg", image_size=(32, 16))
        np.testing.assert_allclose(came[[0, -1], 0], [RED, GREEN], atol=8)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_broken_exif_is_no_reason_to_leave_a_picture_out(tmp_path, kind):
    grey = Image.new("RGB", (5, 5), (70, 70, 70))
    grey.save(tmp_path / "a.jpg", kind, dpi=(72, 72), exif=b"Exif\0\0neither II nor MM")
    assert read(tmp_path / "a.jpg", image_size=(2, 2)).max() == 70


def png(samples, colour_type, *, bits=16, transparent=b""):
    """Return a PNG from samples (height, width, channels), written by hand as the format says."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width, _ = samples.shape
    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)
    binary = (samples.reshape(height, -1, 1) >> np.arange(bits)[::-1] & 1).reshape(height, -1)
    rows = b"".join(b"\0" + np.packbits(row).tobytes() for row in binary)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    if transparent:
        parts.insert(1, chunk(b"tRNS", transparent))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("transparent", [b"", b"\xff\xff", struct.pack(">H", 1000)])
def test_grey_of_sixteen_bits_keeps_its_greys(tmp_path, transparent):
    samples = np.array([0, 257, 1000, 32_896, 65_278, 65_535]).reshape(1, 6, 1)
    (tmp_path / "a.png").write_bytes(png(samples, 0, transparent=transparent))
    came = read(tmp_path / "a.png", image_size=(1, 6))
    expected = [0, 1, 4, 128, 254, 255]  # the nearest of samples / 257
    if transparent == struct.pack(">H", 1000):
        expected[2] = 255
    assert came[0, :, -1].tolist() == expected


@pytest.mark.parametrize("alpha", [0, 128, 255])
@pytest.mark.parametrize("colour_type", [2, 4, 6])  # colour, grey with alpha, colour with alpha
def test_colours_of_sixteen_bits_keep_their_values_and_lie_on_white(tmp_path, colour_type, alpha):
    samples = 257 * np.array([[[10, 120, 250, alpha]]])
    kept = samples[..., [0, 3]] if colour_type == 4 else samples[..., : 3 + colour_type // 6]
    (tmp_path / "a.png").write_bytes(png(kept, colour_type))
    colour = np.array([10, 10, 10] if colour_type == 4 else [10, 120, 250])
    expected = colour if colour_type == 2 else 255 + (colour - 255) * alpha / 255
    np.testing.assert_allclose(read(tmp_path / "a.png", image_size=(1, 1))[0, 0], expected, atol=1)


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_grey_of_few_bits_that_is_transparent_lies_on_white(tmp_path, bits):
    largest = 2**bits - 1
    samples = np.array([[[0], [1], [largest]]])
    (tmp_path / "a.png").write_bytes(png(samples, 0, bits=bits, transparent=b"\0\0"))
    came = read(tmp_path / "a.png", image_size=(1, 3))[0, :, 0]
    assert came.tolist() == [255, 255 // largest, 255]
    (tmp_path / "a.png").write_bytes(png(samples, 0, bits=bits, transparent=b"\0\x01"))
    assert read(tmp_path / "a.png", image_size=(1, 3))[0, :, 0].tolist() == [0, 255, 255]


@pytest.mark.parametrize("bits", [8, 16])
def test_a_colour_that_is_transparent_lies_on_white(tmp_path, bits):
    samples = np.array([[[10, 20, 30], [10, 20, 31]]]) * (257 if bits == 16 else 1)
    (tmp_path / "a.png").write_bytes(
        png(samples, 2, bits=bits, transparent=struct.pack(">3H", *samples[0, 0].tolist()))
    )
    assert read(tmp_path / "a.png", image_size=(1, 2))[0].tolist() == [[255] * 3, [10, 20, 31]]


KINDS = {  # of a picture in Pillow, how it is saved, and the red, green and blue that people see on white
    "L": (60, {}, (60, 60, 60)),
    "1": (1, {}, WHITE),
    "LA": ((60, 0), {}, WHITE),
    "LA, opaque": ((60, 255), {}, (60, 60, 60)),
    "RGBA": ((250, 120, 10, 0), {}, WHITE),
    "RGBA, half transparent": ((250, 120, 10, 128), {}, (252, 187, 132)),
    "RGBA, opaque": ((250, 120, 10, 255), {}, (250, 120, 10)),
    "P": ((250, 120, 10), {}, (250, 120, 10)),
    "P, grey, inverted": ((255, 255, 255, 0, 0, 0), {}, WHITE),
    "P, one colour transparent": ((250, 120, 10), {"transparency": 0}, WHITE),
    "P, half transparent": ((250, 120, 10), {"transparency": b"\x80"}, (252, 187, 132)),
    "P, a GIF": ((250, 120, 10), {"format": "GIF", "transparency": 0}, WHITE),
    "L, transparent": (60, {"transparency": 60}, WHITE),
    "RGB, transparent": (RED, {"transparency": RED}, WHITE),
    "RGB, a BMP": (RED, {"format": "BMP"}, RED),
    "CMYK": ((0, 255, 255, 0), {"format": "JPEG", "quality": 95}, (255, 0, 0)),
}


@pytest.mark.parametrize(("kind", "given"), KINDS.items(), ids=KINDS)
def test_every_kind_of_picture_becomes_what_people_see(tmp_path, kind, given, recwarn):
    colour, settings, expected = given
    mode = kind.split(",")[0]
    made = Image.new(mode, (5, 5), colour if mode != "P" else 0)
    if mode == "P":
        made.putpalette(colour)
    made.save(tmp_path / "a.png", **settings)
    for size in (5, 3):
        came = read(tmp_path / "a.png", image_size=(size, size))
        np.testing.assert_allclose(came, np.broadcast_to(expected, (size, size, 3)), atol=3)
    assert not recwarn


def test_hidden_colours_do_not_run_into_their_neighbours(tmp_path):
    array = np.zeros((8, 8, 4), np.uint8)
    array[:, :4], array[:, 4:] = (0, 0, 0, 0), (250, 250, 250, 255)
    Image.fromarray(array).save(tmp_path / "a.png")
    assert read(tmp_path / "a.png", image_size=(3, 3)).min() >= 250  # black is nowhere seen


def gif(canvas, box, transparent=None):
    """Return a GIF whose first picture, green, fills a part of it; written by hand as the format says."""
    codes = [code for _ in range(box[2] * box[3]) for code in (4, 1)] + [5]
    packed = sum(code << 3 * place for place, code in enumerate(codes)).to_bytes(len(codes), "little")
    note = b"" if transparent is None else b"\x21\xf9\x04\x01\0\0" + bytes([transparent, 0])
    head = b"GIF89a" + struct.pack("<HHBBB", *canvas, 0x80, 0, 0) + bytes([*RED, *GREEN]) + note
    return head + b"," + struct.pack("<HHHHB", *box, 0) + b"\x02" + bytes([len(packed)]) + packed + b"\0;"


@pytest.mark.parametrize("transparent", [None, 0])
def test_where_a_gif_has_no_picture_the_page_is_seen(tmp_path, transparent):
    (tmp_path / "a.gif").write_bytes(gif((3, 2), (1, 0, 1, 1), transparent))
    came = read(tmp_path / "a.gif", image_size=(2, 3)).tolist()
    assert came == [[[*WHITE], [*GREEN], [*WHITE]], [[*WHITE]] * 3]


# Colours as a profile has them.


def cmyk_profile():
    """Return an ICC profile, made by hand: colours give the grey of L* = 50, black is 0."""
    unity = b"".join(struct.pack(">i", 65_536 * (place % 4 == 0)) for place in range(9))
    ramp = bytes(range(256))
    greys = b"".join(bytes([light, 128, 128]) for light in (255, 0, *(128, 0) * 7))  # black changes first
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + unity + ramp * 4 + greys + ramp * 3
    white = struct.pack(">3i", *(round(65_536 * part) for part in (0.9642, 1, 0.8249)))
    head = struct.pack(
        ">I4xI4s4s4s12x4s28x", 144 + len(table), 0x02100000, b"prtr", b"CMYK", b"Lab ", b"acsp"
    )
    return head + white + bytes(48) + struct.pack(">I4sII", 1, b"A2B0", 144, len(table)) + table


def swapped_profile():
    """Return a profile of red, green and blue in which red is called green, and green red."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")


def saved(mode, colour, kind, **settings):
    """Return the bytes of a picture of one colour in a mode of Pillow's."""
    Image.new(mode, (16, 16), colour).save(buffer := io.BytesIO(), kind, **settings)
    return buffer.getvalue()


PROFILES = {  # a picture with a profile, and what it comes out as
    "CMYK": (saved("CMYK", (255, 0, 0, 0), "JPEG", icc_profile=cmyk_profile()), (119, 119, 119)),
    "CMYK, paper": (saved("CMYK", (0, 0, 0, 0), "JPEG", icc_profile=cmyk_profile()), WHITE),
    "RGB": (saved("RGB", RED, "PNG", icc_profile=swapped_profile()), GREEN),
    "RGB as JPEG": (saved("RGB", RED, "JPEG", quality=95, icc_profile=swapped_profile()), GREEN),
    "transparent": (saved("RGBA", (*RED, 128), "PNG", icc_profile=swapped_profile()), (127, 252, 127)),
    "broken": (saved("RGB", RED, "PNG", icc_profile=b"no profile"), RED),
    "of another kind": (saved("RGB", RED, "PNG", icc_profile=cmyk_profile()), RED),
    "grey with colours": (saved("L", 60, "PNG", icc_profile=swapped_profile()), (60, 60, 60)),
}


@pytest.mark.parametrize(("content", "expected"), PROFILES.values(), ids=PROFILES)
def test_colours_are_those_of_the_profile_if_it_can_be_used(tmp_path, capsys, content, expected):
    (tmp_path / "a.jpg").write_bytes(content)
    for size in (16, 4):
        arrays, _ = images.load_images([tmp_path / "a.jpg"], image_size=(size, size))
        np.testing.assert_allclose(arrays[0], np.broadcast_to(expected, (size, size, 3)), atol=4)
    assert capsys.readouterr().out == ""


def ycck(content):
    """Return a CMYK JPEG whose values are to be taken as YCCK."""
    place = content.index(b"Adobe") + 11
    assert content[place] == 0
    return content[:place] + b"\x02" + content[place + 1 :]


PRINT = {  # CMYK without a profile; the third: Y = 100, K = 200 as stored, so that inks are 100 and 55 of 255
    "Adobe's": (saved("CMYK", (0, 255, 255, 0), "JPEG", quality=95), (255, 0, 0)),
    "no word of Adobe": (
        saved("CMYK", (0, 255, 255, 0), "JPEG", quality=95).replace(
            b"\xff\xee\0\x0eAdobe", b"\xff\xfe\0\x0eOther"
        ),
        (255, 0, 0),
    ),
    "YCCK": (ycck(saved("CMYK", (155, 127, 127, 55), "JPEG", quality=95)), (122, 122, 122)),
    "a profile of another kind": (
        saved("CMYK", (0, 255, 255, 0), "JPEG", quality=95, icc_profile=swapped_profile()),
        (255, 0, 0),
    ),
}


@pytest.mark.parametrize(("content", "expected"), PRINT.values(), ids=PRINT)
def test_cmyk_without_a_profile_comes_out_about_right_and_is_named(
    tmp_path, paths, capsys, content, expected
):
    (tmp_path / "a.jpg").write_bytes(content)
    arrays, _ = images.load_images([*paths, tmp_path / "a.jpg"], image_size=(8, 8))
    np.testing.assert_allclose(arrays[3], np.broadcast_to(expected, (8, 8, 3)), atol=4)
    assert capsys.readouterr().out == (
        "1 of 4 pictures is CMYK, without a profile that can be used: colours may look off: a.jpg\n"
    )


# What is taken with a doubt.


def animated(kind, **settings):
    """Return a file of three pictures: red, green, red."""
    first, *more = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN, RED)]
    first.save(buffer := io.BytesIO(), kind, save_all=True, append_images=more, **settings)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["GIF", "PNG"])
def test_of_what_moves_the_first_picture_is_taken_and_it_is_named(tmp_path, paths, capsys, kind):
    (tmp_path / "b.jpg").write_bytes(animated(kind))
    for cache in ("", "moving", "moving"):  # the last from the cache
        arrays, readable = images.load_images([*paths, tmp_path / "b.jpg"], image_size=(2, 2), cache=cache)
        assert readable.all() and arrays[3, 0, 0].tolist() == [*RED]
        assert capsys.readouterr().out == "1 of 4 pictures is animated: the first picture counts: b.jpg\n"
    images.read_own(tmp_path / "b.jpg", image_size=(2, 2))
    assert capsys.readouterr().out == "1 picture is animated: the first picture counts: b.jpg\n"


def test_what_a_telephone_adds_to_a_photograph_is_no_animation(tmp_path, capsys):
    (tmp_path / "a.jpg").write_bytes(animated("MPO", quality=95))
    arrays, _ = images.load_images([tmp_path / "a.jpg"], image_size=(8, 8))
    np.testing.assert_allclose(arrays[0, 0, 0], RED, atol=8)
    assert capsys.readouterr().out == ""


def test_a_damaged_second_picture_costs_no_first_one(tmp_path):
    whole = animated("GIF")
    for length in range(whole.index(b"\0\x21\xf9", whole.index(b",")) + 1, len(whole)):
        (tmp_path / "a.gif").write_bytes(whole[:length])
        assert read(tmp_path / "a.gif", image_size=(2, 2))[0, 0].tolist() == [*RED]


@pytest.mark.parametrize("mode", ["I", "F", "RGB"])
def test_the_kind_is_seen_from_the_contents_and_others_are_refused(tmp_path, mode):
    put(tmp_path, {"bmp.jpg": picture(70, kind="BMP")})
    assert read(tmp_path / "bmp.jpg", image_size=(2, 2)).max() == 70
    Image.new(mode, (5, 5)).save(tmp_path / "a.png", "TIFF")
    with pytest.raises(ValueError, match="JPEG, PNG, BMP, GIF"):  # few formats: less to go wrong
        read(tmp_path / "a.png", image_size=(2, 2))


def test_an_own_picture_is_named_by_text_or_path_and_stands_upright(tmp_path, monkeypatch):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(photograph()).save(tmp_path / "a.jpg", quality=95, exif=exif)
    upright = read(tmp_path / "a.jpg", image_size=(40, 30))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for path in (str(tmp_path / "a.jpg"), tmp_path / "a.jpg", "~/a.jpg"):
        np.testing.assert_array_equal(images.read_own(path, image_size=(40, 30)), upright)


def test_what_is_no_picture_of_ones_own_is_told_by_its_name(tmp_path):
    Image.fromarray(photograph()).save(tmp_path / "cut.jpg")
    whole = (tmp_path / "cut.jpg").read_bytes()
    put(tmp_path, {"lesson.ipynb": b"{}", "cut.jpg": whole[: len(whole) // 2], "empty.png": b""})
    for name, told in {"lesson.ipynb": "no JPEG", "cut.jpg": "truncated", "empty.png": "empty"}.items():
        with pytest.raises(ValueError, match=f"expected a picture, got .*{name}: .*{told}"):
            images.read_own(str(tmp_path / name), image_size=(2, 2))
    for path, told in ((tmp_path / "b.jpg", "no file"), (tmp_path, "a folder")):
        with pytest.raises(ValueError, match=f"expected a picture, got .*{told}"):
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


def test_what_is_no_file_or_may_not_be_read_is_left_out_and_named(tmp_path, paths, monkeypatch, capsys):
    (tmp_path / "folder.jpg").mkdir()
    others = [tmp_path / f"{name}.jpg" for name in ("folder", "gone")]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")  # who opens it waits for ever
        others.append(tmp_path / "pipe.jpg")
    closed = paths[0]
    forbid(monkeypatch, closed.name)
    for cache in ("", "odd"):
        arrays, readable = images.load_images([*paths, *others], image_size=(2, 2), cache=cache)
        assert readable.tolist() == [False, True, True] + [False] * len(others)
        assert arrays[:, 0, 0, 0].tolist() == [0, 255]
        out = capsys.readouterr().out
        assert "pictures/50.png (Permission denied), folder.jpg (a folder), gone.jpg (no file" in out
        assert out.count("\n") == 1 and out.startswith(f"{len(others) + 1} of {len(others) + 3} pictures")


def test_a_name_that_cannot_be_printed_is_no_reason_to_stop():
    assert images.few(["a\udcff.jpg", "b\n9 pictures.jpg"]) == "a\\udcff.jpg, b\\n9 pictures.jpg"


def test_errors_of_the_disk_are_not_called_broken_pictures(paths, monkeypatch):
    def fail(*arguments, **settings):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(images.Image, "open", fail)
    with pytest.raises(OSError, match="Input/output"):
        images.load_images(paths, image_size=(2, 2))
    with pytest.raises(OSError, match="Input/output"):
        checks.is_whole(paths[0])


def test_hidden_and_foreign_files_are_no_pictures():
    good = ["a/b.png", "B.JPG", "web.jfif", "a.b.jpeg"]
    foreign = [
        "@eaDir/a.jpg/thumb.jpg",
        "$RECYCLE.BIN/a.jpg",
        "Thumbs.db",
        "a.txt",
        "png",
        ".DS_Store",
        "__MACOSX/a/b.png",
        "a/._b.png",
        ".part-x/b.png",
    ]
    assert all(images.is_picture(images.PurePath(name)) for name in good)
    assert not any(images.is_picture(images.PurePath(name)) for name in foreign)


# What is in a folder.


def test_what_is_below_a_folder_is_found_and_what_was_not_looked_into_is_told(tmp_path, monkeypatch):
    names = [
        "b/2.jpg",
        "b/c/3.HEIC",
        "a.png",
        "b/notes.txt",
        "b/._2.jpg",
        "@eaDir/a.png/thumb.jpg",
        "d/x.jpg",
    ]
    folder = put(tmp_path / "root", dict.fromkeys(names, b""))
    (folder / "b" / "empty.jpg").mkdir()
    scandir = os.scandir

    def scan(path):
        if os.fspath(path).endswith("d"):
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scan)
    found, closed = images.files_below(folder)
    assert [str(inside) for inside in found] == ["a.png", "b/2.jpg", "b/c/3.HEIC", "b/empty.jpg"]
    assert found[images.PurePosixPath("b/2.jpg")] == folder / "b" / "2.jpg"
    assert closed == [f"{folder / 'd'} (Permission denied)"]
    found, _ = images.files_below(folder, lambda inside: inside.suffix == ".txt")
    assert [*found.values()] == [folder / "b" / "notes.txt"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_in_the_folder_itself_are_followed_and_others_named(tmp_path):
    folder, elsewhere = put(tmp_path / "root", {"b/2.jpg": b""}), put(tmp_path / "far", {"4.jpg": b""})
    (folder / "link").symlink_to(elsewhere)
    (folder / "b" / "deep").symlink_to(elsewhere)
    (folder / "b" / "nowhere.jpg").symlink_to("gone")
    found, closed = images.files_below(folder)
    assert [str(inside) for inside in found] == ["b/2.jpg", "b/nowhere.jpg", "link/4.jpg"]
    assert closed == [f"{folder / 'b' / 'deep'} (a link)"]


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


def test_what_has_changed_is_decoded_again(paths, decodes, monkeypatch):
    load(paths)
    load(paths, image_size=(4, 6))
    assert len(decodes) == 6
    before, stat = paths[0].stat(), type(paths[0]).stat
    paths[0].write_bytes(picture(99))  # as long as before
    lie = lambda path, **follow: before if path == paths[0] else stat(path, **follow)  # noqa: E731
    monkeypatch.setattr(type(paths[0]), "stat", lie)  # as where a tool keeps all times
    assert load(paths)[0, 0, 0, 0] == 99 and len(decodes) == 9


def test_what_is_the_same_elsewhere_or_at_another_time_is_not_decoded_again(paths, decodes, tmp_path):
    first = load(paths)
    os.utime(paths[0], ns=(1, 1))
    copies = [tmp_path / f"copy {path.name}" for path in paths]
    for path, copy in zip(paths, copies, strict=True):
        copy.write_bytes(path.read_bytes())
    np.testing.assert_array_equal(load(paths), first)
    np.testing.assert_array_equal(load(copies), first)
    assert len(decodes) == 3 and load(copies[::-1])[0, 0, 0, 0] == 255


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
