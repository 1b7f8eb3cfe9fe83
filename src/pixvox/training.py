"""How the course's own networks are trained: the learning rate's cycle."""

from keras.optimizers import schedules


def one_cycle(steps, *, peak):
    """Return a learning rate that rises for a quarter of the steps, then falls along a cosine to 0.

    Args:
        steps: number of batches in all, a whole number.
        peak: the highest rate, above 0; ValueError for others.

    Source: after L. N. Smith, arXiv:1803.09820.
    """
    if steps < 1 or steps % 1 or not peak > 0:
        raise ValueError(f"expected steps as a whole number and a peak above 0, got {steps} and {peak}.")
    warmup = steps // 4
    return schedules.CosineDecay(0.0, steps - warmup, warmup_target=peak, warmup_steps=warmup)
