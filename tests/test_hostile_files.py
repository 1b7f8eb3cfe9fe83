"""What a stranger could send to a class: each way in, and the tests that it is shut.

`DOORS` names them by way in; `python -m pytest` with one of these names runs it.
"""

import ast
import io
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.picture_trees import everything

from pixvox.datasets import images
from pixvox_cli import archives

TESTS = Path(__file__).parent
ARCHIVES, DIGITS = "pixvox_cli/test_archives.py", "pixvox/datasets/test_mnist.py"
HDF5, VOXELS, WEIGHTS = (f"pixvox/datasets/test_{name}.py" for name in ("hdf5", "mnist3d", "imagenet"))
PICTURES, OWN, HERE = (
    "pixvox/datasets/test_images.py",
    "pixvox/datasets/test_own_pictures.py",
    Path(__file__).name,
)
FRAME = "pixvox_studies/test_frame.py"
DOORS = {
    "archive: paths out of the folder, absolute ones, drives": (
        f"{ARCHIVES}::test_a_path_out_of_the_folder_is_refused_before_anything_is_written"
    ),
    "archive: links, pipes, devices": f"{ARCHIVES}::test_links_and_devices_are_refused",
    "archive: sizes that fill the disk": f"{ARCHIVES}::test_absurd_sizes_are_refused_unread",
    "archive: more than declared": f"{ARCHIVES}::test_a_zip_that_holds_more_than_it_declares_is_refused",
    "archive: entries that overlap": f"{HERE}::test_a_zip_of_overlapping_entries_is_refused_unread",
    "archive: archives in archives": f"{HERE}::test_an_archive_in_an_archive_stays_packed",
    "archive: very many entries": f"{ARCHIVES}::test_too_many_entries_are_refused",
    "archive: names that no file can have": (
        f"{ARCHIVES}::test_names_that_no_file_can_have_are_the_archive_s_fault"
    ),
    "npz: pickles and objects": f"{DIGITS}::test_a_wrong_array_is_refused_with_the_remedy",
    "npz: a header that is an expression": f"{DIGITS}::test_a_header_is_data_and_nothing_in_it_is_executed",
    "npz: a bomb": f"{DIGITS}::test_a_bomb_is_refused_before_it_is_unpacked",
    "npz: names that forge lines": f"{DIGITS}::test_names_in_the_file_forge_no_lines",
    "npz: a cache with pickles": (
        "pixvox/datasets/test_cache.py::test_pickles_and_missing_arrays_are_not_believed"
    ),
    "idx: a bomb": "pixvox/datasets/test_fashion_mnist.py::test_wrong_pictures_are_refused_with_the_remedy",
    "HDF5: links inside and to other files": f"{HDF5}::test_links_are_refused",
    "HDF5: virtual arrays, external storage, references": (
        f"{VOXELS}::test_wrong_vectors_are_refused_with_the_remedy"
    ),
    "HDF5: circles of groups": f"{HDF5}::test_a_circle_of_groups_is_walked_once",
    "HDF5: a filter from elsewhere": (
        f"{HDF5}::test_a_filter_that_would_be_loaded_from_elsewhere_is_refused"
    ),
    "HDF5: a bomb": f"{HDF5}::test_a_small_file_that_promises_gigabytes_is_refused_unread",
    "weights: a model with code in it": (
        f"{WEIGHTS}::test_a_model_in_the_place_of_weights_is_refused_and_nothing_in_it_is_executed"
    ),
    "weights: a class of another module": (
        f"{WEIGHTS}::test_a_model_s_description_beside_right_weights_is_not_looked_at"
    ),
    "picture: more pixels than fit": f"{PICTURES}::test_a_bomb_is_left_out",
    "picture: packed texts and profiles": f"{HERE}::test_a_png_of_packed_texts_costs_no_memory",
    "picture: thousands of frames": f"{HERE}::test_of_a_picture_of_thousands_of_frames_one_is_decoded",
    "folder: links that go round": (
        f"{OWN}::test_a_class_may_be_a_link_and_links_that_go_round_or_nowhere_do_no_harm"
    ),
    "CSV: an endless line": "pixvox_cli/test_clothes_tables.py::test_an_endless_line_is_not_read_to_its_end",
    "CSV: control characters in cells": "pixvox_evidence/test_claims.py::test_a_broken_row_is_named",
    "JSON: deep nesting and numbers beyond all bounds": (
        "pixvox/test_tables.py::test_results_and_tables_that_are_something_else_are_refused"
    ),
    "JSON: names that come twice, NaN": (
        "pixvox/test_tables.py::test_numbers_that_are_none_become_none_and_a_name_twice_is_its_last"
    ),
    "JSON: a study's row of another kind": f"{FRAME}::test_a_broken_row_is_measured_anew",
    "JSON: guesses of another kind": (
        "pixvox/test_guesses.py::test_a_file_of_something_else_is_set_aside_and_the_next_guess_is_kept"
    ),
}


