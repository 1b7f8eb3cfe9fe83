"""Faces of people, young and old."""
