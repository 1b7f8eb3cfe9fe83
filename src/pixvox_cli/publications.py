"""What is published of the data sets: their files, addresses, checksums, sizes and licences."""

from typing import NamedTuple

from pixvox.datasets import store


class RemoteFile(NamedTuple):
    """A published file: its address, checksum as pooch notes it ("" unknown), and size in bytes, or about."""

    url: str
    checksum: str
    size: int


class Publication(NamedTuple):
    """What a data set of the course consists of, and where it is published.

    Attributes:
        title: what it is, for people.
        module: the module in `pixvox.datasets` that reads its format.
        files: what lies in the data set's folder, by its path there ("." is the folder
            itself), and where it is published; None where it is made here, from its
            original or from another data set.
        licence: what one may do with it.
        source: who made it, and where.
        originals: the published archives or files that some of `files` are arranged from, by their path.
        gated: how people get the original themselves, where it is not for programs to fetch.
    """

    title: str
    module: str
    files: dict[str, RemoteFile | None]
    licence: str
    source: str
    originals: dict[str, RemoteFile] = {}
    gated: str = ""


_KERAS = "https://storage.googleapis.com/tensorflow/"
_ZALANDO = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
_MICROSOFT = "https://download.microsoft.com/download/3/E/1/3E1C3F21-ECDB-4869-8368-6DEBA77B919F/"
_IVL = "http://www.ivl.disco.unimib.it/"

# As in a registry of pooch: the name and the checksum; then the size.
_CLOTHES = """
train-images-idx3-ubyte.gz sha256:3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84 26421880
train-labels-idx1-ubyte.gz sha256:a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845 29515
t10k-images-idx3-ubyte.gz sha256:346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073 4422102
t10k-labels-idx1-ubyte.gz sha256:67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5 5148
"""

PUBLICATIONS = {
    "mnist": Publication(
        title="MNIST: 70,000 handwritten digits, 28x28",
        module="mnist",
        files={
            "mnist.npz": RemoteFile(
                _KERAS + "tf-keras-datasets/mnist.npz",
                "sha256:731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
                11_490_434,
            ),
        },
        licence="CC BY-SA 3.0",
        source="Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits",
    ),
    "fashion-mnist": Publication(
        title="Fashion-MNIST: 70,000 pictures of clothes, 28x28",
        module="fashion_mnist",
        files={
            name: RemoteFile(_ZALANDO + name, known, int(size))
            for name, known, size in map(str.split, _CLOTHES.strip().splitlines())
        },
        licence="MIT",
        source="H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST, arXiv:1708.07747",
    ),
    "age-gap-faces": Publication(
        title="Large Age-Gap faces: 3,828 pictures of 1,010 people, young and adult, 100x100",
        module="faces",
        files={".": None},
        licence="for academic, non-commercial use, not to be passed on",
        source="S. Bianco, Large Age-Gap Face Verification by Feature Injection in Deep Networks, "
        "Pattern Recognition Letters 90, 2017",
        originals={".": RemoteFile(_IVL + "wp-content/uploads/2016/09/LAGdataset_100.zip", "", 70_000_000)},
        gated="Get LAGdataset_100.zip (about 70 MB) in your browser from "
        f"{_IVL}activities/large-age-gap-face-verification/ if your use is academic and not "
        "commercial; the pictures may not be passed on, and the paper is to be cited.",
    ),
    "dogs-vs-cats": Publication(
        title="Dogs vs. Cats: 25,000 photographs",
        module="cats_dogs",
        files={"train": None},
        licence="CDLA-Permissive-2.0 (Microsoft's zip); Kaggle's copy: the competition's rules",
        source="J. Elson, J. Douceur, J. Howell, J. Saul, Asirra, CCS 2007; "
        "https://www.microsoft.com/en-us/download/details.aspx?id=54765",
        originals={
            "train": RemoteFile(
                _MICROSOFT + "kagglecatsanddogs_5340.zip",
                "sha256:b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
                824_887_076,
            )
        },
    ),
    "3d-mnist": Publication(
        title="3D MNIST: 12,000 voxel digits of 16x16x16, and their point clouds",
        module="mnist3d",
        files=dict.fromkeys(("full_dataset_vectors.h5", "train_point_clouds.h5", "test_point_clouds.h5")),
        licence="that of the digits it is made from: MNIST's CC BY-SA 3.0 (sample: CC BY 4.0)",
        source="after D. de la Iglesia Castro, 3D MNIST, https://www.kaggle.com/daavoo/3d-mnist",
    ),
    "solids": Publication(
        title="solids: ten kinds of bodies of 16x16x16 voxels",
        module="solids",
        files={"full_dataset_vectors.h5": None},
        licence="MIT, as the project",
        source="drawn by pixvox_sketch.solids",
    ),
    "own-pictures": Publication(
        title="own pictures: a folder of cats and dogs with four faults",
        module="own_pictures",
        files=dict.fromkeys(("folder", "monday", "truth.csv")),
        licence="MIT, as the project",
        source="drawn by pixvox_sketch.own_pictures",
    ),
    **{
        name: Publication(
            title=f"{name.upper()} without its top: {layers} convolutional layers trained on ImageNet",
            module="imagenet",
            files={f"{name}_notop.weights.h5": None},
            licence="CC BY 4.0",
            source="K. Simonyan, A. Zisserman, Very Deep Convolutional Networks for Large-Scale Image "
            "Recognition, arXiv:1409.1556; weights from Keras, trained on ImageNet",
            originals={
                f"{name}_notop.weights.h5": RemoteFile(
                    f"{_KERAS}keras-applications/{name}/{name}_weights_tf_dim_ordering_tf_kernels_notop.h5",
                    known,
                    size,
                )
            },
        )
        for name, layers, known, size in (
            ("vgg16", 13, "md5:6d6bbae143d832006294945121d1f1fc", 58_889_256),
            ("vgg19", 16, "md5:253f8cb515780f3b799900260a226db6", 80_134_624),
        )
    },
    "mobilenet": Publication(
        title="MobileNet trained on ImageNet: width 1 to its layer conv_pw_12, and width 0.25, complete",
        module="imagenet",
        files=dict.fromkeys(("mobilenet_1.0_224_to_conv_pw_12.weights.h5", "mobilenet_0.25_224.weights.h5")),
        licence="Apache 2.0",
        source="A. G. Howard and others, MobileNets, arXiv:1704.04861; weights from keras.applications",
        originals={
            "mobilenet_1.0_224_to_conv_pw_12.weights.h5": RemoteFile(
                _KERAS + "keras-applications/mobilenet/mobilenet_1_0_224_tf_no_top.h5", "", 17_225_924
            ),
            "mobilenet_0.25_224.weights.h5": RemoteFile(
                _KERAS + "keras-applications/mobilenet/mobilenet_2_5_224_tf.h5", "", 2_100_000
            ),
        },
    ),
}


def look_up(name: str) -> Publication:
    """Return what is published of a data set; raises as `store.dataset`."""
    store.dataset(name)
    return PUBLICATIONS[name]
