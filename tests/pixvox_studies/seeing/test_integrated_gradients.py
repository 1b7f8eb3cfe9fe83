"""Integrated gradients of small nets whose answer is known."""

import numpy as np
import pytest
from keras import ops
from support.spot_net import SPOT, conv_net, pictures, smooth_net, spot_net

from pixvox.explain.forward import class_scores
from pixvox.explain.heatmaps import gradient_times_input
from pixvox_studies.seeing.heatmaps import integrated_gradients


def test_integrated_gradients_of_a_straight_net_are_weight_times_way_and_add_up_for_any():
    x = pictures()
    way = x[..., 0] - x.mean(axis=(1, 2))[:, :1, None]
    heat = integrated_gradients(spot_net(), x, 1, steps=1)
    assert np.allclose(heat[:, *SPOT], 0.01 * way[:, *SPOT], atol=1e-4) and not heat[:, 6:].any()
    net = conv_net()
    start = np.broadcast_to(x.mean(axis=(1, 2), keepdims=True), x.shape)
    ends = (ops.convert_to_numpy(class_scores(net, p))[:, 1] for p in (x, start))
    rise = np.subtract(*ends)
    heat = integrated_gradients(net, x, 1, steps=64)
    assert np.allclose(heat.sum(axis=(1, 2)), rise, rtol=0.05, atol=0.5)
    with pytest.raises(ValueError, match="one step or more"):
        integrated_gradients(net, x, steps=0)
    with pytest.raises(ValueError, match="one step or more, a whole number, got 2.5"):
        integrated_gradients(net, x, steps=2.5)


def test_from_any_start_they_add_up_to_the_rise_and_the_gradient_at_the_end_does_not():
    net, x, start = smooth_net(), pictures(), pictures(seed=1)
    curved = integrated_gradients(net, x, 1, start=start, steps=64).sum(axis=(1, 2))
    way_up = class_scores(net, x) - class_scores(net, start)
    np.testing.assert_allclose(curved, way_up[:, 1], rtol=1e-2, atol=1e-4)
    assert not np.allclose(curved, gradient_times_input(net, x, 1, start=start).sum(axis=(1, 2)))
