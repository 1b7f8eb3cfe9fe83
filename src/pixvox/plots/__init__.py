"""Figures, a module a kind: arrays in, a matplotlib Figure out. `basic.show` puts it on the page."""
