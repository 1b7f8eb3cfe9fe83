"""Transfer learning: every route from a pretrained base, learning curves, the small VGGs."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "small_vgg_transfer": Study(
        "400 cats and dogs: P4's network, features of the small VGGs, fine-tuning, and random weights",
        [
            {"network": name}
            for name in ("baseline", "vgg16 features", "vgg16 fine-tuned", "vgg16 random", "vgg19 features")
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.transfer.small_vgg:measure_transfer",
    ),
    "transfer_routes": Study(
        "transfer: every route from a pretrained base, in order and out of it, other inputs, and our own",
        [
            {"route": name}
            for name in (
                *("from scratch", "features", "features, 1/255", "features, contrast/255"),
                *("fine-tuned", "all, in order", "all at once"),
                *("frozen, large steps", "all at once, large steps"),
                *("ours, features", "ours, fine-tuned"),
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.transfer.routes:measure_route",
    ),
    "transfer_curves": Study(
        "transfer: accuracy by number of training pictures, from scratch and from a pretrained base",
        [
            {"route": route, "pictures": pictures}
            for route, counts in (
                ("ours, features", (10, 20, 50, 100, 200)),
                ("ours, fine-tuned", (50, 200)),
                ("from scratch", (100, 200, 800)),
            )
            for pictures in counts
        ],
        (0, 1, 2),
        "pixvox_studies.transfer.curves:measure_curve",
    ),
    "transfer_costs": Study(
        "VGG16 and P4's head: the CPU seconds of features once and of base and head end to end",
        [{"route": name} for name in ("features once", "end to end")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.transfer.costs:measure_cost",
        cost=True,
        drawn_only=True,
    ),
}
