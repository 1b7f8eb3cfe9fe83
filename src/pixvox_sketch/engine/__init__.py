"""What all drawings share: the canvas, strokes, textures, scenery, many at once, contact sheets."""
