"""The sample's voxel digits: 3D MNIST's recipe, applied to the sample's handwritten digits."""

from pathlib import Path

import numpy as np

from pixvox.datasets import store
from pixvox.datasets.make_mnist3d import SAMPLE_CLOUDS, SAMPLE_COUNTS, make_mnist3d
from pixvox.sketch.digits import draw_digits

SEED = 0


def write_voxel_digits(out_dir: Path | str | None = None) -> list[Path]:
    """Write the sample's three 3D MNIST files to a folder (the sample's own); return their paths.

    The vectors are of the first 500 training and 125 test digits (1,000 and 250 rows), the
    point clouds, in float32, of the first 50 of each.

    Source:
        D. de la Iglesia Castro, 3D MNIST, https://www.kaggle.com/daavoo/3d-mnist; digits: UCI Optical
        Recognition of Handwritten Digits (CC BY 4.0), see `sketch.digits`.
    """
    drawn = draw_digits()
    digits = (drawn["x_train"], drawn["y_train"]), (drawn["x_test"], drawn["y_test"])
    folder = Path(out_dir or store.data_dir("sample") / "3d-mnist")
    return make_mnist3d(
        digits, folder, seed=SEED, counts=SAMPLE_COUNTS, clouds=SAMPLE_CLOUDS, dtype=np.float32
    )
