"""Small data sets as they are published, and a full profile in which only a local server publishes them."""

import gzip
import hashlib
import io
import struct
from contextlib import contextmanager

import numpy as np
import pandas as pd
from support.local_server import Answer, serve

from pixvox_cli.publications import PUBLICATIONS, RemoteFile


def npz(seed=0, **changes):
    """Return the bytes of a small MNIST: a rectangle in each picture, 5 to train with and 3 to test."""
    arrays = dict(zip(("x_train", "y_train"), digits(5, seed), strict=True))
    arrays |= dict(zip(("x_test", "y_test"), digits(3, seed + 100), strict=True))
    buffer = io.BytesIO()
    np.savez(buffer, **(arrays | changes))
    return buffer.getvalue()


def check_digits(loaded, arrays):
    """Check that a loader gives the arrays: pictures uint8 with a channel axis, labels int64."""
    for (pictures, labels), part in zip(loaded, ("train", "test"), strict=True):
        assert pictures.dtype == np.uint8 and labels.dtype == np.int64
        np.testing.assert_array_equal(pictures, arrays[f"x_{part}"][..., None])
        np.testing.assert_array_equal(labels, arrays[f"y_{part}"])


def digits(count, seed):
    """Return pictures uint8 (count, 28, 28), a rectangle each, and labels (count,)."""
    rng = np.random.default_rng(seed)
    images = np.zeros((count, 28, 28), np.uint8)
    for image in images:
        top, left, height, width = rng.integers((4, 4, 2, 2), (12, 12, 8, 5))
        image[top : top + height, left : left + width] = rng.integers(1, 256)
    return images, rng.integers(0, 10, count)


def clothes(train=3, test=2):
    """Return {file name: bytes} of a small Fashion-MNIST."""
    made = {}
    for part, count in (("train", train), ("t10k", test)):
        pictures = struct.pack(">HBB3I", 0, 8, 3, count, 28, 28) + bytes(count * 784)
        labels = struct.pack(">HBBI", 0, 8, 1, count) + bytes(count)
        made[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(pictures, mtime=0)
        made[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(labels, mtime=0)
    return made


def clothes_csv(pictures, labels):
    """Return the bytes of a CSV file as Kaggle has Fashion-MNIST, of pictures (n, 28, 28)."""
    table = pd.DataFrame(pictures.reshape(len(pictures), 784), columns=[f"pixel{i + 1}" for i in range(784)])
    table.insert(0, "label", labels)
    return table.to_csv(index=False, lineterminator="\n").encode()


def publish_nothing(monkeypatch):
    """Let every published address be one where nobody answers."""
    for name, entry in PUBLICATIONS.items():
        files = {relative: remote and _nowhere(remote) for relative, remote in entry.files.items()}
        originals = {relative: _nowhere(remote) for relative, remote in entry.originals.items()}
        monkeypatch.setitem(PUBLICATIONS, name, entry._replace(files=files, originals=originals))


def _nowhere(remote):
    """Return a published file at an address of this machine that nobody serves."""
    return remote._replace(url="http://127.0.0.1:9/" + remote.url.rpartition("/")[2])


@contextmanager
def publish(name, content, *answers):
    """Publish a data set's only file, or original, at a local address; give the paths asked for.

    The answers come in turn, the last for ever; by default the content itself.
    """
    entry = PUBLICATIONS[name]
    relative = next(iter(entry.files))
    file = (entry.originals or entry.files)[relative].url.rpartition("/")[2]
    with serve({f"/{file}": list(answers) or [Answer(content)]}) as (address, asked):
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        remote = RemoteFile(f"{address}/{file}", digest, len(content))
        if entry.originals:
            PUBLICATIONS[name] = entry._replace(originals={relative: remote})
        else:
            PUBLICATIONS[name] = entry._replace(files={file: remote})
        try:
            yield asked
        finally:
            PUBLICATIONS[name] = entry
