"""How the course's own networks are trained: the learning rate's cycle, and the numbers of a recipe."""

from typing import NamedTuple

from keras.optimizers import schedules


class Recipe(NamedTuple):
    """The numbers that lesson and studies train one of our own networks with.

    Attributes:
        peak: the highest rate of `one_cycle`.
        decay: weight decay of AdamW; 0 for Adam.
        smoothing: share of each label that is spread over all classes.
    """

    peak: float
    decay: float = 0.0
    smoothing: float = 0.0


def one_cycle(steps, *, peak):
    """Return a learning rate that rises for a quarter of the steps, then falls along a cosine to 0.

    Args:
        steps: number of batches in all, a whole number.
        peak: the highest rate.

    Source: after L. N. Smith, arXiv:1803.09820.
    """
    warmup = steps // 4
    return schedules.CosineDecay(0.0, steps - warmup, warmup_target=peak, warmup_steps=warmup)
