"""Clothes and four models: P3's networks, with and without augmentation, parameters, cost, our own."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "fashion_four_models": Study(
        "lesson 03: the post's networks, 10 epochs and more, with and without augmentation",
        [
            {"network": network, "arm": arm}
            for network in ("one conv", "three conv", "four conv")
            for arm in ("plain", "augmented")
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.four_models.networks:measure_arm",
    ),
    "fashion_parameters": Study(
        "lesson 03: accuracy by number of parameters, dense networks and convnets",
        [
            {"network": name}
            for name in (
                *(f"dense {width}" for width in (0, 32, 128, 512, 2048)),
                *("small conv", "one conv", "three conv", "four conv"),
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.four_models.networks:measure_parameters",
    ),
    "fashion_better": Study(
        "lesson 03: our own network and schedule",
        [{"recipe": "better"}],
        (0, 1, 2),
        "pixvox_studies.four_models.networks:measure_better",
    ),
    "fashion_cost": Study(
        "lesson 03: the CPU seconds of the post's recipes and of ours",
        [{"network": name} for name in ("one conv", "three conv", "four conv", "better")],
        (0, 1, 2),
        "pixvox_studies.four_models.networks:measure_cost",
        cost=True,
    ),
}
