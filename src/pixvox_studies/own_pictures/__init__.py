"""Own pictures: a folder with faults that are known, what its first score says, and what finds the faults."""

from pixvox_studies import Study

ALONE = {  # a fault, and its strengths: shares, as `pixvox_sketch.own_pictures.faults.Faults` has them
    "twins": (0.2, 0.4, 0.8),
    "swapped": (0.04, 0.08, 0.16),
    "sixteen_bit": (0.04, 0.08, 0.16),
    "mark": (0.75, 0.9, 0.96, 1.0),
    "frame": (0.96,),
    "file size": (0.96,),
}

STUDIES: dict[str, Study] = {
    "own_faults": Study(
        "own pictures: faults of a folder, one at a time and all, before and after they are mended",
        [
            {"fault": "none", "strength": 0.0},
            *({"fault": name, "strength": strength} for name, values in ALONE.items() for strength in values),
            *({"fault": "all", "strength": times} for times in (0.5, 1.0, 1.5)),
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.own_pictures.faults:measure_faults",
        drawn_only=True,
    ),
    "own_means": Study(
        "own pictures: whether the difference of the classes' mean pictures finds the mark",
        [
            {"fault": "none", "strength": 0.0},
            *({"fault": "mark", "strength": strength} for strength in ALONE["mark"]),
            *({"fault": "all", "strength": times} for times in (0.5, 1.0, 1.5)),
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.own_pictures.faults:measure_means",
        drawn_only=True,
    ),
}
