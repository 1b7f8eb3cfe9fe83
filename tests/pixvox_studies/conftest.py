"""Networks of these tests see a few batches each: tracing and compiling their steps would take longest."""

import pytest


@pytest.fixture(autouse=True)
def eager(request):
    """Run Keras's steps one by one, but where a test is of the frame, which trains for longer."""
    if request.path.name == "test_frame.py":
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
