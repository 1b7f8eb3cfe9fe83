"""Cats and dogs: P4's network and its remedies, learning curves, cost, our own."""

from pixvox_studies import Study

SHARES = (1 / 8, 1 / 4, 1 / 2, 1)  # of the training pictures

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
        "cats and dogs: accuracy by number of training pictures, with and without P4's dense layer, and ours",
        [
            *({"recipe": "dense", "share": share} for share in (1 / 4, 1)),
            *({"recipe": "averaging", "share": share} for share in SHARES),
            *({"recipe": "dense, higher rate", "share": share} for share in (1 / 4, 1)),
            *({"recipe": "ours", "share": share} for share in SHARES[:-1]),  # all: in `pets_better`
        ],
        (0, 1, 2),
        "pixvox_studies.pets.curve:measure_curve",
    ),
    "pets_curve_posted": Study(
        "cats and dogs: P4's augmented network on a part of the training pictures",
        [{"share": 1 / 4}],
        (0,),
        "pixvox_studies.pets.curve:measure_posted",
    ),
    "pets_better": Study(
        "cats and dogs: our own network and schedule",
        [{"recipe": "better"}],
        (0, 1, 2),
        "pixvox_studies.pets.recipes:measure_better",
    ),
    "pets_dial": Study(
        "cats and dogs: one difficulty turned up at a time, by network and by what training changes",
        [
            {"network": network, "changes": changes}
            for network in ("P4's", "ours")
            for changes in ("none", "moves", "light", "hides", "all")
        ],
        (0, 1, 2),
        "pixvox_studies.pets.dial:measure_dial",
        drawn_only=True,
    ),
    "pets_cost": Study(
        "cats and dogs: the CPU seconds of a batch, of P4's arms, its training as posted, and ours",
        [{"recipes": "all"}],
        (0, 1, 2),
        "pixvox_studies.pets.recipes:measure_cost",
        cost=True,
    ),
}
