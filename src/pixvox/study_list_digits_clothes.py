"""The studies of lessons 01 to 03: digits and clothes."""

from pixvox.study import Study

STUDIES: dict[str, Study] = {
    "mnist_networks": Study(
        "lesson 01: P4's convnet, the same on shifted digits, a dense network, and our own",
        [{"network": name} for name in ("convnet", "dense", "better", "shifts")],
        (0, 1, 2, 3, 4),
        "pixvox.study_mnist:measure_network",
    ),
    "mnist_activations": Study(
        "lesson 01: P4's convnet with ReLU, tanh and the sigmoid, after a few epochs",
        [{"activation": name} for name in ("relu", "tanh", "sigmoid")],
        (0, 1, 2, 3, 4),
        "pixvox.study_mnist:measure_activation",
    ),
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
        "pixvox.study_leaky:measure_recipe",
    ),
    "leaky_batches": Study(
        "lesson 02: P1's network with batches of 64, 128 and 256, and 256 with longer steps",
        [
            {"batch_size": size, "learning_rate": rate}
            for size, rate in ((64, 0.001), (128, 0.001), (256, 0.001), (256, 0.004))
        ],
        (0, 1, 2, 3, 4),
        "pixvox.study_leaky:measure_batch_size",
    ),
    "leaky_units": Study(
        "lesson 02: units that die under ReLU and LeakyReLU at three learning rates",
        [{"activation": name, "rate": rate} for rate in (0.001, 0.01, 0.03) for name in ("relu", "leaky")],
        (0, 1, 2, 3, 4),
        "pixvox.study_leaky:measure_units",
    ),
    "fashion_four_models": Study(
        "lesson 03: the post's networks, 10 epochs and more, with and without augmentation",
        [
            {"network": network, "arm": arm}
            for network in ("one conv", "three conv", "four conv")
            for arm in ("plain", "augmented")
        ],
        (0, 1, 2, 3, 4),
        "pixvox.study_fashion:measure_arm",
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
        "pixvox.study_fashion:measure_parameters",
    ),
    "fashion_better": Study(
        "lesson 03: our own network and schedule",
        [{"recipe": "better"}],
        (0, 1, 2),
        "pixvox.study_fashion:measure_better",
    ),
    "fashion_cost": Study(
        "lesson 03: the CPU seconds of the post's four-conv recipe and of ours",
        [{"network": "four conv"}, {"network": "better"}],
        (0, 1, 2),
        "pixvox.study_fashion_cost:measure_cost",
    ),
    "drawn_clothes": Study(
        "the sample's clothes: what shortcuts reach, a softmax on pixels, and P1's network",
        [{"learner": name} for name in ("mean grey", "border", "file size", "softmax", "network")],
        (0, 1, 2, 3, 4),
        "pixvox.study_clothes:measure_learner",
    ),
}
