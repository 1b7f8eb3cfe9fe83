"""Clothes and remembering: P1's network, cures for overfitting, batch sizes, units that die."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "leaky_recipes": Study(
        "lesson 02: P1's network, a cure for overfitting at a time, and our own",
        [
            {"recipe": name}
            for name in (
                "as posted",
                "stopped early",
                "dropout",
                "weight decay",
                "smoothed labels",
                "mirrored, shifted",
                "normalised, one cycle",
                "ours",
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.fashion.recipes:measure_recipe",
    ),
    "leaky_batches": Study(
        "lesson 02: P1's network with batches of 64, 128 and 256, and 256 with longer steps",
        [
            {"batch_size": size, "learning_rate": rate}
            for size, rate in ((64, 0.001), (128, 0.001), (256, 0.001), (256, 0.004))
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.fashion.recipes:measure_batch_size",
    ),
    "leaky_units": Study(
        "lesson 02: units that die under ReLU and LeakyReLU at three learning rates",
        [{"activation": name, "rate": rate} for rate in (0.001, 0.01, 0.03) for name in ("relu", "leaky")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.fashion.recipes:measure_units",
    ),
}
