"""Digits and solids as voxels: P0's networks, a fair pair, our own, and handedness."""

from pixvox_studies import Study

WINDOWS = ("flat", "grid")
AXES = ("as they lie", "their own")
ARMS = [f"{network}, {axes}" for axes in AXES for network in (*WINDOWS, "points")]
RATES = (1.3e-3, 4e-3, 1.2e-2, 3.6e-2)
COLOUR_WAYS = (
    "P0's loop",
    "one call of matplotlib",
    "look-up",
    "look-up of bytes",
    "steps alone",
    "writing alone",
)

STUDIES: dict[str, Study] = {
    "voxel_baselines": Study(
        "3D MNIST as made here: classical models beside the figures for the published file",
        [{"model": name} for name in ("k-nearest neighbours", "random forest", "logistic regression")],
        (0,),
        "pixvox_studies.voxels.baselines:measure_baseline",
    ),
    "voxel_posted": Study(
        "2D and 3D: P0's 2D and 3D networks, as posted",
        [{"network": name} for name in ("2D", "3D")],
        (0,),
        "pixvox_studies.voxels.posted:measure_posted",
        full_seeds=(0, 1, 2),
    ),
    "voxel_momentum": Study(
        "2D and 3D: the first epochs of P0's 3D network with two momenta of BatchNormalization",
        [{"momentum": momentum} for momentum in (0.99, 0.9)],
        (0,),
        "pixvox_studies.voxels.posted:measure_momentum",
    ),
    "voxel_rates": Study(
        "2D and 3D: the rates of voxel_axes and voxel_points, on validation digits",
        [
            {"network": network, "axes": axes, "rate": rate}
            for axes in AXES
            for network in (*WINDOWS, "points")
            for rate in RATES
            if network != "points" or rate < 1e-2  # above, points hardly learn
        ]
        + [{"network": "flat", "axes": "their own", "rate": 1e-1}],  # where the highest was the best
        (0,),
        "pixvox_studies.voxels.axes:measure_rate",
    ),
    "voxel_axes": Study(
        "2D and 3D: flat windows and those of the grid, on digits as they lie and in their own axes",
        [{"network": network, "axes": axes} for axes in AXES for network in WINDOWS],
        (0, 1, 2, 3, 4),
        "pixvox_studies.voxels.axes:measure_axes",
        full_seeds=(0, 1, 2),
    ),
    "voxel_control": Study(
        "2D and 3D: the control of voxel_axes: digits centred and scaled like the turned ones, not turned",
        [{"network": "flat", "axes": "scaled only"}],
        (0, 1, 2, 3, 4),
        "pixvox_studies.voxels.axes:measure_axes",
        full_seeds=(0,),
    ),
    "voxel_points": Study(
        "2D and 3D: a small PointNet on the clouds, as they lie and in their own axes",
        [{"network": "points", "axes": axes} for axes in AXES],
        (0,),
        "pixvox_studies.voxels.axes:measure_axes",
    ),
    "voxel_fair_rates": Study(
        "2D and 3D: the rates of voxel_fair, on validation digits",
        [{"network": network, "rate": rate} for network in WINDOWS for rate in (4e-3, 1.2e-2, 3.6e-2, 1e-1)],
        (0,),
        "pixvox_studies.voxels.axes:measure_file_rate",
    ),
    "voxel_fair": Study(
        "2D and 3D: flat windows and those of the grid on the rows of the file, all else equal",
        [{"network": network} for network in WINDOWS],
        (0, 1, 2, 3, 4),
        "pixvox_studies.voxels.axes:measure_file",
        full_seeds=(0, 1, 2),
    ),
    "voxel_colour": Study(
        "2D and 3D: the small 3D network on plain voxels, on coloured ones, and on the map reversed",
        [{"colour": name} for name in ("one channel", "map", "map reversed")],
        (0, 1),
        "pixvox_studies.voxels.fair:measure_colour",
        full_seeds=(0, 1, 2),
    ),
    "voxel_look_up": Study(
        "2D and 3D: milliseconds to colour 500 volumes, by matplotlib and by look-up",
        [{"way": name} for name in COLOUR_WAYS],
        (0, 1, 2),
        "pixvox_studies.voxels.colours:measure_look_up",
        cost=True,
    ),
    "voxel_pairs": Study(
        "2D and 3D: validation with an original and its copy kept together, or parted",
        [{"pairs": name} for name in ("together", "parted")],
        (0, 1),
        "pixvox_studies.voxels.fair:measure_pairs",
        full_seeds=(0, 1, 2),
    ),
    "voxel_better": Study(
        "2D and 3D: our own flat network on volumes turned anew in every epoch and made to face us",
        [{"recipe": name} for name in ("facing", "facing, short")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.voxels.better:measure_better",
    ),
    "voxel_deeper": Study(
        "2D and 3D: our own deeper 3D network on volumes turned anew in every epoch, as they lie",
        [{"recipe": "3D"}],
        (0, 1, 2),
        "pixvox_studies.voxels.better:measure_better",
    ),
    "voxel_cost": Study(
        "2D and 3D: the CPU seconds of P0's recipes and of our own flat network",
        [{"recipe": name} for name in ("P0's 2D", "P0's 3D", "facing", "facing, short")],
        (0, 1, 2),
        "pixvox_studies.voxels.costs:measure_cost",
        cost=True,
    ),
    "voxel_arm_costs": Study(
        "2D and 3D: the CPU seconds of the arms of voxel_axes, of PointNet and of our deeper 3D network",
        [{"recipe": name} for name in (*ARMS, "3D")],
        (0,),
        "pixvox_studies.voxels.costs:measure_cost",
        cost=True,
    ),
    "voxel_todo": Study(
        "2D and 3D: P0's to-do list on the small flat network, one switch at a time",
        [{"change": name} for name in ("none", "six convolutions", "RMSprop", "batch 16")],
        (0, 1, 2),
        "pixvox_studies.voxels.fair:measure_todo",
    ),
    "voxel_solids": Study(
        "2D and 3D: drawn solids, of which many have no thin axis, as they lie and in their own axes",
        [{"network": network, "axes": axes} for axes in AXES for network in WINDOWS],
        (0, 1, 2, 3, 4),
        "pixvox_studies.voxels.solids:measure_solids",
        drawn_only=True,
    ),
    "voxel_hands": Study(
        "2D and 3D: helices and their mirror images, told apart by a shadow, flat windows and the grid",
        [
            {"network": "shadow", "axes": "their own"},
            {"network": "flat", "axes": "their own"},
            {"network": "grid", "axes": "their own"},
            {"network": "grid", "axes": "as they lie"},
        ],
        (0, 1, 2),
        "pixvox_studies.voxels.hands:measure_hands",
        drawn_only=True,
    ),
    "voxel_clips": Study(
        "2D and 3D: short films, in which a spot moves one of eight ways: one frame, all, or all shuffled",
        [
            {"network": network, "frames": frames}
            for network, frames in (
                ("flat", "one"),
                ("flat", "in order"),
                ("grid", "in order"),
                ("grid", "shuffled"),
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.voxels.clips:measure_clips",
        drawn_only=True,
    ),
}
