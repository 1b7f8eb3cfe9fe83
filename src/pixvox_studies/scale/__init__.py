"""More than one machine: large batches and the rate, processes that train one network, one that is killed."""

from pixvox_studies import Study

STUDIES: dict[str, Study] = {
    "scale_batches": Study(
        "several machines: large batches, and what becomes of the learning rate",
        [
            {"batch_size": 32, "rule": "same rate"},
            *(
                {"batch_size": size, "rule": rule}
                for size in (128, 512, 2048)
                for rule in ("same rate", "rate times factor", "rate times factor, warm-up")
            ),
            {"batch_size": 128, "rule": "same rate, as many batches"},
        ],
        (0, 1, 2, 3, 4),
        "pixvox_studies.scale.batches:measure_batches",
        full_seeds=(0, 1, 2),
    ),
    "scale_losses": Study(
        "several machines: the losses of one process, of two, and of two of which one is killed",
        [
            *(
                {"network": network, "rate": rate, "arm": arm}
                for network, rate in (
                    ("one convolution", 0.01),
                    ("batch normalisation", 0.01),
                    ("batch normalisation", 0.0003),
                    ("dropout", 0.01),
                )
                for arm in ("one process", "one, a weight changed", "two")
            ),
            {"network": "one convolution", "rate": 0.01, "arm": "two, one is killed"},
        ],
        (0, 1, 2),
        "pixvox_studies.scale.processes:measure_losses",
        drawn_only=True,
    ),
    "scale_processes": Study(
        "several machines: pictures a second with one and with two processes",
        [
            {"network": network, "batch_size": size}
            for network, size in (("one convolution", 64), ("one convolution", 512), ("few weights", 64))
        ],
        (0, 1, 2),
        "pixvox_studies.scale.processes:measure_speed",
        cost=True,
        drawn_only=True,
    ),
    "scale_strategies": Study(
        "several machines: does Keras train in TensorFlow's own strategies?",
        [
            {"strategy": "MirroredStrategy", "processes": 1},
            {"strategy": "MultiWorkerMirroredStrategy", "processes": 2},
        ],
        (0,),
        "pixvox_studies.scale.processes:measure_strategy",
        drawn_only=True,
    ),
}
