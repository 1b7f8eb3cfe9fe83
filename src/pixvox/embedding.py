"""Maps of many-dimensional vectors: how true a map is, and files for TensorBoard's Embedding Projector."""

import re

import numpy as np
import scipy  # its parts load when they are first asked for

from pixvox.datasets import store
from pixvox.datasets.files import replace_file

NEIGHBOURS = 10  # of each vector, for `neighbour_agreement`
CONFIG = "projector_config.pbtxt"  # the name that the projector looks for
MOST_POINTS = 5_000  # all pairs are compared: 12 million distances
MOST_SPRITE = 8_192  # pixels a side, as the projector's page allows


def neighbour_agreement(vectors, points):
    """Say how many of each vector's ten nearest neighbours are among the ten nearest on the map.

    Args:
        vectors: (n, dimensions) numbers, n from 11 to `MOST_POINTS`.
        points: (n, 2) or any other number of columns: the map.

    Returns:
        the mean share of common neighbours, 0 to 1. A random map has about 10 / (n - 1).

    Raises ValueError if the two differ in length, or there are too few or too many of them.
    """
    from sklearn.neighbors import NearestNeighbors

    pair = _check_pair(vectors, points)
    if len(pair[0]) <= NEIGHBOURS:
        raise ValueError(f"expected more than {NEIGHBOURS} vectors, got {len(pair[0])}.")
    near = [NearestNeighbors(n_neighbors=NEIGHBOURS).fit(array).kneighbors()[1] for array in pair]
    common = [len(set(first) & set(second)) for first, second in zip(*near, strict=True)]
    return float(np.mean(common) / NEIGHBOURS)


def distance_correlation(vectors, points):
    """Say how well the distances on a map follow those of the vectors, near and far.

    Args and Raises as for `neighbour_agreement`; 3 vectors are enough.

    Returns:
        Spearman's (1904) rank correlation over all pairs, -1 to 1: 1 if the same ones are near on both.
    """
    distances = [scipy.spatial.distance.pdist(array) for array in _check_pair(vectors, points)]
    return float(scipy.stats.spearmanr(*distances).statistic)


def make_sprite(pictures):
    """Lay pictures out in a square, row by row, as the projector cuts them.

    Args:
        pictures: uint8 (n, height, width) or (n, height, width, 1), n from 1.

    Returns:
        uint8 (k * height, k * width), k the root of n, rounded up. Places without a picture are 0.

    Raises:
        ValueError: for another type or shape, or if the square is larger than 8,192 pixels a side.
    """
    pictures = np.asarray(pictures)
    pictures = pictures[..., 0] if pictures.ndim == 4 and pictures.shape[-1] == 1 else pictures
    if pictures.dtype != np.uint8 or pictures.ndim != 3 or not pictures.size:
        found = f"{pictures.dtype} {pictures.shape}"
        raise ValueError(f"expected grey pictures, uint8 (n, rows, columns), got {found}.")
    count, height, width = pictures.shape
    k = int(np.ceil(np.sqrt(count)))
    if k * max(height, width) > MOST_SPRITE:
        text = f"expected pictures that fit into {MOST_SPRITE} pixels a side"
        raise ValueError(f"{text}, got {count:,} of {height}x{width}; take fewer.")
    sprite = np.zeros((k * k, height, width), dtype=np.uint8)
    sprite[:count] = pictures
    return sprite.reshape(k, k, height, width).swapaxes(1, 2).reshape(k * height, k * width)


