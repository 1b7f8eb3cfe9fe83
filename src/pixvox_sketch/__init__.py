"""Draws the sample world: digits, clothes, faces, cats and dogs, a zoo to pretrain on, solids.

It imports `pixvox`; `pixvox_studies` and `pixvox_cli` import it, lessons do not.
"""
