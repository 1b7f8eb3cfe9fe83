"""Young or old: P2's network in all its variants, each with its own rate, and where luck comes from."""

from pixvox_studies import Study

NAMES = (
    *("base", "dropout .2", "Adam", "5x5", "5x5, dropout .1", "5x5, valid"),
    *("PReLU", "LeakyReLU", "ReLU, valid (control)", "fourth layer"),
    *("batch 8", "batch 32", "batch 64"),
)
SEEDS = (0, 1, 2, 3, 4)
TUNED = {  # the best of three rates by `face_rates`, where that is not Keras's default
    "5x5": 3e-4,
    "5x5, dropout .1": 3e-4,
    "LeakyReLU": 3e-4,
    "ReLU, valid (control)": 3e-4,
    "fourth layer": 3e-4,
    "batch 8": 3e-4,
    "batch 32": 3e-4,
    "batch 64": 3e-4,
}

STUDIES: dict[str, Study] = {
    "face_variants": Study(
        "faces: P2's network in all its variants, the control they lack, and our own",
        [{"variant": name} for name in (*NAMES, "ours")],
        SEEDS,
        "pixvox_studies.faces.variants:measure_variant",
    ),
    "face_leak": Study(
        "faces: pictures of people seen in training, and of strangers, for one network",
        [{"variant": "Adam"}],
        SEEDS,
        "pixvox_studies.faces.variants:measure_leak",
        drawn_only=True,
    ),
    "face_rates": Study(
        "faces: three learning rates for each variant, on people drawn to choose one by",
        [{"variant": name, "rate": rate} for name in NAMES for rate in (3e-4, 1e-3, 3e-3)],
        (0, 1, 2),
        "pixvox_studies.faces.people:measure_rate",
        drawn_only=True,
    ),
    "face_tuned": Study(
        "faces: the variants for which another rate than the default is best, with that rate",
        [{"variant": name, "rate": rate} for name, rate in TUNED.items()],
        SEEDS,
        "pixvox_studies.faces.variants:measure_variant",
        drawn_only=True,
    ),
    "face_luck": Study(
        "faces: five sets of people to train on by five seeds, for P2's base network",
        [{"people": number} for number in range(5)],
        SEEDS,
        "pixvox_studies.faces.people:measure_luck",
        drawn_only=True,
    ),
    "face_groups": Study(
        "faces: by skin tone and sex, on people drawn after a group had been found by looking",
        [{"variant": name} for name in ("Adam", "ours")],
        SEEDS,
        "pixvox_studies.faces.people:measure_groups",
        drawn_only=True,
    ),
    "face_undivided": Study(
        "faces: pictures divided by 255, as in training, and not divided, for P2's base network",
        [{"network": "base"}],
        SEEDS,
        "pixvox_studies.faces.people:measure_undivided",
        drawn_only=True,
    ),
}
