"""A process that reads files, whatever is in them, and says what came of each: a damaged file may end it.

Each line that it is given is JSON, [name of a reader, folder of a course]; it answers with a line of JSON:
["value", ""] if the reader gave what its docstring says, ["refused", message] if it raised the one error that
it documents, ["fault", what] otherwise. What the reader prints, opens, writes, deletes, and how much memory
and time it takes, is looked at from here.
"""

import errno
import faulthandler
import json
import math
import os
import re
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pixvox import guesses, tables
from pixvox.datasets import fashion_mnist, imagenet, images, mnist, mnist3d, own_pictures, solids, store
from pixvox_cli import archives, checks, clothes_tables
from pixvox_evidence import claims
from pixvox_studies import Study, frame
from pixvox_studies.row import row_key

MOST_MEMORY = 2**30  # bytes that one file may cost, beside what the process has
MOST_SECONDS = 5  # of the processor
HANGS = 30  # seconds, after which the process ends and says where it was
SETTING = {"net": "dense"}
KEY = row_key(SETTING, 0)
VGG = "data/full/vgg/vgg16_notop.weights.h5"
MOBILENET = f"data/full/vgg/{imagenet.CLASSIFIER}"


class Reader(NamedTuple):
    """A reader of files.

    Attributes:
        file: what it reads, below the root of a course.
        read: takes the path and checks what it gives, or raises as documented.
        says: a regular expression for what it may print.
        writes: names of files that it may write or move.
    """

    file: str
    read: Callable[[Path], None]
    says: str = ""
    writes: tuple[str, ...] = ()


def read_digits(path):
    for pictures, labels in mnist.load_mnist():
        check_pictures(pictures, labels, (28, 28, 1))


def read_clothes(path):
    for pictures, labels in fashion_mnist.load_fashion_mnist():
        check_pictures(pictures, labels, (28, 28, 1))
    checks.check("fashion-mnist", path.parent)


def read_clothes_csv(path):
    check_pictures(*clothes_tables.read_csv(path), (28, 28, 1))


def check_pictures(pictures, labels, shape):
    """Look at pictures and labels 0 to 9."""
    assert type(pictures) is type(labels) is np.ndarray
    assert pictures.dtype == np.uint8 and labels.dtype == np.int64
    assert pictures.shape == (len(labels), *shape) and labels.ndim == 1 and len(labels)
    assert set(labels.tolist()) <= set(range(10))


def read_voxels(path):
    for volumes, labels in mnist3d.load_mnist3d():
        check_volumes(volumes, labels)
    assert checks.check_file("3d-mnist", path)


def read_solids(path):
    for volumes, labels in solids.load_solids():
        check_volumes(volumes, labels)
    assert checks.check_file("solids", path)


def check_volumes(volumes, labels):
    """Look at volumes and labels 0 to 9."""
    assert volumes.dtype == np.float32 and labels.dtype == np.int64
    assert volumes.shape == (len(labels), 16, 16, 16) and labels.ndim == 1 and len(labels)
    assert np.isfinite(volumes).all() and volumes.min() >= 0 and volumes.max() <= 1
    assert set(labels.tolist()) <= set(range(10))


def read_clouds(path):
    for cloud in mnist3d.load_clouds([0, 1]):
        assert cloud.points.dtype == cloud.normals.dtype == cloud.img.dtype == np.float64
        assert cloud.points.shape == cloud.normals.shape == (len(cloud.points), 3) and len(cloud.points)
        assert cloud.img.ndim == 2 and np.isfinite(cloud.img).all()
        assert 0 <= cloud.img.min() and cloud.img.max() <= 1
        assert max(np.abs(cloud.points).max(), np.abs(cloud.normals).max()) <= 1
        assert type(cloud.label) is int and 0 <= cloud.label <= 9
    assert checks.check_file("3d-mnist", path)


def read_weights(path):
    assert re.fullmatch(r"\d\d convolutional layers, [\d,]+ weights", imagenet.check_file(path))


def read_picture(path):
    picture = images.read_own(path, image_size=(20, 30))
    assert picture.dtype == np.uint8 and picture.shape == (20, 30, 3)
    checks.is_whole(path)


