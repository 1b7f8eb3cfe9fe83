"""A volume turned into axes, voxel by voxel: slow, and written another way than `pixvox.voxels.views`."""

import numpy as np


def splat(volume, axes, *, turn=0.0):
    """Turn one volume (side, side, side) into these axes, each voxel onto all others by its distance."""
    side, places = len(volume), np.argwhere(volume > 0)[:, ::-1].astype(float)  # (m, 3) as (x, y, z)
    weights = volume[volume > 0].astype(float)
    right, up, thin = ((places - np.average(places, axis=0, weights=weights)) @ axis for axis in axes)
    radius = np.sqrt(np.average(right**2 + up**2, weights=weights))
    angle, scale = np.deg2rad(turn), 5 / 16 * side / radius
    right, up = right * np.cos(angle) - up * np.sin(angle), right * np.sin(angle) + up * np.cos(angle)
    came_to = np.stack([up, right, thin]) * scale + (side - 1) / 2
    near = np.maximum(0, 1 - np.abs(np.arange(side)[:, None] - came_to.clip(0, side - 1)[:, None]))
    spread = np.einsum("am,bm,cm,m->abc", *near, weights)
    return spread / spread.max()
