"""Checks of the exercises, a module a topic: a hint when an answer is wrong, silence when it is untouched."""
