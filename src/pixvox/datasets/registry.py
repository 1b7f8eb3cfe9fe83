"""The data sets of the course: their files, addresses, checksums, sizes and licences."""

from typing import NamedTuple


class RemoteFile(NamedTuple):
    """A published file: its address, its SHA-256 (or "md5:" and its MD5), its size in bytes."""

    url: str
    checksum: str
    size: int


class DataSet(NamedTuple):
    """A data set of the course.

    Attributes:
        title: what it is, for people.
        module: the module in `pixvox.datasets` that knows its format. It has
            `check(folder)` and `check_file(path)`: both return a short
            description and raise ValueError with what was expected and what came.
        files: each file's path inside the data set's folder, and where it is published.
        licence: what one may do with it.
        source: who made it, and where.
        sketch: what to type after `pixvox sketch` to draw the sample; "" where there is none.
    """

    title: str
    module: str
    files: dict[str, RemoteFile]
    licence: str
    source: str
    sketch: str = ""


_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_ZALANDO = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"

DATASETS = {
    "mnist": DataSet(
        title="MNIST: 70,000 handwritten digits, 28x28",
        module="mnist",
        files={
            "mnist.npz": RemoteFile(
                _KERAS + "mnist.npz",
                "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
                11_490_434,
            ),
        },
        licence="CC BY-SA 3.0",
        source="Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits",
        sketch="digits",
    ),
    "fashion-mnist": DataSet(
        title="Fashion-MNIST: 70,000 pictures of clothes, 28x28",
        module="fashion_mnist",
        files={
            "train-images-idx3-ubyte.gz": RemoteFile(
                _ZALANDO + "train-images-idx3-ubyte.gz",
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                26_421_880,
            ),
            "train-labels-idx1-ubyte.gz": RemoteFile(
                _ZALANDO + "train-labels-idx1-ubyte.gz",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                29_515,
            ),
            "t10k-images-idx3-ubyte.gz": RemoteFile(
                _ZALANDO + "t10k-images-idx3-ubyte.gz",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                4_422_102,
            ),
            "t10k-labels-idx1-ubyte.gz": RemoteFile(
                _ZALANDO + "t10k-labels-idx1-ubyte.gz",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                5_148,
            ),
        },
        licence="MIT",
        source="H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST, arXiv:1708.07747",
    ),
}
