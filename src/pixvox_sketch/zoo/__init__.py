"""The zoo that the small VGGs are pretrained on: 25 kinds, none of them a cat or a dog.

mammals: the drawers of mammals; mammal_traits: the numbers and coats of each; birds: owl, penguin, duck;
others: frog, butterfly, house, car; sets: one picture of a kind, or many as arrays.
"""
