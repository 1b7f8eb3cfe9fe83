"""Drawn films: where the spot is, when, and which way it moves."""

import numpy as np
import pytest

from pixvox.voxels import clips

STEPS = {"right": (0, 1), "left": (0, -1), "up": (-1, 0), "down": (1, 0)}  # (row, column); rows count down


@pytest.fixture
def plain(monkeypatch):
    """Eighty films without noise, the grey behind the spot taken away, and their labels."""
    monkeypatch.setattr(clips, "NOISE", 0)
    films, labels = clips.draw_clips(80, np.random.default_rng(0))
    return films - films.min(), labels


def centre(frame):
    """Return the (row, column) of the middle of what is bright."""
    return np.array([(places * frame).sum() for places in np.indices(frame.shape)]) / frame.sum()


def test_films_are_numbers_of_0_to_1_and_the_ways_take_turns():
    films, labels = clips.draw_clips(19, np.random.default_rng(0))
    assert films.shape == (19, 16, 16, 16) and films.dtype == np.float32
    assert films.min() == 0 and films.max() == 1
    assert labels.dtype == np.int64 and [*labels] == [*range(8), *range(8), 0, 1, 2]
    assert len(set(clips.WAYS)) == 8


def test_the_spot_is_there_for_six_frames_in_a_row_which_begin_anywhere(plain):
    shown = plain[0].max(axis=(2, 3)) > 0.4
    begins = shown.argmax(axis=1)
    for film, begin in zip(shown, begins, strict=True):
        assert [*np.flatnonzero(film)] == [*range(begin, begin + 6)]
    assert begins.min() == 0 and begins.max() == 10
    assert np.abs(plain[0][~shown]).max() < 1e-6


def test_the_spot_moves_the_way_of_its_label(plain):
    speeds = []
    for film, label in zip(*plain, strict=True):
        first, *_, last = np.flatnonzero(film.max(axis=(1, 2)) > 0.4)
        moved = (centre(film[last]) - centre(film[first])) / 5
        wanted = np.sum([STEPS[word] for word in clips.WAYS[label].split(" and ")], axis=0)
        assert moved @ wanted > 0.95 * np.linalg.norm(moved) * np.linalg.norm(wanted)
        speeds.append(np.linalg.norm(moved))
    assert 0.4 < min(speeds) < 0.7 and 1.1 < max(speeds) < 1.25  # a spot that is cut off seems slower


def test_a_spot_is_round_and_comes_somewhere_else_in_each_film(plain):
    places, spreads = set(), []
    for film in plain[0]:
        frame = film[film.max(axis=(1, 2)).argmax()]
        at = np.unravel_index(frame.argmax(), (16, 16))
        places.add(at)
        if min(at) >= 4 and max(at) <= 11:  # nothing of it is cut off
            from_there = np.indices((16, 16)) - centre(frame)[:, None, None]
            spreads.append(np.sqrt((from_there**2 * frame).sum(axis=(1, 2)) / frame.sum()))
    assert len(places) > 30 and len(spreads) > 10
    np.testing.assert_allclose(spreads, clips.SPREAD, atol=0.15)


def test_a_frame_in_the_middle_of_the_film_does_not_tell_the_way():
    """The spot is as likely on its way there as on its way back: the mean frame of each way is the same."""
    films, labels = clips.draw_clips(8 * 300, np.random.default_rng(0))
    means = np.stack([films[labels == label][:, 8].mean(axis=0) for label in range(8)]) - films.mean()
    for mean in means:
        bright = mean.clip(0.0)
        np.testing.assert_allclose(centre(bright), [8, 8], atol=0.5)
    assert np.corrcoef(means.reshape(8, -1)).min() > 0.7


def test_a_seed_draws_the_same_films_and_another_seed_others():
    draw = lambda seed: clips.draw_clips(8, np.random.default_rng(seed))[0]  # noqa: E731
    np.testing.assert_array_equal(draw(0), draw(0))
    assert (draw(0) != draw(1)).any(axis=(1, 2, 3)).all()


def test_noise_is_grey_and_in_every_frame():
    films, _ = clips.draw_clips(40, np.random.default_rng(0))
    corner = films[:, :, 0, 0]  # where no spot comes, or nearly none
    assert np.median(corner) == pytest.approx(0.2, abs=0.03)
    assert np.subtract(*np.percentile(corner, [84, 50])) == pytest.approx(0.15, abs=0.03)
