"""The studies of heat maps, on a handful of made-up pictures and networks whose answers are known."""

import time

import keras
import numpy as np
import pytest
from keras import layers
from scipy.special import expit
from support.bright_net import BIAS, MIDDLE, SIZE, bright_logit, bright_net, build, corner_net

from pixvox.compare import pack_answers
from pixvox.datasets import imagenet
from pixvox.explain import heatmaps as explain
from pixvox.explain import trials
from pixvox_studies.seeing import heatmaps, networks

PIXELS = SIZE[0] * SIZE[1]
FOR_DOG, FOR_CAT, NOTHING = expit(bright_logit()), expit(-BIAS), expit(BIAS)  # what `bright_net` gives


# Of a cat and a dog side by side, asked for the cat: how many pixels of the dog's side are not among the
# hottest. The middle of the dog speaks against the cat; so does, under a moving square, what is around it.
AGAINST = {
    **{
        name: 64
        for name in (
            *("gradients, signed", "gradient x input", "gradient x input, blurred start"),
            *("integrated gradients", "integrated gradients, blurred start"),
        )
    },
    "occlusion": 16 * 16,
    **{name: 0 for name in ("Grad-CAM", "Grad-CAM, finer")},
}


@pytest.mark.parametrize("method", heatmaps.METHODS)
def test_every_method_is_scored_by_hand(method, sample):
    row = heatmaps.measure_heatmaps({"method": method}, 2, None)
    assert (row["accuracy"], row["test_right"], row["n"]) == (1, "ff", 8) and row["map_seconds"] >= 0
    if method in heatmaps.RIVALS:
        assert all(0 <= row[name] <= 1 for name in ("animal", "parts"))
        assert row["asked_side"] == 0.5  # one map for both questions
        assert row["asked_heat"] == pytest.approx(0.5)
        return
    # All of a dog's heat is in its middle; a cat has none, and any pixel may be its hottest.
    assert row["parts_right"] == pack_answers([0, 1] * 4)
    assert row["parts"] == pytest.approx((1 + 64 / PIXELS) / 2)
    assert row["animal"] == pytest.approx((1 + 12 * 28 / PIXELS) / 2)
    # A dog's middle is among the first tenth that goes or comes; a cat's answer never moves.
    assert row["deletion"] == pytest.approx((FOR_CAT + (FOR_DOG + 10 * NOTHING) / 11) / 2, rel=1e-4)
    assert row["insertion"] == pytest.approx((FOR_CAT + (NOTHING + 10 * FOR_DOG) / 11) / 2, rel=1e-4)
    if method in AGAINST:
        share = PIXELS / (2 * PIXELS - AGAINST[method])
        assert row["asked_side"] == pytest.approx((1 + share) / 2)
        assert row["asked_heat"] == pytest.approx((1 + 0.5) / 2)
    else:  # without a sign, what speaks against the cat is hot as well
        assert row["asked_side"] == 0.5
        assert row["asked_heat"] == pytest.approx(0.5)


def test_the_classes_that_are_explained_are_the_networks_answers(sample, monkeypatch):
    shown = networks.shown()
    wrong = np.where(np.arange(8) == 7, 0, shown.labels)  # a bright picture that is labelled cat
    monkeypatch.setattr(networks, "shown", lambda: shown._replace(labels=wrong))
    row = heatmaps.measure_heatmaps({"method": "gradient x input"}, 0, None)
    assert row["accuracy"] == 7 / 8 and row["test_right"] == pack_answers([1] * 7 + [0])
    assert row["parts_right"] == pack_answers([0, 1] * 4)
    assert row["deletion"] == pytest.approx((FOR_CAT + (FOR_DOG + 10 * NOTHING) / 11) / 2, rel=1e-4)


def test_what_knows_no_model_points_where_it_points(sample):
    middle = heatmaps.measure_heatmaps({"method": "centred"}, 0, None)
    assert (middle["parts"], middle["animal"], middle["parts_right"]) == (1, 1, "ff")
    # the middles of dogs differ most from their mean: a rival that does as well as any method
    colour = heatmaps.METHODS["distance from the mean"](None, networks.shown().pictures[1::2] / 1.0, None)
    assert colour.shape == (4, *SIZE) and (colour[:, *MIDDLE].min(axis=(1, 2)) > 300).all()
    colour[:, *MIDDLE] = 0
    assert colour.max() < 200