@pytest.mark.parametrize("test", DOORS.values(), ids=DOORS)
def test_each_door_has_its_test(test):
    path, _, name = test.partition("::")
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_a_zip_of_overlapping_entries_is_refused_unread(tmp_path):
    """As in D. Fifield's bomb: the directory names one packed entry many times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0000.bin", bytes(10**7))
    content = buffer.getvalue()
    start, end = content.index(b"PK\1\2"), content.index(b"PK\5\6")
    entry, count = content[start:end], 1_000
    entries = b"".join(entry.replace(b"0000.bin", b"%04d.bin" % number) for number in range(count))
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(entries), start, 0)
    (tmp_path / "a.zip").write_bytes(content[:start] + entries + tail)
    with pytest.raises(ValueError, match="refused, expected at most"):
        archives.unpack(tmp_path / "a.zip", tmp_path / "out")
    assert everything(tmp_path) == ["a.zip"]


def test_an_archive_in_an_archive_stays_packed(tmp_path):
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as archive:
        archive.writestr("a.txt", b"inside")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(tmp_path / "inner.zip", "inner.zip")
    archives.unpack(tmp_path / "outer.zip", tmp_path / "out")
    assert everything(tmp_path / "out") == ["inner.zip"]


def png(*chunks):
    """Return a PNG of 2 x 2 pixels with chunks before its pixels."""
    head = (b"IHDR", struct.pack(">2I5B", 2, 2, 8, 2, 0, 0, 0))
    parts = [head, *chunks, (b"IDAT", zlib.compress(2 * (b"\0" + bytes(6)))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


PACKED = b"\0\0" + zlib.compress(bytes(2 * 10**8), 9)


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"iCCP", b"a" + PACKED)],
        [(b"zTXt", b"a" + PACKED)],
        [(b"iTXt", b"a\0\1" + PACKED)],
        [(b"tEXt", b"a\0" + bytes(10**6))] * 70,
    ],
    ids=["profile", "packed text", "text in Unicode", "many texts"],
)
def test_a_png_of_packed_texts_costs_no_memory(tmp_path, chunks):
    import tracemalloc

    (tmp_path / "a.png").write_bytes(png(*chunks))
    tracemalloc.start()
    try:
        images.read_own(tmp_path / "a.png", image_size=(2, 2))
    except ValueError as error:
        assert "a.png" in str(error)
    finally:
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 10**8


def test_of_a_picture_of_thousands_of_frames_one_is_decoded(tmp_path, monkeypatch):
    frames = [Image.fromarray(np.full((4, 4), number % 256, np.uint8)) for number in range(3_000)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    monkeypatch.setattr(Image.Image, "seek", lambda picture, frame: pytest.fail(f"frame {frame} is read"))
    assert images.read_image(tmp_path / "a.gif", image_size=(4, 4))[0].max() == 0
