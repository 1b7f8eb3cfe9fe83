"""How many labelled pictures does a pretrained base save? The pictures are those of `routes`."""

from pixvox_studies.transfer import routes

BATCHES = 400  # of 20 pictures, as many for few pictures as for 400


def measure_curve(setting, seed, work_dir):
    """Train our thorough route on the first pictures of a seed, for as many batches as 400 pictures have.

    With 400 drawings the trainings are those of `routes.measure_route`.

    Returns:
        dict: fit_seconds, train_accuracy, test_accuracy, test_right.
    """
    row = routes.measure_better(seed, work_dir, pictures=setting["pictures"], batches=BATCHES)
    del row["val_accuracy"]
    return row
