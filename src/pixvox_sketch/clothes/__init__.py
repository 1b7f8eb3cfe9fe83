"""Clothes: ten kinds of garments, as in Fashion-MNIST."""