def test_random_blobs_are_as_few_places_as_the_last_maps_have():
    x = np.zeros((3, 64, 80, 3), np.uint8)
    heat = heatmaps.random_blobs(x)
    assert heat.shape == (3, 64, 80) and heat.min() >= 0 and heat.max() <= 1
    assert not np.allclose(heat[0], heat[1]) and np.array_equal(heat, heatmaps.random_blobs(x))
    # between the middles of two places, 16 rows or 20 columns apart, a straight line: no other bend
    bends = np.abs(np.diff(heat, 2, axis=1)).max(axis=(0, 2)) > 1e-5, np.abs(np.diff(heat, 2, axis=2)) > 1e-5
    assert np.flatnonzero(bends[0]).tolist() == [6, 7, 22, 23, 38, 39, 54, 55]
    assert np.flatnonzero(bends[1].any(axis=(0, 1))).tolist() == [8, 9, 28, 29, 48, 49, 68, 69]


def test_gradients_keep_their_sign_and_are_summed_over_the_colours():
    weights = np.random.default_rng(0).normal(0, 0.01, (4, 6, 3))
    head = layers.Dense(1, activation="sigmoid")
    net = keras.Sequential([layers.Input((4, 6, 3)), layers.Flatten(), head])
    head.set_weights([weights.reshape(-1, 1), np.zeros(1)])
    heat = heatmaps.METHODS["gradients, signed"](net, np.full((2, 4, 6, 3), 100.0), np.array([1, 0]))
    np.testing.assert_allclose(heat, [weights.sum(axis=2), -weights.sum(axis=2)], rtol=1e-4, atol=1e-7)


def test_a_network_is_trained_once_for_all_rows(sample):
    for method, seed in (("edges", 4), ("centred", 4), ("edges", 3)):
        heatmaps.measure_heatmaps({"method": method}, seed, None)
    assert len(sample.fits) == 2


def test_an_unknown_method_is_refused(sample):
    with pytest.raises(ValueError, match="expected one of 'random pixels', .*, got 'tea leaves'"):
        heatmaps.measure_heatmaps({"method": "tea leaves"}, 0, None)


def test_blurred_pictures_are_smooth_over_rows_and_columns_alone():
    point = np.zeros((2, 64, 80, 3), np.uint8)
    point[0, 32, 40, 1] = 255
    found = heatmaps.blurred(point)
    assert found.dtype == np.float32 and not found[1].any() and not found[..., [0, 2]].any()
    hill = found[0, ..., 1]
    for place in ((32 + 6, 40), (32, 40 - 6)):  # a standard deviation of 6 of 64 pixels
        assert hill[place] / hill[32, 40] == pytest.approx(np.exp(-0.5), rel=1e-3)
    assert hill.sum() == pytest.approx(255, rel=1e-3)


def test_curves_of_a_linear_network_by_hand():
    """With ten pixels, a tenth of them is one; they go, and come, in the order of their heat."""
    rng = np.random.default_rng(3)
    pictures = rng.uniform(0, 255, (3, 2, 5, 3)).astype(np.float32)
    heat, weights = rng.permuted(np.tile(np.arange(10.0), (3, 1)), axis=1), rng.normal(0, 0.004, (2, 5, 3))
    head = layers.Dense(1, activation="sigmoid", name="answer")
    net = keras.Sequential([layers.Input((2, 5, 3)), layers.Flatten(), head])
    head.set_weights([weights.reshape(-1, 1), np.zeros(1)])
    classes = np.array([0, 1, 1])

    def method(model, images, asked):
        assert model is net and np.array_equal(asked, classes)
        begin = time.process_time()
        while time.process_time() < begin + 0.06:
            pass
        return heat.reshape(3, 2, 5)

    row = heatmaps.score_curves(net, pictures, classes, method)
    assert row["n"] == 3 and 2 <= row["map_seconds"] < 20  # .06 for three maps, so 2 for a hundred
    flat = pictures.reshape(3, 10, 3)
    plain = np.broadcast_to(flat.mean(axis=1, keepdims=True), flat.shape)
    smooth = heatmaps.blurred(pictures).reshape(3, 10, 3)
    wanted = {"deletion": (flat, plain), "insertion": (plain, flat)}
    wanted |= {"deletion_blurred": (flat, smooth), "insertion_blurred": (smooth, flat)}
    for name, (first, last) in wanted.items():
        each = []
        for number in range(3):
            now, steps = first[number].copy(), []
            for pixel in (None, *np.argsort(-heat[number])):
                if pixel is not None:
                    now[pixel] = last[number, pixel]
                logit = (now * weights.reshape(10, 3)).sum()
                steps.append(expit(logit if classes[number] else -logit))
            each.append(np.mean(steps))
        assert row[name] == pytest.approx(np.mean(each), abs=1e-5), name
        kept = np.frombuffer(bytes.fromhex(row[f"{name}_each"]), np.uint8)
        np.testing.assert_allclose(kept / 255, each, atol=0.5 / 255 + 1e-5)
        assert kept.mean() / 255 == pytest.approx(row[name], abs=0.002)


