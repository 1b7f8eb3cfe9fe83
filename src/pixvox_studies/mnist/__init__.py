"""Digits: P4's convnet, what shifting the digits adds, and activations."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "mnist_networks": Study(
        "MNIST: with and without convolution, neighbours, places and shifted training digits",
        [
            {"network": name}
            for name in (
                "dense",
                "dense_shifts",
                "convnet",
                "convnet_shifts",
                "scrambled",
                "pooled",
                "framed",
                "no_hidden",
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.mnist.networks:measure_network",
    ),
    "mnist_costs": Study(
        "MNIST: accuracy and CPU seconds of P4's recipe and of our own",
        [{"network": name} for name in ("convnet", "better")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.mnist.networks:measure_network",
        cost=True,
    ),
    "mnist_recipe": Study(
        "MNIST: our own network without one of its changes at a time",
        [
            {"without": name}
            for name in ("nothing", "shifts", "normalisation", "one cycle", "channels", "large batches")
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.mnist.networks:measure_recipe",
    ),
    "mnist_activations": Study(
        "MNIST: P4's convnet with ReLU, tanh and the sigmoid, after a few epochs",
        [{"activation": name} for name in ("relu", "tanh", "sigmoid")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.mnist.networks:measure_activation",
    ),
    "mnist_gradients": Study(
        "how much of a gradient comes through ten layers, by activation and size of the weights",
        [{"activation": name} for name in ("relu", "tanh", "sigmoid")],
        tuple(range(20)),
        "pixvox_studies.mnist.gradients:measure_gradients",
        drawn_only=True,
    ),
    "mnist_activation_costs": Study(
        "P4's convnet with ReLU, tanh and the sigmoid: CPU seconds of an epoch and of a derivative",
        [{"activation": name} for name in ("relu", "tanh", "sigmoid")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.mnist.costs:measure_activation_cost",
        cost=True,
        drawn_only=True,
    ),
}
