"""All quantities that need no training, by name: a function of nothing that returns a list of numbers."""

import keras

from pixvox_studies import common
from pixvox_studies.counts import networks, pictures, posted, windows

QUANTITIES = windows.QUANTITIES | networks.QUANTITIES | pictures.QUANTITIES | posted.QUANTITIES


def measure_quantity(setting, seed, work_dir):
    """Measure one of `QUANTITIES`; the seed decides the weights of untrained layers.

    Returns:
        dict: values, a list of numbers; up to rounding they are the same on any machine.
    """
    quantity = common.look_up(QUANTITIES, setting["quantity"])
    keras.utils.set_random_seed(seed)
    return {"values": quantity()}
