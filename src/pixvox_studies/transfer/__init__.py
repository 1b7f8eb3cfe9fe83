"""Transfer learning: few labels, routes from a base, its depth, its input, order and rate, and costs."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "transfer_labels": Study(
        "transfer: accuracy by number of labelled pictures, on a borrowed base and on random weights",
        [
            {"base": base, "pictures": pictures}
            for base in ("borrowed", "random weights", "drawn")
            for pictures in (2, 10, 20, 50, 100, 200, 400)
        ],
        tuple(range(20)),
        "pixvox_studies.transfer.labels:measure_labels",
    ),
    "transfer_depth": Study(
        "transfer: what each block of a base is worth to a regression, trained and with random weights",
        [
            {"weights": weights, "block": block}
            for weights in ("trained", "random")
            for block in (1, 2, 3, 4, 5)
        ],
        (0, 1, 2),
        "pixvox_studies.transfer.depth:measure_depth",
    ),
    "transfer_inputs": Study(
        "transfer: a base that gets its own input, 1/255, or a 255th of its contrast",
        [
            {"input": name, "head": head}
            for name in ("its own", "1/255", "contrast/255")
            for head in ("regression", "dense")
        ],
        (0, 1, 2),
        "pixvox_studies.transfer.depth:measure_input",
    ),
    "transfer_routes": Study(
        "transfer: every route from a pretrained base, P4's and ours, and from random weights",
        [
            {"route": name}
            for name in (
                *("ours, features", "ours, fine-tuned", "features", "random weights, features"),
                *("fine-tuned", "random weights, fine-tuned"),
            )
        ],
        (0, 1, 2),
        "pixvox_studies.transfer.routes:measure_route",
    ),
    "transfer_curves": Study(
        "transfer: our fine-tuning by number of labelled pictures",
        [{"pictures": pictures} for pictures in (10, 50, 100, 200)],
        (0, 1, 2),
        "pixvox_studies.transfer.curves:measure_curve",
    ),
    "transfer_steps": Study(
        "transfer: frozen, head first, or all at once, at three rates",
        [
            {"order": order, "rate": rate}
            for rate in ("middle", "large", "small")
            for order in ("head first", "at once", "frozen")
        ],
        (0, 1, 2),
        "pixvox_studies.transfer.steps:measure_steps",
    ),
    "transfer_unasked": Study(
        "transfer: ImageNet's own classes, kinds of cats against kinds of dogs, without any training",
        [{"network": "MobileNet, width .25"}],
        (0,),
        "pixvox_studies.transfer.depth:measure_unasked",
    ),
    "transfer_costs": Study(
        "VGG16 and P4's head: the CPU seconds of features once and of base and head end to end",
        [{"route": name} for name in ("features once", "end to end", "last block")],
        (0, 1, 2, 3, 4),
        "pixvox_studies.transfer.costs:measure_cost",
        cost=True,
        drawn_only=True,
    ),
}
