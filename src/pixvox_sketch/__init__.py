"""Draws the sample world; imports `pixvox`; `pixvox_studies` and `pixvox_cli` import it, lessons do not.

engine: canvas, outlines, textures, scenery, many pictures at once; animals: cats and dogs; faces: people
young and old; clothes: ten kinds of garments; zoo: 25 other kinds, and pretraining: the small VGGs that
learn on them; digits: small handwritten ones enlarged; solids: clouds of points, from surfaces;
turning: clouds turned at random, with noise; own_pictures: a folder of portraits, spoilt on purpose.
"""