def read_pictures(path):
    arrays, readable = images.load_images([path, path.with_name("right.png")], image_size=(8, 9))
    assert arrays.dtype == np.uint8 and arrays.shape == (readable.sum(), 8, 9, 3)
    assert readable.dtype == bool and readable[1]


def read_folder(path):
    folder = own_pictures.open_folder(path.parents[1])
    assert folder.class_names == ("cats", "dogs") and len(folder.paths) == len(folder.labels) >= 20
    assert len(folder.facts) == len(folder.paths) and set(folder.labels.tolist()) == {0, 1}


def read_truth(path):
    truth = own_pictures.read_truth(path)
    assert tuple(truth) == own_pictures.TRUTH_COLUMNS and len(truth)
    assert all(truth[name].dtype == bool for name in own_pictures.TRUTH_COLUMNS[3:])
    assert all(isinstance(name, str) for name in truth["file"]) and truth["file"].is_unique


def read_ledger(path):
    found = claims.load_claims()
    assert found and all(statement.id == key for key, statement in found.items())
    for part in (part for statement in found.values() for part in statement.parts):
        assert part.test in claims.TESTS and part.profiles in claims.PROFILES
        assert all(map(math.isfinite, (*part.values, part.smallest or 0))) and part.decimals >= 0
        assert all(type(count) is int and count > 0 for count in part.pictures)
        assert all(isinstance(word, str) for word in (*part.pool, part.table, part.measure))


def read_table(path):
    document = tables.read(path)
    check_rows(document["rows"], document["sources"])
    table = tables.load_study("nets", "full")
    assert len(table) == len(document["rows"]) and table.attrs["sources"] == document["sources"]
    assert str(table)


def check_rows(rows, sources):
    """Look at the rows of a table and at where they come from."""
    assert type(rows) is type(sources) is list
    for row in rows:
        assert type(row) is dict and type(row["key"]) is str and math.isfinite(row["cpu_seconds"])
        assert row["source"] is None or (isinstance(row["source"], int) and 0 <= row["source"] < len(sources))
    json.dumps(rows, allow_nan=False)


def read_results(path):
    assert type(tables.load_results("01_mnist", "full")) is dict


def read_guesses(path):
    for kept in guesses.load().values():
        for entry in kept.values():
            assert {*entry} == {"guess", "result", "profile"} and isinstance(entry["profile"], str)
            assert all(math.isfinite(entry[name] or 0) for name in ("guess", "result"))


def read_row(path):
    table = frame.Table("nets", frame.STUDIES["nets"], "full", {}, [])
    frame.take_measured(table)
    check_rows([*table.rows.values()], table.sources)
    json.dumps(table.sources, allow_nan=False)
    for row in table.rows.values():
        assert (row["key"], row["net"], row["seed"]) == (KEY, "dense", 0)


def read_archive(path):
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "out")
        try:
            archives.unpack(path, target)
        finally:
            assert {*os.listdir(folder)} <= {"out"}
            assert not [found for found in target.rglob("*") if not (found.is_file() or found.is_dir())]
            assert not [found for found in target.rglob("*") if found.is_symlink()]


LINES = r"([^\x00-\x1f\x7f-\x9f]+\n)+"  # remarks, without control characters
READERS = {
    "idx, pictures": Reader("data/full/fashion-mnist/train-images-idx3-ubyte.gz", read_clothes),
    "idx, labels": Reader("data/full/fashion-mnist/t10k-labels-idx1-ubyte.gz", read_clothes),
    "clothes as CSV": Reader("fashion-mnist_test.csv", read_clothes_csv),
    "npz": Reader("data/full/mnist/mnist.npz", read_digits),
    "HDF5, voxel digits": Reader(f"data/full/3d-mnist/{mnist3d.VECTORS}", read_voxels),
    "HDF5, point clouds": Reader(f"data/full/3d-mnist/{mnist3d.CLOUDS[0]}", read_clouds),
    "HDF5, solids": Reader(f"data/sample/solids/{mnist3d.VECTORS}", read_solids),
    "HDF5, weights of VGG16": Reader(VGG, read_weights),
    "HDF5, weights of MobileNet": Reader(MOBILENET, read_weights),
    "pictures, one": Reader("pictures/odd.jpg", read_picture, LINES),
    "pictures, several": Reader("pictures/odd.png", read_pictures, LINES),
    "pictures, one's own folder": Reader("own/cats/odd.tif", read_folder, LINES),
    "truth.csv of one's own pictures": Reader("data/sample/own-pictures/truth.csv", read_truth),
    "the ledger": Reader("data/claims.csv", read_ledger),
    "study tables": Reader("data/results/full/studies/nets.json", read_table),
    "results of lessons": Reader("data/results/full/01_mnist.json", read_results),
    "rows of studies": Reader(f"build/full/studies/nets/{KEY}/row.json", read_row),
    "guesses": Reader(
        "build/guesses.json",
        read_guesses,
        "expected guesses in guesses.json, got something else: it is set aside as guesses.broken.json\n",
        ("build/guesses.json", "build/guesses.broken.json"),
    ),
    "archives": Reader("data.zip", read_archive),
}


