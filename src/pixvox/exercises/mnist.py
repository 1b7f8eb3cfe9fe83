"""Checks of the exercises on MNIST."""

import numpy as np

from pixvox.exercises.checking import Hint, ask_model, compared, exercise, to_array

SAMPLES = np.random.default_rng(0).normal(size=(9, 9)) - 5  # all of it is below 0


@compared(
    cases=[
        *((28, 5, 1, "valid"), (28, 2, 2, "valid"), (28, 4, 3, "valid"), (13, 2, 2, "valid")),  # one is 5.5
        *((28, 3, 3, "same"), (6, 2, 2, "same"), (7, 2, 2, "same"), (28, 3, 1, "same"), (29, 3, 3, "same")),
    ],
    usual="Count the places where the window fits; with 'same' it stands at 0, stride, 2 * stride and so on.",
)
def check_conv_side(side, kernel, stride, padding):
    """Check `conv_side(side, kernel, stride, padding)`: the side of a layer's output."""
    return -(-side // stride) if padding == "same" else (side - kernel) // stride + 1


@compared(
    usual="Wanted are all layers together. Only the first one's count changes: kernel height x width x input "
    "channels x 32, plus 32 biases. (Do the later maps keep their 3 by 3? 28, 24, 12, 10, 5, 3.)",
)
def check_colour_parameters():
    """Check the count of P4's network with a 5x5 first kernel on colour pictures: 95,434."""
    return 93_322 - 3 * 3 * 1 * 32 + 5 * 5 * 3 * 32


@exercise
def check_lower_edge_kernel(answer):
    """Check a (3, 3) kernel: positive where ink ends downwards, 0 on flat patches and vertical edges."""
    kernel = to_array(answer, np.zeros((3, 3)))
    if not (kernel[:2].sum() > 0 and kernel[0].sum() > -1e-9):
        raise Hint("With ink above the sum should be positive, with ink in the upper row alone not below 0.")
    if not np.abs(kernel.sum(axis=0)).max() < 1e-9:
        raise Hint("On what is the same from top to bottom the sum should be 0: look at your columns.")


@compared(
    cases=[(SAMPLES[:6, :6], 2), (SAMPLES[:7, :5], 2), (SAMPLES, 3)],
    usual="Take the largest of each window, and nothing else.",
)
def check_max_pool(image, window):
    """Check `max_pool(image, window)`: (height, width), of which what is left over at the end is dropped."""
    rows, columns = image.shape[0] // window, image.shape[1] // window
    blocks = image[: rows * window, : columns * window].reshape(rows, window, columns, window)
    return blocks.max(axis=(1, 3))


@exercise
def check_indifferent_to_place(answer):
    """Check that an untrained convnet of (28, 28, 1) gives a shape the same ten numbers wherever it stands.

    Where the network takes larger pictures, it gets them: what the border does to a window is no matter here.
    """
    ask_model(answer, np.zeros((1, 28, 28, 1), np.float32))
    model, side = _enlarged(answer)
    stamps = np.random.default_rng(0).uniform(size=(2, 6, 6, 1))
    images = np.zeros((6, side, side, 1), np.float32)
    for number, (row, column) in enumerate(((0, 0), (0, 0), (0, 1), (-2, -3), (-3, 2), (2, -1))):
        row, column = row + side // 2 - 3, column + side // 2 - 3
        images[number, row : row + 6, column : column + 6] = stamps[min(number, 1)]
    for brightness in (1, 255):  # the model may divide by 255
        outputs = ask_model(model, images * np.float32(brightness))
        by_shape = np.abs(outputs[0] - outputs[1]).max()
        by_place = np.ptp(outputs[1:], axis=0).max()
        if by_shape > 1e-4 * np.abs(outputs).max():
            break
    if not by_shape > 1e-6 * np.abs(outputs).max():
        raise Hint("The model gives the same answer whatever it sees.")
    if by_place > 1e-3 * by_shape:
        told = f"Another place changes the answer by {by_place:.2g}, another shape by {by_shape:.2g}"
        hint = "Flatten leads to a weight for every place; pooling and strides in between skip places."
        raise Hint(f"{told}. {hint}")


@compared(
    cases=[(SAMPLES[None, :4, :3, None], 2), (SAMPLES[:6].reshape(2, 3, 9, 1), 1)],
    usual="So many rows and columns of 0 on each of the four sides, and none on the other axes.",
)
def check_frame(images, by):
    """Check `frame(images, by)`: pictures (n, height, width, 1) with so many pixels of paper round them."""
    return np.pad(images, ((0, 0), (by, by), (by, by), (0, 0)))


def _enlarged(model):
    """Return the model for pictures of 56 by 56, and 56; itself and 28 if its weights belong to places."""
    from keras import Input, models

    try:
        large = models.clone_model(model, input_tensors=Input((56, 56, 1)))
        large.set_weights(model.get_weights())
    except (ValueError, TypeError):
        return model, 28
    return large, 56
