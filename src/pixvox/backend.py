"""The one place that names TensorFlow: what Keras itself has no word for."""

import contextlib
import functools
import os
import re
import sys
import tempfile

# Lines TensorFlow 2.21 writes to file descriptor 2 on every start, whatever the log level: they tell
# of its CPU kernels, not of anything amiss. The last four come when XLA first compiles a function.
# Every other line is passed on.
STARTUP_LINES = re.compile(
    r"WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR"
    r"|I\d{4} \S+\s+\d+ port\.cc:\d+\] oneDNN custom operations are on\."
    r"|I\d{4} \S+\s+\d+ cpu_feature_guard\.cc:\d+\] This TensorFlow binary is optimized to use"
    r"|To enable the following instructions: .*, in other operations, rebuild TensorFlow"
    r"|I\d{4} \S+\s+\d+ service\.cc:\d+\] XLA service \S+ initialized for platform Host"
    r"|I\d{4} \S+\s+\d+ service\.cc:\d+\]   StreamExecutor \[\d+\]: Host"
    r"|I\d{4} \S+\s+\d+ device_compiler\.h:\d+\] Compiled cluster using XLA!"
    r"|I\d{4} \S+\s+\d+ dump_mlir_util\.cc:\d+\] disabling MLIR crash reproducer"
)


@contextlib.contextmanager
def _startup_lines_removed():
    """Hold back what is written to file descriptor 2, then pass on all but the start-up lines."""
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            held.seek(0)
            text = held.read().decode("utf-8", errors="replace")
    kept = [line for line in text.splitlines() if line.strip() and not STARTUP_LINES.match(line)]
    for line in kept:
        print(line, file=sys.stderr)


def load_quietly():
    """Import TensorFlow and Keras and run a first model, without TensorFlow's start-up lines.

    The lines come at the import and again at the first model, so a model of one weight is run here.
    Errors and warnings other than the known start-up lines still reach standard error.
    """
    with _startup_lines_removed():
        import keras

        model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
        model.predict(keras.ops.zeros((1, 1)), verbose=0)
        _switch_remapping_off()


def _switch_remapping_off():
    """Keep TensorFlow 2.21 from fusing a convolution with the LeakyReLU behind it.

    In training it tries, fails, and says so on standard error at each `fit`. Without it nothing is slower.
    """
    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.optimizer.set_experimental_options({"remapping": False})


def make_deterministic(seed):
    """Seed Python, NumPy and Keras with `seed`, so that a run repeats bit for bit on the same machine.

    On CPUs the seeds are enough. On a GPU, TensorFlow is also told to use deterministic kernels. (It is
    not told so on CPUs, where that changes nothing but makes every `fit` write a line of internals to
    standard error.)
    """
    import keras

    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        if tf.config.list_physical_devices("GPU"):
            tf.config.experimental.enable_op_determinism()


def gradient(function, tensor):
    """Return the gradient of a sum with respect to a tensor, and what else the function has to say.

    Args:
        function: of a tensor; returns (numbers, extra): the numbers are summed, the extra is passed on.
        tensor: a float array or tensor of any shape.

    Returns:
        (gradient, extra): a tensor of the shape of `tensor`, and what `function` returned as extra.

    Raises:
        NotImplementedError: with a backend of Keras other than TensorFlow.
    """
    import keras

    if keras.backend.backend() != "tensorflow":
        raise NotImplementedError(
            "expected Keras on TensorFlow: gradients are not written for another backend."
        )
    import tensorflow as tf

    tensor = tf.convert_to_tensor(tensor)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(tensor)
        numbers, extra = function(tensor)
        total = tf.reduce_sum(numbers)
    return tape.gradient(total, tensor, unconnected_gradients="zero"), extra


@functools.cache
def fuse(function):
    """Return a function of tensors as XLA compiles it: one loop over the numbers instead of many steps.

    Where there is no XLA (another backend, a TensorFlow built without it), the function is returned as it is.
    """
    import keras

    if keras.backend.backend() != "tensorflow" or not _has_xla():
        return function
    import tensorflow as tf

    return tf.function(function, jit_compile=True, autograph=False)


@functools.cache
def _has_xla():
    """Say whether this TensorFlow has XLA, by compiling a cosine: not every build has it.

    A cosine, because with a simpler function the last of XLA's first lines would come only later.
    """
    import tensorflow as tf

    compiled = tf.function(tf.cos, jit_compile=True, autograph=False)
    try:
        with tf.init_scope(), _startup_lines_removed():  # at once, even while a graph is made
            compiled(tf.zeros(4))
    except tf.errors.OpError:
        return False
    return True
