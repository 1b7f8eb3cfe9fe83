"""The data sets of the course: where they lie, and what draws them.

`pixvox_cli.publications` has what the command fetches: their files, addresses, checksums and licences.
"""

from typing import NamedTuple


class DataSet(NamedTuple):
    """A data set of the course.

    Attributes:
        sketch: what to type after `pixvox sketch` to draw the sample; "" where there is none.
        folder: the folder's name; "" where it is the data set's name.
        drawn_only: nobody publishes it; the sample's serves in both profiles.
    """

    sketch: str = ""
    folder: str = ""
    drawn_only: bool = False


DATASETS = {
    "mnist": DataSet("digits"),
    "fashion-mnist": DataSet("clothes"),
    "age-gap-faces": DataSet("faces"),
    "dogs-vs-cats": DataSet("animals"),
    "3d-mnist": DataSet("voxels"),
    "solids": DataSet("solids", drawn_only=True),
    "own-pictures": DataSet("own-pictures", drawn_only=True),
    "vgg16": DataSet("vgg16", folder="vgg"),
    "vgg19": DataSet("vgg19", folder="vgg"),
    "mobilenet": DataSet(folder="imagenet"),
}
