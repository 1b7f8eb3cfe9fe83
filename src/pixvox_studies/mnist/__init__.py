"""Digits: P4's convnet, what shifting the digits adds, and activations."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "mnist_networks": Study(
        "lesson 01: P4's convnet, the same on shifted digits, a dense network, and our own",
        [{"network": name} for name in ("convnet", "dense", "better", "shifts")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.mnist.networks:measure_network",
    ),
    "mnist_activations": Study(
        "lesson 01: P4's convnet with ReLU, tanh and the sigmoid, after a few epochs",
        [{"activation": name} for name in ("relu", "tanh", "sigmoid")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.mnist.networks:measure_activation",
    ),
}
