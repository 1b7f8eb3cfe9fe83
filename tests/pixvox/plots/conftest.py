"""Every figure of a test is closed afterwards; what is displayed may be collected in place of a page."""

import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch):
    """Collect what is displayed: pairs of a bundle and the other arguments."""
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, **more: shown.append((bundle, more)))
    monkeypatch.setattr("pixvox.plots.basic.in_notebook", lambda: True)
    return shown
