"""The drawings themselves: how hard they are, and which shortcuts fail on them."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "drawn_clothes": Study(
        "the sample's clothes: what shortcuts reach, a softmax on pixels, and P1's network",
        [{"learner": name} for name in ("mean grey", "border", "file size", "softmax", "network")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.drawings.clothes:measure_learner",
    ),
    "drawn_animals": Study(
        "the sample's cats and dogs: shortcuts that must fail, P4's network, and augmentation with dropout",
        [
            {"learner": name}
            for name in ("pixels", "colours", "background", "file size", "baseline", "augmented")
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.drawings.animals:measure_learner",
    ),
    "drawn_faces": Study(
        "the sample's faces: shortcuts that must fail, the nearer average face, and P2's base network",
        [{"learner": name} for name in ("background", "mean grey", "file size", "average face", "network")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.drawings.faces:measure_learner",
    ),
}
