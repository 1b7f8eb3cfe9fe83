"""See what a convnet sees: feature maps, what filters like, heat maps of a decision, and their scores."""
