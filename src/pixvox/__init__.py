"""Pixels to Voxels: what the notebooks of the course import.

Loaders (`datasets`), networks (`models`), figures (`plots`), explanations (`explain`), voxels, checks of
exercises, and what a lesson itself needs (`lesson`, `compare`, `training`, `tables` and so on). It imports no
other package of the course; every other may import it.
"""

__version__ = "0.1.0"
