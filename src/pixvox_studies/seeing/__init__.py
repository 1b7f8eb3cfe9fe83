"""Seeing: layers and filters by depth, heat maps scored, networks that forget, a mark on every dog."""

from pixvox_studies import Study

METHODS = (
    *("Grad-CAM", "centred", "edges", "input gradients", "gradient x input", "integrated gradients"),
    *("occlusion", "Grad-CAM, finer", "random pixels", "random blobs", "distance from the mean"),
    *("gradient x input, unsigned", "integrated gradients, unsigned", "gradients, signed"),
    *("gradient x input, blurred start", "integrated gradients, blurred start"),
)

STUDIES: dict[str, Study] = {
    "heatmap_scores": Study(
        "seeing: heat maps scored, and asked of a cat and a dog side by side, beside maps that know no model",
        [{"method": name} for name in METHODS],
        (0, 1, 2, 3, 4),
        "pixvox_studies.seeing.heatmaps:measure_heatmaps",
        full_seeds=(0, 1, 2),
    ),
    "heatmap_transfer": Study(
        "seeing: what is hot for one network, removed, and another network asked",
        [{"method": name} for name in (*METHODS[:7], "random pixels")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.seeing.heatmaps:measure_transfer",
        drawn_only=True,
    ),
    "imagenet_heatmaps": Study(
        "seeing: heat maps of photographs for ImageNet's own kinds, scored",
        [{"method": name} for name in METHODS],
        (0,),
        "pixvox_studies.seeing.heatmaps:measure_imagenet",
    ),
    "sanity_check": Study(
        "seeing: heat maps while a network forgets its layers",
        [{"network": "pets_better"}],
        (0, 1, 2, 3, 4),
        "pixvox_studies.seeing.heatmaps:measure_forgetting",
        drawn_only=True,
    ),
    "planted_mark": Study(
        "seeing: a mark on every dog: accuracy without it, and which heat maps find it",
        [{"mark": "yellow square"}],
        tuple(range(14)),
        "pixvox_studies.seeing.heatmaps:measure_mark",
        full_seeds=(0, 1, 2, 3, 4),
    ),
    "mark_alone": Study(
        "seeing: a mark on pictures drawn by lot, and nothing else to tell them by: which heat maps find it",
        [{"mark": "yellow square"}],
        (0, 1, 2, 3, 4),
        "pixvox_studies.seeing.heatmaps:measure_mark_alone",
        full_seeds=(0, 1, 2),
    ),
    "layers_by_depth": Study(
        "seeing: blank maps, zeros and likeness by layer, of a trained network and one with random weights",
        [{"weights": "trained"}, {"weights": "random"}],
        (0, 1, 2, 3, 4),
        "pixvox_studies.seeing.layers:measure_layers",
        full_seeds=(0, 1, 2),
    ),
    "posted_layers": Study(
        "seeing: blank maps, zeros and likeness by layer of P4's own network",
        [{"augmentation": True, "dropout": True}],
        tuple(range(5)),
        "pixvox_studies.seeing.layers:measure_posted_layers",
    ),
    "filters": Study(
        "seeing: pictures made for filters, of a trained network and one with random weights",
        [{"weights": "trained"}, {"weights": "random"}],
        (0, 1, 2, 3, 4),
        "pixvox_studies.seeing.layers:measure_filters",
        full_seeds=(0, 1, 2),
    ),
}