def examine(reader: Reader, root: Path, printed, errors) -> tuple[str, str]:
    """Let a reader read its file; return what came of it."""
    store.ROOT, path = root, root / reader.file
    store.forget()
    before, opened, started = listing(root, reader.writes), open_files(), time.process_time()
    faulthandler.dump_traceback_later(HANGS, exit=True, file=errors)
    try:
        reader.read(path)
        outcome = "value", ""
    except BaseException as error:
        outcome = judge(error, path)
    faulthandler.cancel_dump_traceback_later()
    said = what_was_printed(printed)
    if seconds := max(0, time.process_time() - started - MOST_SECONDS):
        return "fault", f"it took {seconds + MOST_SECONDS:.0f} s; {outcome}"
    if said and not re.fullmatch(reader.says, said):
        return "fault", f"it printed {said!r}; {outcome}"
    if listing(root, reader.writes) != before:
        return "fault", f"it wrote or deleted files; {outcome}"
    if open_files() != opened:
        return "fault", f"it left files open; {outcome}"
    return outcome


def judge(error: BaseException, path: Path) -> tuple[str, str]:
    """Say whether an error is one that a reader documents, with a message of one line that names the file."""
    text = str(error)
    # HDF5 keeps both in the file: that a writer has it open, and that a filter is needed which is not here.
    flagged = path.suffix == ".h5" and getattr(error, "errno", None) in (errno.EAGAIN, errno.ENOSYS)
    if type(error) is not ValueError and not flagged:
        return "fault", "".join(traceback.format_exception(error))
    if path.name not in text:
        return "fault", f"the message does not name the file: {text}"
    if not text.isprintable() or len(text.replace(str(path), "")) > 1_000:
        return "fault", f"the message is long, or has control characters: {text[:2_000]!r}"
    return "refused", text


def listing(root: Path, but: tuple[str, ...]) -> list:
    """Return what tells the files of a folder, but for some, from others and from changed ones."""
    found = []
    for path in sorted(root.rglob("*")):
        if path.relative_to(root).as_posix() not in but and path.is_file():
            stat = path.stat()
            found.append((str(path), stat.st_size, stat.st_mtime_ns, stat.st_ino))
    return found


def open_files() -> int:
    """Return how many files are open, where the system tells."""
    return len(os.listdir("/dev/fd")) if os.path.isdir("/dev/fd") else 0


def what_was_printed(file) -> str:
    """Return what came to standard output and standard error since the last call."""
    sys.stdout.flush()
    sys.stderr.flush()
    file.seek(0)
    said = file.read().decode("utf-8", "replace")
    file.seek(0)
    file.truncate()
    return said


def limit_memory() -> None:
    """Let the process have no more than `MOST_MEMORY` beside what it has, on Linux."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MOST_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main():
    answers, errors = (os.fdopen(os.dup(number), "w", encoding="utf-8", buffering=1) for number in (1, 2))
    faulthandler.enable(errors)
    os.environ["PIXVOX_PROFILE"] = "full"
    frame.STUDIES = {"nets": Study("nets compared", [SETTING], (0,), None)}
    warnings.simplefilter("always")
    with tempfile.TemporaryFile() as printed:
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        limit_memory()
        for line in sys.stdin:
            name, root = json.loads(line)
            print(json.dumps(examine(READERS[name], Path(root), printed, errors)), file=answers)


if __name__ == "__main__":
    main()
