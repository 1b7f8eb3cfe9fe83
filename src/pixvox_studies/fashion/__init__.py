"""Clothes and remembering: P1's network, what it remembers, cures, batch sizes, units that die, baselines."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "leaky_posted": Study(
        "remembering: P1's recipe itself, and its curves",
        [{"recipe": "as posted"}],
        (0, 1, 2, 3, 4),
        "pixvox_studies.fashion.posted:measure_posted",
    ),
    "leaky_costs": Study(
        "remembering: accuracy and CPU seconds of P1's recipe and of ours",
        [{"recipe": name} for name in ("as posted", "ours")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.fashion.costs:measure_costs",
        cost=True,
    ),
    "leaky_labels": Study(
        "remembering: P1's network on true and on shuffled labels",
        [{"labels": name} for name in ("true", "shuffled")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.fashion.memory:measure_labels",
    ),
    "leaky_pictures": Study(
        "remembering: P1's network on 250 to 8,000 pictures, as many steps for all",
        [{"pictures": count} for count in (250, 500, 1_000, 2_000, 4_000, 8_000)],
        (0, 1, 2, 3, 4),
        "pixvox_studies.fashion.memory:measure_pictures",
    ),
    "leaky_recipes": Study(
        "remembering: P1's network, a cure for overfitting at a time, and our own",
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
                "more pictures",
                "half the width",
                "a quarter of the width",
                "an eighth of the width",
                "rate on plateau",
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.fashion.recipes:measure_recipe",
    ),
    "leaky_batches": Study(
        "remembering: P1's network with batches of 64, 128 and 256, and 256 with longer steps",
        [
            {"batch_size": size, "learning_rate": rate}
            for size, rate in ((64, 0.001), (128, 0.001), (256, 0.001), (256, 0.004))
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.fashion.recipes:measure_batch_size",
    ),
    "leaky_units": Study(
        "remembering: units that die under ReLU and LeakyReLU at three learning rates",
        [{"activation": name, "rate": rate} for rate in (0.001, 0.01, 0.03) for name in ("relu", "leaky")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.fashion.units:measure_units",
    ),
    "clothes_baselines": Study(
        "remembering: classical models, dense networks, and P1's on scrambled pictures",
        [
            {"model": name}
            for name in (
                "averages",
                "nearest neighbours",
                "logistic regression",
                "support vectors",
                "dense",
                "dense, two layers",
                "scrambled",
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.fashion.baselines:measure_baseline",
    ),
}
