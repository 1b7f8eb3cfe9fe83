"""The zoo that the small VGGs are pretrained on: 25 kinds, none of them a cat or a dog."""
