"""Young or old: P2's network in all its variants, and what a split by photograph leaks."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "face_variants": Study(
        "faces: P2's network in all its variants, the control they lack, and our own",
        [
            {"variant": name}
            for name in (
                *("base", "dropout .2", "Adam", "5x5", "5x5, dropout .1", "5x5, valid"),
                *("PReLU", "LeakyReLU", "ReLU, valid (control)", "fourth layer"),
                *("batch 8", "batch 32", "batch 64", "ours"),
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.faces.variants:measure_variant",
    ),
    "face_leak": Study(
        "faces: pictures of people seen in training, and of strangers, for one network",
        [{"variant": "Adam"}],
        (0, 1, 2, 3, 4),
        "pixvox_studies.faces.variants:measure_leak",
        drawn_only=True,
    ),
}
