"""Made-up clothes in place of those of the studies, and a short training."""

import pytest
from support.made_up import bars

from pixvox_studies.embeddings import hidden, line
from pixvox_studies.four_models import networks


def draw(count, seed):
    """Return bars in the place of drawings."""
    return bars(100 if seed == networks.FRESH_TEST else 300, seed)


@pytest.fixture(autouse=True)
def few_clothes(monkeypatch):
    """300 pictures to learn from and 100 to look at; nothing is drawn, no files are read."""
    monkeypatch.setenv("PIXVOX_PROFILE", "sample")
    monkeypatch.setattr(networks.common, "draw_clothes", draw)
    caches = (networks.load_split, hidden.load_shown, hidden.compute_hidden, line.load_pair)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()
