"""What the checks on transfer learning say to right and wrong answers."""

import keras
import numpy as np
from keras import layers
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import transfer as exercises

MEANS = np.array([103.939, 116.779, 123.68], np.float32)
RED, GREEN, BLUE = range(3)


def choose_cut(names, accuracies, tolerance):
    best = max(accuracies)
    for name, accuracy in zip(names, accuracies, strict=True):
        if best - accuracy <= tolerance:
            return name


def by_argmax(names, accuracies, tolerance):
    accuracies = np.array(accuracies)
    return names[np.argmax(accuracies >= accuracies.max() - tolerance)]


def near(accuracies, tolerance):
    return [place for place, accuracy in enumerate(accuracies) if accuracy >= max(accuracies) - tolerance]


def best_alone(names, accuracies, tolerance):
    return names[accuracies.index(max(accuracies))]


def below_the_border(names, accuracies, tolerance):
    return next(n for n, a in zip(names, accuracies, strict=True) if max(accuracies) - a < tolerance)


def by_share(names, accuracies, tolerance):
    return next(n for n, a in zip(names, accuracies, strict=True) if a >= (1 - tolerance) * max(accuracies))


def near_the_last(names, accuracies, tolerance):
    return next(n for n, a in zip(names, accuracies, strict=True) if a >= accuracies[-1] - tolerance)


def best_first(names, accuracies, tolerance):
    ranked = sorted(zip(accuracies, names, strict=True), reverse=True)
    return [name for accuracy, name in ranked if accuracy >= ranked[0][0] - tolerance][-1]


def until_it_gains_little(names, accuracies, tolerance):
    place = 0
    while place + 1 < len(names) and accuracies[place + 1] - accuracies[place] > tolerance:
        place += 1
    return names[place]


def sorts_in_place(names, accuracies, tolerance):
    accuracies.sort()
    return names[-1]


def frozen(base):
    base.trainable = False
    return base


def head_on(maps, classes, activation="softmax"):
    return layers.Dense(classes, activation=activation)(layers.GlobalAveragePooling2D()(maps))


def build_on(base, num_classes):
    frozen(base)
    inputs = keras.Input(base.input_shape[1:])
    return keras.Model(inputs, head_on(base(inputs, training=False), num_classes))


def freezes_each_layer(base, num_classes):
    for layer in base.layers:
        layer.trainable = False
    inputs = keras.Input(base.input.shape[1:])
    means = keras.ops.mean(base(inputs), axis=(1, 2))
    return keras.Model(inputs, layers.Softmax()(layers.Dense(num_classes)(layers.Dropout(0.5)(means))))


def on_its_output(base, num_classes):
    return keras.Model(base.input, head_on(frozen(base).output, num_classes))


def stacked(*middle, frozen=frozen, dense=layers.Dense, activation="softmax"):
    """Make a `build_on` out of the layers between the base and the last one."""

    def build(base, num_classes):
        inputs = x = keras.Input(base.input_shape[1:])
        for layer in (frozen(base), *(kind() for kind in middle), dense(num_classes, activation=activation)):
            x = layer(x)
        return keras.Model(inputs, x)

    return build


def as_sequential(base, num_classes):
    dense = layers.Dense(num_classes, activation="softmax")
    inputs = keras.Input(base.input_shape[1:])
    return keras.Sequential([inputs, frozen(base), layers.GlobalAveragePooling2D(), dense])


def weights_alone(base):
    """The averages of a normalisation move in training as long as the layer itself is not frozen."""
    for weights in base.weights:
        weights.trainable = False
    return base


def all_but_normalisation(base):
    for layer in base.layers:
        layer.trainable = isinstance(layer, layers.BatchNormalization)
    return base


def freezes_all(base, num_classes):
    network = build_on(base, num_classes)
    network.trainable = False
    return network


def on_a_copy(base, num_classes):
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    frozen(base)
    return build_on(copy, num_classes)


def for_three(base, num_classes):
    return build_on(base, 3)


def for_eight_pixels(base, num_classes):
    inputs = keras.Input((8, 8, 3))
    maps = frozen(base)(inputs)
    means = layers.Flatten()(layers.AveragePooling2D(maps.shape[1:3])(maps))
    return keras.Model(inputs, layers.Dense(num_classes, activation="softmax")(means))


def hidden_dense():
    return layers.Dense(16, activation="relu")


means, highest, flat = layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D, layers.Flatten


def swap_head(model, num_classes):
    head = layers.Dense(num_classes, activation="softmax")
    return keras.Model(model.input, head(model.layers[-2].output))


