import errno
import io
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image
from support.picture_trees import picture, put

from pixvox.datasets import images, store

BROKEN = {
    "empty.png": (b"", "empty"),
    "text.jpg": (b"no picture at all", "no picture"),
    "half.png": (picture(9, (200, 200))[:150], "truncated"),
    "half.jpg": (
        picture((250, 3, 7), (300, 300), "JPEG")[:700],
        "truncated",
    ),
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROOT", tmp_path / "root")
    monkeypatch.delenv("PIXVOX_PROFILE", raising=False)


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


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_come_in_order_at_the_wished_size(paths, channels):
    arrays, readable = images.load_images(paths, image_size=(6, 4), channels=channels)
    assert arrays.shape == (3, 6, 4, channels) and arrays.dtype == np.uint8
    assert readable.dtype == bool and readable.all()
    assert [np.unique(array).tolist() for array in arrays] == [[50], [0], [255]]


def test_height_comes_first_and_colours_are_red_green_blue(tmp_path):
    array = np.zeros((4, 6, 3), np.uint8)
    array[0, :, 0] = 200  # the top row is red
    Image.fromarray(array).save(tmp_path / "a.png")
    np.testing.assert_array_equal(images.read_image(tmp_path / "a.png", image_size=(4, 6)), array)
    small = images.read_image(tmp_path / "a.png", image_size=(2, 3))
    assert small[0, :, 0].min() > 50 and small[1].max() < 40


@pytest.mark.parametrize("size", [(16, 16), (20, 33), (100, 100), (300, 400)])
def test_a_jpeg_decoded_in_part_looks_like_the_whole(tmp_path, size):
    y, x = np.mgrid[:240, :320]
    squares = ((x // 20 + y // 20) % 2) * 150
    array = np.stack([x * 255 // 319, y * 255 // 239, squares], axis=-1).astype(np.uint8)
    Image.fromarray(array).save(tmp_path / "a.jpg", quality=95)
    expected = np.asarray(Image.open(tmp_path / "a.jpg").resize(size[::-1], Image.Resampling.BILINEAR))
    came = images.read_image(tmp_path / "a.jpg", image_size=size)
    assert np.abs(came.astype(int) - expected).mean() < 3


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "LA", "1"])
def test_every_kind_of_picture_becomes_red_green_blue(tmp_path, mode, recwarn):
    kind = "tif" if mode == "CMYK" else "png"
    picture_of_mode = Image.new("RGB", (5, 5), (255, 255, 255)).convert(mode)
    name = tmp_path / ("a.jpg" if kind == "tif" else "a.png")
    picture_of_mode.save(name, **({"transparency": 0} if mode == "P" else {}))
    assert images.read_image(name, image_size=(5, 5)).min() > 250
    assert not recwarn


def test_the_kind_is_seen_from_the_contents(tmp_path):
    put(tmp_path, {"bmp.jpg": picture(70, kind="BMP")})
    assert images.read_image(tmp_path / "bmp.jpg", image_size=(2, 2)).max() == 70
    Image.new("RGB", (5, 5)).save(tmp_path / "a.tif")
    with pytest.raises(ValueError, match="no picture"):  # few formats: less to go wrong
        images.read_image(tmp_path / "a.tif", image_size=(2, 2))


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_left_out_and_named(tmp_path, paths, capsys, name):
    content, reason = BROKEN[name]
    put(tmp_path, {name: content})
    arrays, readable = images.load_images([paths[0], tmp_path / name, paths[2]], image_size=(2, 2))
    assert arrays[:, 0, 0, 0].tolist() == [50, 255] and readable.tolist() == [True, False, True]
    out = capsys.readouterr().out
    assert out.startswith(f"1 of 3 pictures cannot be read and are left out: {name} (")
    assert reason in out and out.count("\n") == 1


def test_many_broken_ones_are_named_in_one_line(tmp_path, paths, capsys):
    broken = put(tmp_path / "b", {f"{number}.png": b"x" for number in range(8)})
    images.load_images([*sorted(broken.iterdir()), paths[0]], image_size=(2, 2))
    out = capsys.readouterr().out
    assert "8 of 9 pictures" in out and "4.png (no picture) and 3 more.\n" in out and "6.png" not in out


def test_a_bomb_is_left_out(tmp_path, paths, capsys, monkeypatch):
    buffer = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "PNG")  # 50 kB, and 1.2 GB as an array
    put(tmp_path, {"bomb.png": buffer.getvalue()})
    images.load_images([tmp_path / "bomb.png", paths[0]], image_size=(2, 2))
    assert "bomb.png (" in capsys.readouterr().out
    monkeypatch.setattr(images, "MOST_PIXELS", 79)
    with pytest.raises(ValueError, match="10x8 pixels are more than is believable"):
        images.read_image(paths[0], image_size=(2, 2))


@pytest.mark.parametrize("broken", [[], ["text.jpg"]])
def test_no_readable_picture_is_an_error(tmp_path, broken):
    put(tmp_path, {name: BROKEN[name][0] for name in broken})
    with pytest.raises(ValueError, match=f"of {len(broken)} files not one can be read"):
        images.load_images([tmp_path / name for name in broken], image_size=(2, 2))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"image_size": (0, 5)}, r"\(height, width\) in whole pixels, came \(0, 5\)"),
        ({"image_size": (5.5, 5)}, "whole pixels"),
        ({"image_size": (5, 5, 3)}, "whole pixels"),
        ({"image_size": (5, 5), "channels": 4}, "channels 1 .* or 3 .* came 4"),
    ],
)
def test_wrong_sizes_are_refused(paths, settings, words):
    with pytest.raises(ValueError, match=words):
        images.load_images(paths, **settings)


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
    with pytest.raises(ValueError, match="expected pictures, but none of .* is one"):
        images.check_pictures(list(folder.iterdir()), folder)


