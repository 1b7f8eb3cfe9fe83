"""What all tests share."""

import os
import signal
from pathlib import Path

import pytest

# Before anything imports Keras: what another course has set, at home or in the shell, does not matter.
os.environ["KERAS_HOME"] = str(Path(__file__).parents[1] / "build" / "keras")
os.environ.pop("KERAS_BACKEND", None)


@pytest.fixture(autouse=True, scope="session")
def ctrl_c_is_heard():
    """Hear Ctrl-C: tests in the background (`make test &`) ignore it, and what they start inherits that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
