"""The studies of clothes see a handful of made-up pictures."""

import pytest
from support.made_up import bars

from pixvox_studies.fashion import pictures


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch):
    """80 pictures where the published ones would be; nothing is drawn, no file is read."""
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    monkeypatch.setattr(pictures, "load_fashion_mnist", lambda: (bars(80, 0), bars(20, 1)))
    monkeypatch.setitem(pictures.TRAINING_SIZE, "full", 50)
    monkeypatch.setitem(pictures.FRESH_SIZE, "full", 20)


@pytest.fixture
def drawn(monkeypatch):
    """Make pictures up in place of drawing them; return what was asked for: (count of a class, seed)."""
    asked = []
    monkeypatch.setattr(
        pictures.common,
        "draw_clothes",
        lambda count, seed: asked.append((count, seed)) or bars(10 * count, seed),
    )
    return asked
