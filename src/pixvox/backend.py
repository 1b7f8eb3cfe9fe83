"""The one place that names TensorFlow: what Keras itself has no word for."""

import contextlib
import functools
import os
import re
import sys
import tempfile

from pixvox.datasets import store

UNSET = "unset KERAS_BACKEND" if os.name == "posix" else "set KERAS_BACKEND="  # what a reader types

# On the way back: in 16 bits small gradients would become 0, and large ones infinite: then the next is taken.
GRADIENT_SCALES = (1024, 1, 1 / 1024)

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
    for line in text.splitlines():
        if line.strip() and not STARTUP_LINES.match(line):
            print(line, file=sys.stderr)


def load_quietly(one_thread=False):
    """Import TensorFlow and Keras and run a first model, without TensorFlow's start-up lines.

    Keras keeps its settings in the course's own folder build/keras, so that those of another course in the
    home folder do not matter. The start-up lines come at the import and again at the first model, so a model
    of one weight is run here. Other errors and warnings still reach standard error.

    Args:
        one_thread: let TensorFlow compute with one thread, and NumPy and scikit-learn too, if they have not
            begun. Sums are added up in another order with each number of threads, and rounded otherwise;
            with one thread they are the same on machines of any number of cores
            of one type.

    Raises:
        ValueError: if KERAS_BACKEND asks for a backend that cannot be loaded.
    """
    os.environ["KERAS_HOME"] = str(store.build_root() / "keras")
    if one_thread:
        os.environ["OMP_NUM_THREADS"] = "1"  # read when NumPy and scikit-learn are loaded
    if (os.environ.get("KERAS_BACKEND") or "tensorflow") == "tensorflow":
        os.environ.pop(
            "XLA_FLAGS", None
        )  # meant for JAX: those that TensorFlow does not know end the process
    with _startup_lines_removed():
        keras = _import_keras()
        if one_thread and (tensorflow := _tensorflow()):
            with contextlib.suppress(RuntimeError):  # it has begun
                tensorflow.config.threading.set_intra_op_parallelism_threads(1)
                tensorflow.config.threading.set_inter_op_parallelism_threads(1)
        model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
        model.predict(keras.ops.zeros((1, 1)), verbose=0)
        # TensorFlow 2.21 tries to fuse a convolution with the LeakyReLU behind it in training, fails, and
        # says so on standard error at each `fit`. Without trying, nothing is slower.
        if tensorflow := _tensorflow():
            tensorflow.config.optimizer.set_experimental_options({"remapping": False})


def _import_keras():
    """Import Keras; where KERAS_BACKEND keeps it from loading, say what to type."""
    chosen = os.environ.get("KERAS_BACKEND") or "tensorflow"
    try:
        import keras
    except (ImportError, ValueError) as error:
        if chosen == "tensorflow":
            raise
        raise ValueError(
            f"expected Keras to compute with TensorFlow, got KERAS_BACKEND={chosen}, which cannot be loaded "
            f"({error}). Type `{UNSET}` and start again."
        ) from error
    return keras


def _tensorflow():
    """Return the module TensorFlow if Keras computes with it, else None."""
    import keras

    if keras.backend.backend() != "tensorflow":
        return None
    import tensorflow

    return tensorflow


def make_deterministic(seed):
    """Seed Python, NumPy and Keras with `seed`, so that a run repeats bit for bit on the same machine.

    On a GPU, TensorFlow is also told to use deterministic kernels; on CPUs that would change nothing but make
    every `fit` write a line of internals to standard error.
    """
    import keras

    with _startup_lines_removed():  # Keras seeds TensorFlow with any backend, and so may load it here
        keras.utils.set_random_seed(seed)
    tensorflow = _tensorflow()
    if tensorflow and tensorflow.config.list_physical_devices("GPU"):
        tensorflow.config.experimental.enable_op_determinism()


def gradient(function, tensor):
    """Return (gradient, extra): the gradient of a sum with respect to a tensor, of its shape, and an extra.

    Args:
        function: of a tensor; returns (numbers, extra): the numbers are summed, the extra is passed on. With
            JAX it can read numbers of what depends on the tensor only through `keras.ops.stop_gradient`.
        tensor: a float array or tensor of any shape.

    Raises:
        NotImplementedError: with a backend of Keras other than TensorFlow and JAX.
    """
    from keras import backend, ops

    if backend.backend() not in ("tensorflow", "jax"):
        text = f"expected Keras on TensorFlow or JAX, got {backend.backend()}: no gradients there."
        raise NotImplementedError(text)
    watch = _watch_in_tensorflow if _tensorflow() else _watch_in_jax
    scaled_slope, extra = watch(function, ops.convert_to_tensor(tensor))
    for scale in GRADIENT_SCALES:
        slope = scaled_slope(scale)
        if ops.all(ops.isfinite(slope)):
            break
    return slope / scale, extra


def _watch_in_tensorflow(function, tensor):
    """Return a function of a scale, which gives the gradient that many times, and the extra."""
    tf = _tensorflow()
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(tensor)
        numbers, extra = function(tensor)
        total = tf.reduce_sum(numbers)

    def scaled_slope(scale):
        return tape.gradient(total, tensor, tf.constant(scale, total.dtype), unconnected_gradients="zero")

    return scaled_slope, extra


def _watch_in_jax(function, tensor):
    """Do the same with JAX."""
    import jax

    def add_up(given):
        numbers, extra = function(given)
        return jax.numpy.sum(numbers), extra

    total, slope_of, extra = jax.vjp(add_up, tensor, has_aux=True)
    return lambda scale: slope_of(jax.numpy.asarray(scale, total.dtype))[0], extra


def gather(rows, places):
    """Return rows (n, channels) at places, int32, unchecked: ten steps fewer than `keras.ops.take`."""
    from keras import ops

    return _tensorflow().gather(rows, places) if _tensorflow() else ops.take(rows, places, axis=0)


@functools.cache
def fuse(function):
    """Return a function of tensors as XLA compiles it: one loop over the numbers instead of many steps.

    Where there is no XLA (another backend, a TensorFlow built without it), the function is returned as it is.
    """
    tf = _tensorflow()
    if not tf or not _has_xla():
        return function
    return tf.function(function, jit_compile=True, autograph=False)


@functools.cache
def _has_xla():
    """Say whether this TensorFlow has XLA, by compiling a cosine: not every build has it."""
    import tensorflow as tf

    # With a simpler function the last of XLA's first lines would come only later.
    compiled = tf.function(tf.cos, jit_compile=True, autograph=False)
    try:
        with tf.init_scope(), _startup_lines_removed():  # at once, even while a graph is made
            compiled(tf.zeros(4))
    except tf.errors.OpError:
        return False
    return True