# The cache.


def load(paths, **changes):
    settings = {"image_size": (6, 4), "cache": "greys"} | changes
    return images.load_images(paths, **settings)[0]


def test_the_second_time_nothing_is_decoded(paths, decodes, capsys):
    broken = paths[0].parent / "broken.png"
    broken.write_bytes(b"x")
    first = load([*paths, broken])
    (kept,) = (store.cache_dir() / "images").iterdir()
    assert kept.match("greys-6x4x3-????????.npz") and len(decodes) == 4
    second = load([*paths, broken])
    np.testing.assert_array_equal(first, second)
    assert len(decodes) == 4 and len(second) == 3
    assert capsys.readouterr().out.count("broken.png (no picture)") == 2  # named each time


def test_what_has_changed_is_decoded_again(paths, decodes):
    load(paths)
    load(paths, image_size=(4, 6))
    load(paths, channels=1)
    assert len(decodes) == 9
    before = paths[1].stat()
    paths[1].write_bytes(picture(99) + b"longer")
    os.utime(paths[1], ns=(before.st_atime_ns, before.st_mtime_ns))
    assert load(paths)[1, 0, 0, 0] == 99 and len(decodes) == 12
    os.utime(paths[1], ns=(1, 1))
    load(paths)
    assert len(decodes) == 15
    load(paths[:2])
    assert len(decodes) == 17 and len(list((store.cache_dir() / "images").iterdir())) == images.CACHES


def test_several_choices_of_pictures_are_kept_and_old_ones_removed(paths, decodes):
    folder = store.cache_dir() / "images"
    put(folder, {"greys-6x4x3.npz": b"of an older version", "others-6x4x3-12345678.npz": b"of another name"})
    os.utime(folder / "greys-6x4x3.npz", ns=(1, 1))
    choices = [paths, paths[:1], paths[1:], paths[:2]]
    for _ in range(2):
        for choice in choices:
            assert len(load(choice)) == len(choice)
        assert len(decodes) == 8  # nothing is decoded the second time
    load(paths[::-1])
    left = [path.name for path in folder.glob("greys-*")]
    assert len(left) == images.CACHES and "greys-6x4x3.npz" not in left
    assert (folder / "others-6x4x3-12345678.npz").exists()


def test_without_a_cache_no_folder_is_asked_for(paths, monkeypatch):
    monkeypatch.setattr(store, "cache_dir", None)
    assert len(images.load_images(paths, image_size=(6, 4))[0]) == 3


DAMAGE = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "a bit": lambda data: data[:300] + bytes([data[300] ^ 1]) + data[301:],
    "text": lambda data: b"junk",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_cache_is_made_again(paths, decodes, damage):
    expected = load(paths, image_size=(30, 30))
    (kept,) = (store.cache_dir() / "images").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    np.testing.assert_array_equal(load(paths, image_size=(30, 30)), expected)
    assert len(decodes) == 6 and kept.stat().st_size == len(whole)


class Evil:
    def __reduce__(self):
        return os.mkdir, ("evil",)


@pytest.mark.parametrize("wrong", [np.zeros((3, 6, 4, 3), float), np.zeros((3, 5, 4, 3), np.uint8)])
def test_a_cache_of_another_shape_or_with_pickles_is_not_believed(
    paths, decodes, wrong, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    load(paths)
    (kept,) = (store.cache_dir() / "images").iterdir()
    with np.load(kept) as arrays:
        right = dict(arrays)
    for images_of_it in (wrong, np.array([Evil()], dtype=object)):
        np.savez(kept, **(right | {"images": images_of_it}))
        assert load(paths).shape == (3, 6, 4, 3)
    assert len(decodes) == 9 and not (tmp_path / "evil").exists()


def test_a_full_disk_does_not_stop_the_lesson(paths, capsys, monkeypatch):
    def full(*arguments, **arrays):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(images.np, "savez", full)
    assert len(load(paths)) == 3
    assert "not kept in" in (out := capsys.readouterr().out) and "No space left" in out
    assert list((store.cache_dir() / "images").iterdir()) == []


SLOW = """
import sys, time
from pathlib import Path
from pixvox.datasets import images, store
store.ROOT = Path(sys.argv[1])
def slow(path, **arrays):
    path.write_bytes(b"half of it")
    print("writing", flush=True)
    time.sleep(60)
images.np.savez = slow
images.load_images([Path(name) for name in sys.argv[2:]], image_size=(6, 4), cache="greys")
"""


@pytest.mark.skipif(os.name != "posix", reason="elsewhere leftovers go by their age")
def test_killed_while_caching_the_next_run_starts_clean(paths, decodes):
    command = [sys.executable, "-c", SLOW, str(store.ROOT), *map(str, paths)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"writing\n"
        process.send_signal(signal.SIGKILL)
    folder = store.cache_dir() / "images"
    assert [path.name[:6] for path in folder.iterdir()] == [".part-"]
    assert len(load(paths)) == 3 and len(decodes) == 3
    assert [path.name[:12] for path in folder.glob("[!.]*")] == ["greys-6x4x3-"]


def test_ctrl_c_stops_the_threads(paths, monkeypatch):
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