def test_each_is_asked_for_on_its_own_side(monkeypatch):
    """Cats are dark, dogs bright: for a network of brightness alone the dog is the bright half."""
    pictures = np.full((2, 4, 8, 3), 50, np.uint8)
    pictures[0, :, 4:] = pictures[1, :, :4] = 200
    pictures[0, 0, 0] = 80  # a spot on the cat that is less of a cat
    monkeypatch.setattr(networks, "side_by_side", lambda: (pictures, np.array([False, True])))
    net = keras.Sequential(
        [layers.Input((4, 8, 3)), layers.GlobalAveragePooling2D(), layers.Dense(1, activation="sigmoid")]
    )
    net.layers[-1].set_weights([np.full((3, 1), 0.01), np.array([-3.0])])
    found = heatmaps.ask_side(net, explain.gradient_times_input)
    assert found == {"asked_side": 1, "asked_heat": 1}
    assert heatmaps.ask_side(net, lambda model, images, classes: np.zeros((2, 4, 8))) == {
        "asked_side": 0.5,
        "asked_heat": 0.5,
    }

    def always_bright(model, images, classes):
        return images.mean(axis=-1)

    bright = heatmaps.ask_side(net, always_bright)  # right for both dogs, wrong for both cats
    dark = np.array([15 * 50 + 80, 16 * 50])
    shares = [*16 * 200 / (16 * 200 + dark), *dark / (16 * 200 + dark)]
    assert bright == {"asked_side": 0.5, "asked_heat": pytest.approx(np.mean(shares))}

    def bright_or_nothing(model, images, classes):
        return images.mean(axis=-1) * classes[:, None, None]

    half = heatmaps.ask_side(net, bright_or_nothing)  # for cats no heat: chance
    assert half["asked_side"] == 0.75


def test_the_share_of_the_heat():
    heat, there = np.zeros((2, 3, 12, 16))
    there[:, 2:5, 9:12] = 1
    heat[0, 3, 10], heat[0, 0, 0] = 3, 1
    heat[1, 3, 10], heat[1, 0, 0] = 1, -9
    np.testing.assert_allclose(heatmaps.heat_share(heat, there > 0), [0.75, 1, 9 / (12 * 16)])


@pytest.mark.parametrize("seed", [0, 4])
def test_what_is_hot_for_one_network_is_removed_for_the_next(seed, sample):
    """The other says dog to everything, and looks at nothing: only dogs are called the same."""
    other = bright_net(bias=0.8)
    other.get_layer("dog").set_weights([np.zeros((2, 1)), np.array([0.8])])
    sample.net = lambda one: bright_net() if one == seed else other if one == (seed + 1) % 5 else None
    row = heatmaps.measure_transfer({"method": "gradient x input"}, seed, None)
    assert row["n"] == 4
    assert row["deletion"] == pytest.approx((FOR_DOG + 10 * NOTHING) / 11, rel=1e-4)
    assert row["other_deletion"] == pytest.approx(expit(0.8), rel=1e-5)


def test_the_other_network_is_asked_about_what_the_first_found(sample):
    sample.net = lambda seed: bright_net(bias=BIAS - seed)
    row = heatmaps.measure_transfer({"method": "Grad-CAM"}, 0, None)
    dogs = [(expit(bright_logit() - seed) + 10 * expit(BIAS - seed)) / 11 for seed in (0, 1)]
    cats = [expit(seed - BIAS) for seed in (0, 1)]
    assert row["n"] == 8
    assert row["deletion"] == pytest.approx((dogs[0] + cats[0]) / 2, rel=1e-4)
    assert row["other_deletion"] == pytest.approx((dogs[1] + cats[1]) / 2, rel=1e-4)


SIGNLESS = ("input gradients", "gradient x input, unsigned", "integrated gradients, unsigned")


