"""From a picture of a digit to a cloud of points to a grid of voxels, and how to look at it."""
