"""Numbers of the posts that need no training: shapes, parameters, equalities, arithmetic."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "counts": Study(
        "numbers that need no training: shapes, parameters, equalities",
        [
            {"quantity": name}
            for name in (
                "hand-made convolution",
                "hand-made 3D convolution",
                "3D convolution of depth 1",
                "first convnet, output",
                "first convnet, parameters",
                "first map, moved by 1 pixel",
                "pooled map, moved by 2 pixels",
                "pooled map, moved by 1 pixel",
                "pooled side, even",
                "pooled side, odd",
                "leaky network, parameters",
                "one-hot against sparse loss",
                "5x5 layer, kernel weights",
                "5x5 layer, parameters",
                "conv part, 28 against 56 pixels",
                "whole network, 28 against 56 pixels",
                "window sides",
                "four models, parameters",
                "age gap, first layers",
                "age gap, parameters",
                "small pets network, parameters",
                "VGG16 base",
                "trainable tensors",
                "copying slip, constant answer",
                "copying slip, distinct test pictures",
                "augmented pictures, distinct of 2,000",
                "3D MNIST networks, parameters",
                "LeakyReLU model, saved and loaded",
                "augmentations that Keras lacks",
                "Fashion-MNIST, pictures",
                "Fashion-MNIST, largest pixel",
                "test scores that are k of 220",
                "test scores that are k of 3460",
                "validation scores that are k of 592",
                "validation scores that are k of 1200",
                "chance of k of 220",
                "chance of k of 3460",
                "chance of k of 592",
                "chance of k of 1200",
                "first score times 3460",
                "first score times 220",
                "best of 100 halves",
                "pictures to tell two points",
            )
        ],
        (0,),
        "pixvox_studies.counts.quantities:measure_quantity",
    ),
}
