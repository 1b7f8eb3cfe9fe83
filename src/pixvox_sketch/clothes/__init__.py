"""Clothes: ten kinds of garments, as in Fashion-MNIST.

tops: T-shirts to coats, by the numbers of top_styles, with necklines and fastenings (buttons, zips,
pockets); trousers; bags; shoes: sneakers and boots; sandals; shoe_parts: soles, heels, laces; prints:
stripes to flowers; cloth: how a garment is shaded and photographed; sets: one garment, or many.
"""
