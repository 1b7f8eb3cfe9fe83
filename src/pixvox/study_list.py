"""The studies: what each compares, with which settings and seeds, and the function that measures a row."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Study(NamedTuple):
    """A long experiment.

    Attributes:
        title: what is compared, in a line.
        settings: dicts of numbers, texts and truth values; each is measured with every seed.
        seeds: whole numbers.
        run: a function of (setting, seed, work_dir) that returns a dict of measured
            numbers or lists of numbers; or its address, "module:function", imported before the
            first row is measured. Import Keras at the top of that module: then no row
            pays for it. `work_dir` is for `resume_callbacks`.
    """

    title: str
    settings: list[dict]
    seeds: tuple[int, ...]
    run: Callable[[dict, int, Path], dict] | str


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
    "drawn_animals": Study(
        "the sample's cats and dogs: shortcuts that must fail, P4's network, and augmentation with dropout",
        [
            {"learner": name}
            for name in ("pixels", "colours", "background", "file size", "baseline", "augmented")
        ],
        (0, 1, 2, 3, 4),
        "pixvox.study_animals:measure_learner",
    ),
    "drawn_faces": Study(
        "the sample's faces: shortcuts that must fail, the nearer average face, and P2's base network",
        [{"learner": name} for name in ("background", "mean grey", "file size", "average face", "network")],
        (0, 1, 2, 3, 4),
        "pixvox.study_faces:measure_learner",
    ),
    "drawn_clothes": Study(
        "the sample's clothes: what shortcuts reach, a softmax on pixels, and P1's network",
        [{"learner": name} for name in ("mean grey", "border", "file size", "softmax", "network")],
        (0, 1, 2, 3, 4),
        "pixvox.study_clothes:measure_learner",
    ),
    "face_variants": Study(
        "lesson 04: P2's network in all its variants, the control they lack, and our own",
        [
            {"variant": name}
            for name in (
                *("base", "dropout .2", "Adam", "5x5", "5x5, dropout .1", "5x5, valid"),
                *("PReLU", "LeakyReLU", "ReLU, valid (control)", "fourth layer"),
                *("batch 8", "batch 32", "batch 64", "ours"),
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox.study_face_net:measure_variant",
    ),
    "face_leak": Study(
        "lesson 04: pictures of people seen in training, and of strangers, for one network",
        [{"variant": "Adam"}],
        (0, 1, 2, 3, 4),
        "pixvox.study_face_net:measure_leak",
    ),
    "pets_arms": Study(
        "lesson 05: P4's network with neither remedy, augmentation, dropout, both",
        [
            {"augmentation": augmentation, "dropout": dropout}
            for augmentation, dropout in ((False, False), (True, False), (False, True), (True, True))
        ],
        (0, 1, 2, 3, 4),
        "pixvox.study_pets:measure_arm",
    ),
    "pets_curve": Study(
        "lesson 05: accuracy of P4's network by number of training pictures",
        [{"network": "P4's", "pictures": pictures} for pictures in (50, 200, 800)],
        (0, 1, 2),
        "pixvox.study_pets:measure_curve",
    ),
    "pets_better": Study(
        "lesson 05: our own network and schedule",
        [{"recipe": "better"}],
        (0, 1, 2),
        "pixvox.study_pets:measure_better",
    ),
    "pets_cost": Study(
        "lesson 05: the CPU seconds of P4's augmented recipe and of ours",
        [{"recipe": "P4's"}, {"recipe": "ours"}],
        (0, 1, 2),
        "pixvox.study_pets_cost:measure_cost",
    ),
    "small_vgg_transfer": Study(
        "400 cats and dogs: P4's network, features of the small VGGs, fine-tuning, and random weights",
        [
            {"network": name}
            for name in ("baseline", "vgg16 features", "vgg16 fine-tuned", "vgg16 random", "vgg19 features")
        ],
        (0, 1, 2, 3, 4),
        "pixvox.study_transfer:measure_transfer",
    ),
    "transfer_routes": Study(
        "lesson 06: every route from a pretrained base, in order and out of it, other inputs, and our own",
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
        "pixvox.study_routes:measure_route",
    ),
    "transfer_curves": Study(
        "lesson 06: accuracy by number of training pictures, from scratch and from a pretrained base",
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
        "pixvox.study_transfer_curves:measure_curve",
    ),
    "voxel_baselines": Study(
        "3D MNIST as made here: classical models beside the figures for the published file",
        [{"model": name} for name in ("k-nearest neighbours", "random forest", "logistic regression")],
        (0,),
        "pixvox.study_voxels:measure_baseline",
    ),
    "voxel_posted": Study(
        "lesson 08: P0's 2D and 3D networks, as posted",
        [{"network": name} for name in ("2D", "3D")],
        (0,),
        "pixvox.study_voxel_posted:measure_posted",
    ),
    "voxel_momentum": Study(
        "lesson 08: the first epochs of P0's 3D network with two momenta of BatchNormalization",
        [{"momentum": momentum} for momentum in (0.99, 0.9)],
        (0,),
        "pixvox.study_voxel_posted:measure_momentum",
    ),
    "voxel_fair": Study(
        "lesson 08: the same small network in 2D, along each axis, and in 3D",
        [{"network": name} for name in ("2D along x", "2D along y", "2D along z", "3D")],
        (0, 1, 2),
        "pixvox.study_voxel_fair:measure_fair",
    ),
    "voxel_colour": Study(
        "lesson 08: the small 3D network on plain voxels, on coloured ones, and on the map reversed",
        [{"colour": name} for name in ("one channel", "map", "map reversed")],
        (0, 1),
        "pixvox.study_voxel_fair:measure_colour",
    ),
    "voxel_pairs": Study(
        "lesson 08: validation with an original and its copy kept together, or parted",
        [{"pairs": name} for name in ("together", "parted")],
        (0, 1),
        "pixvox.study_voxel_fair:measure_pairs",
    ),
    "voxel_better": Study(
        "lesson 08: our own networks on volumes turned anew in every epoch, in 3D and facing us",
        [{"recipe": name} for name in ("facing", "facing, short", "3D")],
        (0, 1, 2),
        "pixvox.study_voxel_better:measure_better",
    ),
    "voxel_cost": Study(
        "lesson 08: the CPU seconds of P0's recipes and of ours",
        [{"recipe": name} for name in ("P0's 2D", "P0's 3D", "facing", "facing, short", "3D")],
        (0, 1),
        "pixvox.study_voxel_cost:measure_cost",
    ),
    "voxel_solids": Study(
        "lesson 08: drawn solids, which have no thin axis: 2D, 3D, and facing us",
        [{"network": name} for name in ("2D along z", "3D", "facing")],
        (0, 1),
        "pixvox.study_voxel_solids:measure_solids",
    ),
    "heatmap_scores": Study(
        "lesson 07: heat maps of drawn cats and dogs, scored, beside maps that know no model",
        [
            {"method": name}
            for name in (
                *("random pixels", "random blobs", "centred", "edges", "input gradients"),
                *("Grad-CAM", "Grad-CAM, finer", "occlusion", "integrated gradients"),
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox.study_explain:measure_heatmaps",
    ),
    "sanity_check": Study(
        "lesson 07: zeros and likeness by layer, and heat maps while a network forgets its layers",
        [{"network": "pets_better"}],
        (0, 1, 2, 3, 4),
        "pixvox.study_explain:measure_layers",
    ),
    "planted_mark": Study(
        "lesson 07: a mark on every dog: accuracy without it, and which heat maps find it",
        [{"mark": "yellow square"}],
        (0, 1, 2, 3, 4),
        "pixvox.study_explain:measure_mark",
    ),
    "voxel_hands": Study(
        "lesson 08: helices and their mirror images, told apart in 3D and by face-on pictures",
        [{"network": name} for name in ("3D", "facing")],
        (0, 1, 2),
        "pixvox.study_voxel_hands:measure_hands",
    ),
}
