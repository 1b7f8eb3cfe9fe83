"""Cats and dogs, and the parts that furry animals are made of."""
