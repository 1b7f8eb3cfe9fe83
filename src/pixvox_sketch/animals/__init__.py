"""Cats and dogs, and the parts that other mammals are made of too.

cats_dogs: what tells the two apart; whole_animal: an animal in a scene, part after part; head: ears, muzzle,
nose, eyes; body: poses, legs, tail; coats: colours and patterns of fur; sets: many of them.
"""
