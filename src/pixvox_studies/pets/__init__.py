"""Cats and dogs: P4's network and its remedies, learning curves, cost, our own."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "pets_arms": Study(
        "cats and dogs: P4's network with neither remedy, augmentation, dropout, both",
        [
            {"augmentation": augmentation, "dropout": dropout}
            for augmentation, dropout in ((False, False), (True, False), (False, True), (True, True))
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.pets.recipes:measure_arm",
    ),
    "pets_curve": Study(
        "cats and dogs: accuracy of P4's network by number of training pictures",
        [{"network": "P4's", "pictures": pictures} for pictures in (50, 200, 800)],
        (0, 1, 2),
        "pixvox_studies.pets.recipes:measure_curve",
    ),
    "pets_better": Study(
        "cats and dogs: our own network and schedule",
        [{"recipe": "better"}],
        (0, 1, 2),
        "pixvox_studies.pets.recipes:measure_better",
    ),
    "pets_cost": Study(
        "cats and dogs: the CPU seconds of P4's augmented recipe and of ours",
        [{"recipe": "P4's"}, {"recipe": "ours"}],
        (0, 1, 2),
        "pixvox_studies.pets.recipes:measure_cost",
        cost=True,
    ),
}