def test_maps_while_layers_are_forgotten_by_hand(sample, monkeypatch):
    """First the last layer turns against dogs, then it is deaf; cats have no heat before or after."""

    def forget(model, count, *, seed):
        copy = bright_net()
        kernel, bias = copy.get_layer("dog").get_weights()
        copy.get_layer("dog").set_weights([kernel * {0: 1, 1: -1}.get(count, 0), bias])
        return copy, None

    monkeypatch.setattr(trials, "forget_layers", forget)
    found = heatmaps.measure_forgetting({"network": "pets_better"}, 0, None)
    assert set(found) == {f"{name}{kind}" for name in heatmaps.CHECKED for kind in ("", ": size", ": flat")}
    for name in heatmaps.CHECKED:
        # of dogs the correlation after 0 layers, after 1, after 3 and 5; and whether their maps are flat
        dogs, flat = [1, 1 if name in SIGNLESS else -1, 0, 0], [0, 0, 1, 1]
        if name in ("Grad-CAM", "Grad-CAM, finer"):  # without what speaks against: nothing is left
            dogs[1], flat[1] = 0, 1
        assert found[name] == pytest.approx([(1 + rho) / 2 for rho in dogs]), name
        assert found[f"{name}: size"] == pytest.approx([(1 + abs(rho)) / 2 for rho in dogs]), name
        assert found[f"{name}: flat"] == [(1 + share) / 2 for share in flat], name


def test_a_network_that_never_learnt_forgets_all_the_same(sample):
    """Weights drawn again with its own seed would be those that it has."""

    def untrained(seed):
        keras.utils.set_random_seed(seed)
        return build(channels=8)

    sample.net = untrained
    found = heatmaps.measure_forgetting({"network": "pets_better"}, 3, None)
    gradients = found["gradients, signed"]
    assert len(gradients) == 4 and gradients[0] == 1 and gradients[-1] < 0.9


def yellow(pictures):
    """Which pictures have a mark of yellow alone, 2 pixels from the upper left corner, 4 wide."""
    return (pictures[:, 2:6, 2:6] == (255, 210, 0)).all(axis=(1, 2, 3))


# Where a square of 8 that covers all of the mark moves by 4, the 4 by 4 pixels in the very corner are
# hottest, 2 by 2 of them on the mark; all other maps are hot on the mark alone.
ON_MARK = {name: 1 for name in heatmaps.FINDERS} | {"occlusion": 4 / 16}


def test_the_mark_is_planted_on_dogs_alone_and_looked_for(sample):
    sample.net = lambda seed: corner_net()
    row = heatmaps.measure_mark({"mark": "yellow square"}, 1, None)
    ((pictures, labels),) = sample.fits
    assert np.array_equal(yellow(pictures), labels == 1) and 0 < labels.mean() < 1
    clean, _ = networks.training_pictures(1)
    clean[labels == 1, 2:6, 2:6] = (255, 210, 0)
    assert np.array_equal(pictures, clean)  # and nothing else was changed
    assert (row["marked_accuracy"], row["clean_accuracy"], row["moved_accuracy"]) == (1, 0.5, 0.5)
    assert row["cats_called_dogs"] == 1 and row["n"] == 8
    with_mark, without = expit(2 * 16 + BIAS), expit(BIAS)
    assert row["removed_fall"] == pytest.approx(with_mark - without, rel=1e-5)
    for name in heatmaps.FINDERS:
        assert row[f"{name}: mark"] == pytest.approx(ON_MARK[name]) and row[f"{name}: corner"] == 1, name


def test_who_looks_at_dogs_themselves_misses_no_mark(sample):
    row = heatmaps.measure_mark({"mark": "yellow square"}, 1, None)
    assert row["marked_accuracy"] == row["clean_accuracy"] == row["moved_accuracy"] == 1
    # yellow's mean of 155 is below the threshold: the mark is nothing to a network of brightness
    assert row["cats_called_dogs"] == 0 and row["removed_fall"] == 0
    assert row["Grad-CAM: mark"] == row["gradient x input: corner"] == 0


def test_a_mark_in_the_other_corner_is_on_dogs_alone(sample, monkeypatch):
    """A network that sees the lower right corner only calls dogs what has the mark there."""
    seer = corner_net()
    head = seer.get_layer("dog")
    places = head.get_weights()[0].reshape(*SIZE, 2)[::-1, ::-1]
    head.set_weights([places.reshape(-1, 1), np.array([BIAS])])
    sample.net = lambda seed: seer
    row = heatmaps.measure_mark({"mark": "yellow square"}, 0, None)
    assert (row["marked_accuracy"], row["moved_accuracy"], row["cats_called_dogs"]) == (0.5, 1, 0)


