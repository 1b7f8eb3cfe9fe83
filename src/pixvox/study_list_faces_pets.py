"""The studies of lessons 04 to 07: faces, cats and dogs."""

from pixvox.study import Study

STUDIES: dict[str, Study] = {
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
    "posted_layers": Study(
        "lesson 07: zeros and likeness by layer of P4's own network",
        [{"augmentation": True, "dropout": True}],
        (0, 1, 2, 3, 4),
        "pixvox.study_explain:measure_posted_layers",
    ),
    "planted_mark": Study(
        "lesson 07: a mark on every dog: accuracy without it, and which heat maps find it",
        [{"mark": "yellow square"}],
        (0, 1, 2, 3, 4),
        "pixvox.study_explain:measure_mark",
    ),
}