def layer_by_layer(model, num_classes):
    x = inputs = keras.Input(model.input_shape[1:])
    for layer in model.layers[1:-1]:
        x = layer(x)
    return keras.Model(inputs, layers.Dense(num_classes, activation="softmax")(x))


def build_anew(model, num_classes):
    return build_on(model.layers[1], num_classes)


def on_top(model, num_classes):
    return keras.Model(model.input, layers.Dense(num_classes, activation="softmax")(model.output))


def clone_whole(model, num_classes):
    return swap_head(keras.models.clone_model(model), num_classes)


def clone_with_weights(model, num_classes):
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    return swap_head(copy, num_classes)


def freezes_the_old(model, num_classes):
    new = swap_head(model, num_classes)
    model.trainable = False
    return new


def unfreezes(model, num_classes):
    model.layers[1].trainable = True
    return swap_head(model, num_classes)


def resets_the_base(model, num_classes):
    base = model.layers[1]
    base.set_weights([0.5 * weights for weights in base.get_weights()])
    return swap_head(model, num_classes)


def empties_the_old_head(model, num_classes):
    model.layers[-1].kernel.assign(0 * model.layers[-1].kernel)
    return swap_head(model, num_classes)


def linear_old_head(model, num_classes):
    model.layers[-1].activation = keras.activations.linear
    return swap_head(model, num_classes)


def swap(activation="softmax", number=None, layer=-2):
    def swap_it(model, num_classes):
        head = layers.Dense(number or num_classes, activation=activation)
        return keras.Model(model.input, head(model.layers[layer].output))

    return swap_it


def vgg_input(pictures):
    return pictures[..., ::-1].astype(np.float32) - MEANS


def of_keras(pictures):
    return keras.applications.vgg16.preprocess_input(pictures.astype(np.float32))


def colour_by_colour(pictures):
    made = np.empty(pictures.shape, "float32")
    for place, (colour, mean) in enumerate(((BLUE, 103.939), (GREEN, 116.779), (RED, 123.68))):
        made[..., place] = pictures[..., colour] - mean
    return made


def over_old(pictures):
    pictures[:] = pictures[..., ::-1]
    return pictures.astype(np.float32) - MEANS