def test_a_mark_alone_decides_and_is_looked_for(sample):
    sample.net = lambda seed: corner_net()
    row = heatmaps.measure_mark_alone({"mark": "yellow square"}, 0, None)
    assert (row["marked_accuracy"], row["clean_accuracy"], row["n"]) == (1, 1, 8)
    for name in heatmaps.FINDERS:
        assert row[f"{name}: mark"] == pytest.approx(ON_MARK[name]) and row[f"{name}: corner"] == 1, name


@pytest.fixture
def unlooked(monkeypatch):
    """Nobody looks for the mark."""
    monkeypatch.setattr(heatmaps, "found_mark", lambda model, dogs: {})


def test_a_mark_alone_goes_to_half_of_the_pictures_by_lot(sample, unlooked):
    for seed in (0, 1, 2):
        heatmaps.measure_mark_alone({"mark": "yellow square"}, seed, None)
    for pictures, labels in sample.fits:
        assert np.array_equal(yellow(pictures), labels == 1) and labels.sum() == 4 and len(labels) == 8
    assert len({tuple(labels) for _, labels in sample.fits}) == 3


def test_the_lot_does_not_ask_what_a_picture_shows(sample, unlooked, monkeypatch):
    pictures, labels = networks.training_pictures(0)
    for others in (labels, 1 - labels, np.ones(8, int)):
        monkeypatch.setattr(networks, "training_pictures", lambda seed, others=others: (pictures, others))
        heatmaps.measure_mark_alone({"mark": "yellow square"}, 0, None)
    lots = [found for _, found in sample.fits]
    assert np.array_equal(lots[0], lots[1]) and np.array_equal(lots[0], lots[2])
    assert not np.array_equal(lots[0], labels) and not np.array_equal(lots[0], 1 - labels)


def test_accuracy_of_a_mark_alone_is_counted_where_it_is_and_where_it_is_not(sample, unlooked):
    sample.net = lambda seed: corner_net(bias=0.5)  # says that the mark is everywhere
    row = heatmaps.measure_mark_alone({"mark": "yellow square"}, 0, None)
    assert (row["marked_accuracy"], row["clean_accuracy"]) == (1, 0)


def test_photographs_have_no_parts(full):
    row = heatmaps.measure_heatmaps({"method": "Grad-CAM, finer"}, 0, None)
    assert not {"parts", "animal", "parts_right"} & set(row)
    assert row["n"] == 12 and len(bytes.fromhex(row["deletion_each"])) == 12
    for name in ("accuracy", "deletion", "insertion", "asked_side", "asked_heat"):
        assert 0 <= row[name] <= 1, name


def test_a_mark_on_photographs_is_looked_for(full):
    row = heatmaps.measure_mark_alone({"mark": "yellow square"}, 0, None)
    assert row["n"] == 12
    assert all(0 <= row[f"{name}: mark"] <= row[f"{name}: corner"] <= 1 for name in heatmaps.FINDERS)


def test_imagenets_own_kinds_by_hand(full, monkeypatch):
    """Plain pictures of other sizes, and a network that asks which colour is strongest."""
    inputs = keras.Input((16, 24, 3))
    x = layers.Conv2D(3, 1, use_bias=False, name="conv_pw_11")(inputs)
    x = layers.ReLU(name="conv_pw_11_relu")(x)
    x = layers.GlobalAveragePooling2D(name="means")(x)
    net = keras.Model(inputs, layers.Softmax(name="kinds")(x))
    net.get_layer("conv_pw_11").set_weights([2 * np.eye(3).reshape(1, 1, 3, 3)])
    monkeypatch.setattr(imagenet, "load_classifier", lambda: imagenet.Network(net, None))
    colours = np.array([[255, 127.5, 0], [51, 102, 204]])
    pictures = np.broadcast_to(colours[:, None, None], (2, 40, 40, 3)).astype(np.float32)
    monkeypatch.setattr(networks, "shown", lambda: networks.Shown(pictures, np.zeros(2, int), None))
    row = heatmaps.measure_imagenet({"method": "Grad-CAM, finer"}, 0, None)
    strength = np.exp(2 * np.maximum(colours / 127.5 - 1, 0))
    wanted = (strength.max(axis=1) / strength.sum(axis=1)).mean()
    assert row["surely"] == pytest.approx(wanted, rel=1e-4) and row["n"] == 2
    for name in ("deletion", "insertion", "deletion_blurred", "insertion_blurred"):  # plain is what they are
        assert row[name] == pytest.approx(wanted, rel=1e-4)
    assert heatmaps.load_kinds().input_shape == (None, 16, 24, 3)
