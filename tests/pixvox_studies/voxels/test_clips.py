"""Films as volumes: which frames a network sees, and a short run."""

import keras
import numpy as np
import pytest

from pixvox.compare import unpack_answers
from pixvox_studies.voxels import clips


@pytest.fixture
def films():
    return np.random.default_rng(0).random((12, 16, 16, 16)).astype(np.float32)


def frames_of(film):
    return [frame.tobytes() for frame in film]


def test_films_in_order_are_as_they_were(films):
    before = films.copy()
    np.testing.assert_array_equal(clips.show_frames(films, "in order", np.random.default_rng(0)), before)


def test_one_frame_takes_the_place_of_all(films):
    seen = clips.show_frames(films, "one", np.random.default_rng(0))
    assert seen.shape == films.shape
    for film, shown in zip(films, seen, strict=True):
        assert set(frames_of(shown)) == {film[8].tobytes()}


def test_shuffled_films_have_the_same_frames_each_in_an_order_of_its_own(films):
    before = films.copy()
    seen = clips.show_frames(films, "shuffled", np.random.default_rng(0))
    np.testing.assert_array_equal(films, before)
    assert seen.shape == films.shape
    orders = set()
    for film, shown in zip(films, seen, strict=True):
        places = {frame: place for place, frame in enumerate(frames_of(film))}
        order = tuple(places.get(frame, -1) for frame in frames_of(shown))
        assert sorted(order) == [*range(16)]
        orders.add(order)
    assert len(orders) == len(films) and tuple(range(16)) not in orders
    again, other = (clips.show_frames(films, "shuffled", np.random.default_rng(seed)) for seed in (0, 1))
    assert np.array_equal(again, seen) and not np.array_equal(other, seen)


def test_other_frames_and_networks_are_refused(films, monkeypatch, tmp_path):
    monkeypatch.setattr(clips, "CLIPS", (8, 8))
    with pytest.raises(ValueError, match="expected one of"):
        clips.show_frames(films, "reversed", np.random.default_rng(0))
    with pytest.raises(ValueError, match="expected one of"):
        clips.measure_clips({"network": "2D", "frames": "one"}, 0, tmp_path)


@pytest.fixture
def drawn(monkeypatch):
    """Draw few films, and keep them."""
    parts, draw = [], clips.draw_clips
    monkeypatch.setattr(clips, "CLIPS", (24, 16))
    monkeypatch.setattr(clips, "EPOCHS", 2)
    monkeypatch.setattr(clips, "draw_clips", lambda count, rng: parts.append(draw(count, rng)) or parts[-1])
    return parts


@pytest.mark.parametrize("name", ["flat", "grid"])
def test_a_network_is_trained_on_some_films_and_tested_on_others(drawn, monkeypatch, tmp_path, name):
    """Flat windows lie in the picture, and time is their channels; for the grid it is the first axis."""
    build, take = clips.NETWORKS[name]
    network, fits = build(), []
    fit = network.fit
    network.fit = lambda x, y, **options: fits.append((x, y)) or fit(x, y, **options)
    monkeypatch.setitem(clips.NETWORKS, name, (lambda: network, take))
    row = clips.measure_clips({"network": name, "frames": "in order"}, 0, tmp_path)
    (train, y_train), (test, y_test) = drawn
    assert not {*map(bytes, train)} & {*map(bytes, test)}

    def seen(films):
        return films.transpose(0, 2, 3, 1) if name == "flat" else films[..., None]

    np.testing.assert_array_equal(fits[0][0], seen(train))
    np.testing.assert_array_equal(fits[0][1], y_train)
    right = network.predict(seen(test), verbose=0).argmax(axis=1) == y_test
    np.testing.assert_array_equal(unpack_answers(row["test_right"], 16), right)
    assert row["test_accuracy"] == pytest.approx(right.mean())
    known = network.predict(seen(train), verbose=0).argmax(axis=1) == y_train
    assert row["train_accuracy"] == pytest.approx(known.mean())
    assert int(network.optimizer.iterations) == 2  # one batch an epoch
    assert set(row) == {"train_accuracy", "test_accuracy", "test_right"}


def test_a_seed_decides_films_and_weights(drawn, monkeypatch, tmp_path):
    layers, networks = keras.layers, []

    def build():
        stack = [layers.Input((16, 16, 16)), layers.Flatten(), layers.Dense(10, activation="softmax")]
        networks.append(keras.Sequential(stack))
        return networks[-1]

    monkeypatch.setitem(clips.NETWORKS, "flat", (build, np.asarray))
    for seed in (0, 0, 1):
        clips.measure_clips({"network": "flat", "frames": "shuffled"}, seed, tmp_path)
    first, again, other = (network.get_weights()[0] for network in networks)
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert not np.array_equal(drawn[0][0], drawn[4][0]) and np.array_equal(drawn[0][0], drawn[2][0])
