"""Maps of the clothes: what they keep, whose neighbours they show, what a line between two groups proves."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "clothes_maps": Study(
        "embeddings: neighbours and distances that flat maps keep, and their clumps, also of noise",
        [
            {"vectors": vectors, "map": kind}
            for vectors in (
                *("pixels", "hidden layer", "noise of 10", "noise of 784"),
                *("cloud like pixels", "cloud like hidden layer"),
            )
            for kind in (
                *("any plane", "PCA", "t-SNE, perplexity 5", "t-SNE, perplexity 30"),
                *("t-SNE, perplexity 100", "t-SNE, perplexity 30, random start"),
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.embeddings.maps:measure_map",
    ),
    "clothes_neighbours": Study(
        "embeddings: are a garment's neighbours of its class, by pixels, by networks, on maps",
        [
            {"space": space}
            for space in (
                *("pixels", "PCA of pixels", "t-SNE of pixels", "untrained", "shuffled labels", "trained"),
                *("PCA of trained", "t-SNE of trained"),
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.embeddings.neighbours:measure_neighbours",
    ),
    "clothes_line": Study(
        "embeddings: a line between two groups, judged on its own pictures and on others, true and shuffled",
        [
            {"labels": labels, "pictures": pictures}
            for labels in ("true", "shuffled")
            for pictures in (20, 40, 80, 160, 320, 640)
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.embeddings.line:measure_line",
    ),
}
