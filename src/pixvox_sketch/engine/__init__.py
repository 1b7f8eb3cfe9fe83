"""What all drawings share.

canvas: filling, shading, fur, and the part that each pixel shows; outlines: curves, blobs, tubes, and the
frame of a turned head; texture: noise, stripes, patches; scenery: backgrounds, things in front, light;
chance: random choices; bulk: many drawings over several processes, their files and contact sheets.
"""