def write_projector(embeddings, *, pictures, labels, class_names):
    """Write vectors, their labels, a sprite of pictures and a config for the Embedding Projector.

    Args:
        embeddings: dict from a name without spaces or slashes ("pixels") to (n, dimensions) floats.
        pictures: uint8 (n, height, width) or (n, height, width, 1), one for each vector.
        labels: (n,) whole numbers, indices into `class_names`.
        class_names: texts.

    Returns:
        the folder, build/<profile>/projector, with <name>.tsv, metadata.tsv (class and number), sprite.png
        and projector_config.pbtxt; a path for TensorBoard.

    Raises:
        ValueError: if vectors, pictures and labels are not as many, a label has no name, a name cannot be a
            file's, vectors are not finite or the sprite would be too large; then nothing is written.
    """
    from PIL import Image

    counts = {name: len(vectors) for name, vectors in embeddings.items()}
    counts |= {"pictures": len(pictures), "labels": len(labels)}
    if len(set(counts.values())) != 1 or not embeddings:
        raise ValueError(f"expected as many vectors as pictures and labels, got {counts}.")
    wrong = [name for name in embeddings if not re.fullmatch(r"[\w-]+", str(name)) or name == "metadata"]
    if wrong:
        raise ValueError(f"expected names of letters, digits, - and _, not 'metadata', got {wrong[0]!r}.")
    nameless = [label for label in labels if np.ndim(label) or label not in range(len(class_names))]
    if nameless:
        raise ValueError(f"expected labels from 0 to {len(class_names) - 1}, got {nameless[0]!r}.")
    if any(re.search(r"[\t\r\n]", str(name)) for name in class_names):
        raise ValueError(f"expected class names without tabs and line ends, got {class_names!r}.")
    sprite, log_dir = Image.fromarray(make_sprite(pictures)), projector_dir()
    files = {f"{name}.tsv": _tsv(vectors) for name, vectors in embeddings.items()}
    rows = [f"{class_names[int(label)]}\t{number}" for number, label in enumerate(labels)]
    files["metadata.tsv"] = "\n".join(["class\tnumber", *rows]) + "\n"
    files[CONFIG] = _config(embeddings, np.shape(pictures)[1:3])  # last: it names the others
    with replace_file(log_dir / "sprite.png") as temporary:
        sprite.save(temporary)
    for name, text in files.items():
        with replace_file(log_dir / name) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
    return log_dir


def projector_dir():
    """Return the folder of the projector's files in the profile in force: build/<profile>/projector."""
    return store.build_dir() / "projector"


def _config(embeddings, picture_size):
    """Return the text of the projector's config."""
    from google.protobuf import text_format
    from tensorboard.plugins import projector

    config = projector.ProjectorConfig()
    for name in embeddings:
        entry = config.embeddings.add()
        entry.tensor_name, entry.tensor_path = name, f"{name}.tsv"
        entry.metadata_path = "metadata.tsv"  # from the log folder: not repeated here
        entry.sprite.image_path = "sprite.png"
        entry.sprite.single_image_dim.extend([picture_size[1], picture_size[0]])
    return text_format.MessageToString(config)


def _tsv(vectors):
    """Write vectors as lines of numbers between tabs; nine digits bring float32 back exactly."""
    vectors = np.asarray(vectors, dtype=np.float32)
    if vectors.ndim != 2 or not np.isfinite(vectors).all():
        found = "nan or inf" if vectors.ndim == 2 else f"the shape {vectors.shape}"
        raise ValueError(f"expected finite vectors (n, dimensions), got {found}.")
    return "\n".join("\t".join(f"{value:.9g}" for value in row) for row in vectors.tolist()) + "\n"


def _check_pair(vectors, points):
    """Return both as arrays (n, columns), or raise ValueError."""
    pair = [np.asarray(array, dtype=np.float64) for array in (vectors, points)]
    if any(array.ndim != 2 for array in pair) or len(pair[0]) != len(pair[1]):
        raise ValueError(f"expected (n, columns) twice, got the shapes {pair[0].shape} and {pair[1].shape}.")
    if not 3 <= len(pair[0]) <= MOST_POINTS:
        raise ValueError(f"expected 3 to {MOST_POINTS:,} vectors, got {len(pair[0]):,}; take fewer.")
    if not all(np.isfinite(array).all() and np.ptp(array, axis=0).any() for array in pair):
        raise ValueError("expected finite vectors that differ, got NaN, infinity, or all of them alike.")
    return pair
