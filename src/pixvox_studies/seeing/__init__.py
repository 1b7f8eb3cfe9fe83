"""Heat maps: scored, layers forgotten one after the other, a mark planted on every dog."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "heatmap_scores": Study(
        "seeing: heat maps of drawn cats and dogs, scored, beside maps that know no model",
        [
            {"method": name}
            for name in (
                *("random pixels", "random blobs", "centred", "edges", "input gradients"),
                *("Grad-CAM", "Grad-CAM, finer", "occlusion", "integrated gradients"),
            )
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.seeing.heatmaps:measure_heatmaps",
        drawn_only=True,
    ),
    "sanity_check": Study(
        "seeing: zeros and likeness by layer, and heat maps while a network forgets its layers",
        [{"network": "pets_better"}],
        (0, 1, 2, 3, 4),
        "pixvox_studies.seeing.heatmaps:measure_layers",
        drawn_only=True,
    ),
    "posted_layers": Study(
        "seeing: zeros and likeness by layer of P4's own network",
        [{"augmentation": True, "dropout": True}],
        (0, 1, 2, 3, 4),
        "pixvox_studies.seeing.heatmaps:measure_posted_layers",
    ),
    "planted_mark": Study(
        "seeing: a mark on every dog: accuracy without it, and which heat maps find it",
        [{"mark": "yellow square"}],
        (0, 1, 2, 3, 4),
        "pixvox_studies.seeing.heatmaps:measure_mark",
        drawn_only=True,
    ),
}
