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

NONE = {"fault": "none", "strength": 0.0}
EACH = [{"fault": name, "strength": strength} for name, values in ALONE.items() for strength in values]
MARKS = [setting for setting in EACH if setting["fault"] == "mark"]
ALL = [{"fault": "all", "strength": times} for times in (0.5, 1.0, 1.5)]

STUDIES: dict[str, Study] = {
    "own_faults": Study(
        "own pictures: faults of a folder, one at a time and all, before and after they are mended",
        [NONE, *EACH, *ALL],
        (0, 1, 2, 3, 4),
        "pixvox_studies.own_pictures.faults:measure_faults",
        drawn_only=True,
    ),
    "own_means": Study(
        "own pictures: whether the difference of the classes' mean pictures finds the mark",
        [NONE, *MARKS, *ALL],
        (0, 1, 2, 3, 4),
        "pixvox_studies.own_pictures.controls:measure_means",
        drawn_only=True,
    ),
    "own_covers": Study(
        "own pictures: places covered and labels mended in several ways, and what the folder and Monday say",
        [
            {"fault": fault, "strength": strength, "cover": cover, "labels": labels}
            for fault, strength, cover, labels in (
                *(("all", 1.0, cover, "as found") for cover in ("nothing", "elsewhere", "means")),
                *(("all", 1.0, "means", labels) for labels in ("looked at", "moved", "true")),
                *(("mark", strength, "means", "as found") for strength in ALONE["mark"]),
                ("frame", 0.96, "nothing", "as found"),
                ("frame", 0.96, "border", "as found"),
                ("none", 0.0, "nothing", "as found"),
                ("none", 0.0, "means", "as found"),
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.own_pictures.controls:measure_covers",
        drawn_only=True,
    ),
    "own_twins": Study(
        "own pictures: dealt at random, pictures with a twin in the training part and pictures without",
        [{"strength": strength} for strength in ALONE["twins"][1:]],
        (0, 1, 2, 3, 4),
        "pixvox_studies.own_pictures.controls:measure_twins_seen",
        drawn_only=True,
    ),
    "own_maps": Study(
        "own pictures: three maps asked why a dog is one: is the hottest place the mark's?",
        [NONE, *MARKS],
        (0, 1, 2, 3, 4),
        "pixvox_studies.own_pictures.controls:measure_maps",
        drawn_only=True,
    ),
}