def subtracts_in_place(pictures):
    turned = pictures[..., ::-1].copy()
    turned -= MEANS
    return turned


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_tuned_numbers: [
            (9_177_089, RIGHT),
            (9_177_089.0, RIGHT),
            (np.int64(9_177_089), RIGHT),
            (9_177_089.4, "a whole number, got 9177089.4"),
            ("9,177,089", "a whole number, got '9,177,089'"),
            ([9_177_089], "a whole number, got the shape (1,)"),
            (9_177_090, "512 biases"),
            (7_079_424, "block5 alone"),
            (2_097_665, "head alone"),
            (16_812_353, "stay frozen"),
            (9_175_296, "512 biases"),
            (10, "tensors"),
            (7_079_424 + 512 * 256 + 256 + 257, "4 x 4 x 512"),
            (7_079_424 + 5 * 5 * 512 * 256 + 256 + 257, "4 x 4 x 512"),
            (9_177_089 - 257, "last unit"),
        ],
        exercises.check_choose_cut: [
            (choose_cut, RIGHT),
            (by_argmax, RIGHT),
            (lambda names, *case: names[near(*case)[0]], RIGHT),
            (lambda names, *case: names[min(near(*case))], RIGHT),
            (lambda names, *case: np.array(names)[near(*case)][0], RIGHT),
            (best_alone, "one before it"),
            (lambda names, *case: names[near(*case)[-1]], "take the earliest"),
            (below_the_border, "<="),
            (best_first, "the list says"),
            (lambda names, *case: min(names[place] for place in near(*case)), "the list says"),
            (by_share, "not a share"),
            (near_the_last, "not the last"),
            (until_it_gains_little, "not with the next"),
            (lambda names, *case: names[near(*case)[0] or near(*case)[1]], "From the first layer on"),
            (lambda names, *case: near(*case)[0], "Expected a text, got 1"),
            (lambda names, *case: [names[place] for place in near(*case)], "got the shape (3,)"),
            (lambda names, *case: names[0], "From the first layer on"),
            (sorts_in_place, "work on a copy"),
            (lambda names, *case: choose_cut(names, *case) if len(names) == 6 else None, "returned None"),
        ],
        exercises.check_build_on: [
            (build_on, RIGHT),
            (freezes_each_layer, RIGHT),
            (on_its_output, RIGHT),
            (as_sequential, RIGHT),
            (stacked(means), RIGHT),
            (stacked(means, frozen=lambda base: base), "not frozen"),
            (stacked(means, frozen=weights_alone), "not frozen"),
            (stacked(means, frozen=all_but_normalisation), "not frozen"),
            (stacked(flat), "Flatten keeps every place"),
            (stacked(flat, hidden_dense), "Flatten keeps every place"),
            (stacked(highest), "highest number"),
            (stacked(), "still maps"),
            (stacked(means, hidden_dense), "Only (5, 3) weights and 3 biases should train, yours: [(5, 16)"),
            (stacked(means, activation="sigmoid"), "With sigmoid"),
            (stacked(means, activation=None), "no activation"),
            (stacked(means, activation="relu"), "softmax"),
            (stacked(layers.ReLU, means), "nothing else"),
            (stacked(lambda: layers.Rescaling(2.0), means), "nothing else"),
            (freezes_all, "yours: []"),
            (on_a_copy, "no copy"),
            (for_three, "the shape (5, 4), got the shape (5, 3)"),
            (for_eight_pixels, "raised ValueError"),
            (lambda base, num_classes: frozen(base), "still maps"),
            (lambda base, num_classes: head_on(base(keras.Input((8, 8, 3))), num_classes), "a keras.Model"),
            (lambda base, num_classes: build_on(base, num_classes) and None, "returned None"),
            (lambda base: build_on(base, 3), "raised TypeError"),
            (lambda base, num_classes: keras.Sequential(), "raised ValueError"),
            (keras.Input((8, 8, 3)), "Expected a function"),
        ],
        exercises.check_swap_head: [
            (swap_head, RIGHT),
            (layer_by_layer, RIGHT),
            (build_anew, RIGHT),
            (on_top, "old head is still in it"),
            (lambda model, num_classes: model, "old head is still in it"),
            (clone_whole, "no copy"),
            (clone_with_weights, "no copy"),
            (freezes_the_old, "old model has changed"),
            (unfreezes, "old model has changed"),
            (resets_the_base, "old model has changed"),
            (empties_the_old_head, "old model has changed"),
            (linear_old_head, "old model has changed"),
            (swap("sigmoid"), "With sigmoid"),
            (swap(None), "no activation"),
            (swap(number=2), "the shape (5, 4), got the shape (5, 2)"),
            (swap(number=5), "the shape (5, 4), got the shape (5, 5)"),
            (swap(layer=1), "raised ValueError"),
            (
                lambda model, num_classes: swap_head(model, num_classes).layers,
                "Expected a keras.Model, got [",
            ),
            (lambda model, num_classes: swap_head(model, num_classes) and None, "returned None"),
        ],
        exercises.check_vgg_input: [
            (vgg_input, RIGHT),
            (of_keras, RIGHT),
            (colour_by_colour, RIGHT),
            (lambda pictures: np.flip(pictures, -1) - MEANS, RIGHT),
            (lambda pictures: pictures.astype(np.float32) - MEANS, "the colours are not"),
            (lambda pictures: pictures.astype(np.float32) - MEANS[::-1], "lost its mean"),
            (lambda pictures: vgg_input(pictures) + MEANS - MEANS[::-1], "wrong colour"),
            (lambda pictures: vgg_input(pictures) + MEANS, "Nothing"),
            (lambda pictures: pictures, "Nothing"),
            (lambda pictures: vgg_input(pictures) / np.float32(255), "Do not divide"),
            (lambda pictures: vgg_input(pictures / 255), "Do not divide"),
            (lambda pictures: pictures[..., ::-1] / 255, "Do not divide"),
            (lambda pictures: pictures[:, :, ::-1] - MEANS, "turns the picture"),
            (lambda pictures: pictures[::-1] - MEANS, "turns the picture"),
            (lambda pictures: pictures[..., ::-1] - MEANS.astype("uint8"), "float32 before"),
            (
                lambda pictures: vgg_input(pictures).astype(np.float64),
                "Expected them as float32, got float64",
            ),
            (lambda pictures: vgg_input(pictures).tolist(), "Expected them as float32, got float64"),
            (lambda pictures: vgg_input(pictures[0]), "got the shape (4, 5, 3)"),
            (over_old, "work on a copy"),
            (subtracts_in_place, "Cannot cast"),
        ],
    }
)


def test_the_number_is_what_keras_counts():
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(150, 150, 3))
    network = keras.Sequential([base, keras.layers.Flatten(), keras.layers.Dense(256), keras.layers.Dense(1)])
    for layer in base.layers:
        layer.trainable = layer.name.startswith("block5")
    assert sum(np.prod(weights.shape) for weights in network.trainable_weights) == 9_177_089
