"""Clothes and four models: what earned P3's gain, and what our own network's.

P3's networks with and without augmentation, their running averages, parameters and cost; features that are
borrowed; our own network, whole and without each of its changes; digits against clothes.
"""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "fashion_four_models": Study(
        "four models: the post's networks, 10 epochs and more, with and without augmentation",
        [
            {"network": network, "arm": arm}
            for network in ("one conv", "three conv", "four conv")
            for arm in ("plain", "augmented")
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.four_models.networks:measure_arm",
    ),
    "fashion_parameters": Study(
        "four models: accuracy by number of parameters, dense networks and convnets",
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
    "fashion_averages": Study(
        "four models: the networks after 10 epochs, their running averages as they are and re-estimated",
        [{"network": network} for network in ("one conv", "three conv", "four conv")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.four_models.averages:measure_averages",
    ),
    "fashion_borrowed": Study(
        "four models: a dense head on VGG19's features, by what goes in and comes out, and its rivals",
        [
            {"way": way}
            for way in (
                *("scaled twice", "scaled once", "scaled twice, standardised", "scaled once, standardised"),
                *("64 pixels", "150 pixels, averaged to 2x2", "pixels"),
                *("random weights", "random weights, standardised"),
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.four_models.borrowed:measure_borrowed",
    ),
    "fashion_better": Study(
        "four models: our own network and schedule",
        [{"recipe": "better"}],
        (0, 1, 2, 3, 4),
        "pixvox_studies.four_models.better:measure_better",
    ),
    "fashion_parts": Study(
        "four models: our own network without each of its changes",
        [
            {"without": change}
            for change in (
                *("nothing", "mirrors", "shifts", "normalisation", "one cycle", "weight decay"),
                *("smoothed labels", "dropout", "average", "last convolution"),
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.four_models.better:measure_part",
    ),
    "fashion_cost": Study(
        "four models: the CPU seconds of the post's recipes and of ours",
        [{"network": name} for name in ("one conv", "three conv", "four conv", "better")],
        (0, 1, 2),
        "pixvox_studies.four_models.costs:measure_cost",
        cost=True,
    ),
    "one_pixel": Study(
        "four models: digits and clothes by one pixel, and by a linear model that has converged",
        [{"pictures": pictures} for pictures in ("digits", "clothes")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.four_models.pixels:measure_one_pixel",
    ),
}
