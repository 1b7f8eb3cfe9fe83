"""Checks of the exercises, a module a topic: one line for whatever came, silence while nothing is written.

Each `check_*` takes anything, prints "Right." or "Not yet." with a hint and returns None. Only under
PIXVOX_STRICT=1, as the solutions are run, does it raise for a wrong answer.
"""
