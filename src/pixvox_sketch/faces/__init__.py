"""Faces of people, young and old.

people: who somebody is, and what the years change; whole_face: a face in a scene, part after part; skin:
head, neck, ears, creases, beard; eyes_nose_mouth; hair; wear: clothes, glasses, hats; paint: soft strokes;
sets: many people, as arrays or as the sample.
"""
