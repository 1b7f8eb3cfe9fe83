"""What the checks on what convnets see say to right and wrong answers."""

import numpy as np
import pytest
from support import exercise_answers
from support.exercise_answers import RIGHT, lenient, make_test  # noqa: F401  the fixture, by its name

from pixvox.exercises import seeing as exercises

pytestmark = pytest.mark.usefixtures("lenient")


def rows_seen(layers, place):
    rows = np.array([place, place])  # backwards: which rows of the layer before does a row look at?
    for window, stride in layers[::-1]:
        rows = rows * stride + [0, window - 1]
    return tuple(rows)


def stride_first(layers, place):
    sees, apart = 1, 1
    for window, stride in layers:
        apart *= stride
        sees += (window - 1) * apart
    return place * apart, place * apart + sees - 1


def scale_heat(heat):
    heat = np.maximum(heat, 0)
    return heat / (heat.max() or 1)


def hide_hottest(picture, heat, share):
    gone = heat >= heat.size - round(share * heat.size)  # the heats are 0, 1, 2 and so on
    return np.where(gone[..., None], picture.mean(axis=(0, 1)), picture)


def grey(picture, heat, share):
    return np.where((hide_hottest(picture, heat, share) != picture).any(-1, keepdims=True), 127.5, picture)


SHARES = [number / 100 for number in range(1, 101)]


def share_to_change(predict, picture, heat):
    for number in range(1, 101):
        if predict(hide_hottest(picture, heat, number / 100)) != predict(picture):
            return number * 0.01  # 0.07 comes out as 0.07000000000000001


def by_the_class_before(predict, picture, heat):  # the first change is from the whole picture's class
    classes = [predict(picture), *(predict(hide_hottest(picture, heat, share)) for share in SHARES)]
    changes = np.flatnonzero(np.diff(classes))
    return np.float32(SHARES[changes[0]]) if len(changes) else None


def from_the_first_share(predict, picture, heat):
    begun = predict(hide_hottest(picture, heat, 0.01))
    return next((s for s in SHARES if predict(hide_hottest(picture, heat, s)) != begun), None)


def halving(predict, picture, heat):
    if predict(hide_hottest(picture, heat, 1.0)) == predict(picture):
        return None
    low, high = 0, 100
    while high - low > 1:
        middle = (low + high) // 2
        same = predict(hide_hottest(picture, heat, middle / 100)) == predict(picture)
        low, high = (middle, high) if same else (low, middle)
    return high / 100


def hiding_the_hidden(predict, picture, heat):
    hidden = picture
    for share in SHARES:
        hidden = hide_hottest(hidden, heat, share)
        if predict(hidden) != predict(picture):
            return share


def hiding_in_place(predict, picture, heat):
    share = share_to_change(predict, picture, heat)
    picture[:] = 0
    return share


def turned(share):
    """Make a wrong answer out of the right one: a function of the share, which may be None."""
    return lambda *case: share(share_to_change(*case))


def weighted(over, keep=lambda heat: np.maximum(heat, 0)):
    return lambda maps, gradients: keep((maps * over(gradients)).sum(axis=-1))


def by_channel(over):
    return weighted(lambda gradients: over(gradients, axis=(0, 1)))


def with_einsum(maps, gradients):
    rows, columns, _ = maps.shape
    heat = np.einsum("hwc,ijc->hw", maps, gradients) / (rows * columns)
    return np.where(heat > 0, heat, 0).astype(np.float32)


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_rows_seen: [
            (rows_seen, RIGHT),
            (lambda *case: list(rows_seen(*case)), RIGHT),
            (
                lambda layers, place: (place, place + sum(window - 1 for window, _ in layers)),
                "a step is two pixels",
            ),
            (stride_first, "*before* it"),
            (lambda *case: (rows_seen(*case)[0], 1 + np.ptp(rows_seen(*case))), "the first and the last row"),
            (lambda *case: (rows_seen(*case)[0], rows_seen(*case)[1] + 1), "two rows behind its first"),
            (lambda layers, place: np.add(rows_seen(layers, 0), place), "as all strides together"),
            (lambda *case: tuple(float(row) for row in rows_seen(*case)), RIGHT),
            (lambda layers, place: layers.append((3, 1)) or rows_seen(layers[:-1], place), "work on a copy"),
        ],
        exercises.check_scale_heat: [
            (scale_heat, RIGHT),
            (lambda heat: heat / heat.max(), "below 0 becomes 0"),
            (lambda heat: np.maximum(heat, 0) / np.maximum(heat, 0).max(), "nothing to divide by"),
        ],
        exercises.check_hide_hottest: [
            (hide_hottest, RIGHT),
            (lambda picture, heat, share: hide_hottest(picture, heat.max() - heat, share), "the coldest"),
            (lambda picture, heat, share: hide_hottest(picture, heat, int(share * 108) / 108), "Round"),
            (lambda picture, heat, share: hide_hottest(picture, heat, np.ceil(share * 108) / 108), "nearest"),
            (grey, "mean over rows and columns"),
            (lambda picture, heat, share: picture.copy(), "give the hottest pixels"),
        ],
        exercises.check_share_to_change: [
            (share_to_change, RIGHT),
            (by_the_class_before, RIGHT),
            (from_the_first_share, "with the whole picture"),
            (turned(lambda share: share and share + 0.01), "too late"),
            (turned(lambda share: share and round(100 * share)), "not its number"),
            (turned(lambda share: share and round(100 * share) - 1), "not its number"),
            (lambda predict, picture, heat: share_to_change(predict, picture, heat.max() - heat), "coldest"),
            (turned(lambda share: share and share - 0.01), "0.02 and so on"),
            (turned(lambda share: share and round(108 * share) / 108), "0.02 and so on"),
            (turned(lambda share: share if share is None or share < 1 else None), "yours gives 'None'"),
            (turned(lambda share: share or 1.0), "return None"),
            (turned(lambda share: share and str(share)), "yours gives \"'0.01'\""),
            (turned(lambda share: share and [share]), "yours gives '[0.01]'"),
            (lambda *case: None if case else 1, "yours gives 'None'"),
            (halving, "return None"),
            (hiding_the_hidden, "of the whole picture"),
            (hiding_in_place, "work on a copy"),
            (
                lambda predict, p, heat: share_to_change(lambda p: predict(p[None]), p, heat),
                "more dimensions",
            ),
        ],
        exercises.check_cam: [
            (by_channel(np.mean), RIGHT),
            (with_einsum, RIGHT),
            (weighted(lambda g: g.mean(axis=(0, 1)), keep=np.positive), "below 0 becomes 0"),
            (weighted(lambda g: g.mean(axis=(0, 1)), keep=np.abs), "below 0 becomes 0"),
            (weighted(np.positive), "not a place's own"),
            (weighted(lambda g: g.mean(axis=-1, keepdims=True)), "mean gradient"),
            (weighted(lambda g: g.mean(axis=0)), "mean gradient"),
            (weighted(lambda g: g.mean(axis=1, keepdims=True)), "mean gradient"),
            (weighted(lambda g: np.maximum(g.mean(axis=(0, 1)), 0)), "mean gradient"),
            (lambda maps, gradients: np.maximum(maps.sum(axis=-1), 0), "mean gradient"),
            (lambda maps, gradients: np.zeros(maps.shape[:2]), "mean gradient"),
            *[(by_channel(over), "mean gradient") for over in (np.sum, np.median, np.min, np.max)],
        ],
    }
)


ODD = [*exercise_answers.ODD, iter([0, 4])]


@pytest.mark.parametrize("check", [check for name, check in vars(exercises).items() if name[:6] == "check_"])
class TestOdd:
    """Answers that are nothing like an answer."""

    def told(self, check, answer, capsys):
        check(answer)
        return capsys.readouterr().out

    def test_what_returns_something_odd_gets_a_hint(self, check, capsys):
        for odd in ODD:
            line = self.told(check, lambda *case, odd=odd: odd, capsys)
            assert line.startswith("Not yet. ") and "cannot be checked" not in line and "raised" not in line

    def test_what_is_no_function_is_told_so(self, check, capsys):
        for odd in ODD:
            assert "Expected a function" in self.told(check, odd, capsys)

    def test_what_raises_is_told_what(self, check, capsys):
        assert "Yours raised IndexError" in self.told(check, lambda *case: case[99], capsys)

    def test_nothing_written_is_met_with_silence(self, check, capsys):
        for nothing in (None, ..., lambda *case: None):
            assert self.told(check, nothing, capsys) == ""


@pytest.mark.parametrize("given", [(None, None), 3.0, np.int64(3), [], ("0", "4")])
def test_what_is_no_pair_of_rows_is_told_what_is_expected(given, capsys):
    exercises.check_rows_seen(lambda layers, place: given)
    assert "Expected whole numbers of the shape (2,)" in capsys.readouterr().out


def test_whoever_writes_into_the_input_is_told_to_copy(capsys):
    def scales(heat):
        heat[heat < 0] = 0
        return scale_heat(heat)

    def hides(picture, heat, share):
        picture[:] = hide_hottest(picture, heat, share)
        return picture

    def cuts(maps, gradients):
        heat = with_einsum(maps, gradients)
        gradients *= 0
        return heat

    for name, answer in (("scale_heat", scales), ("hide_hottest", hides), ("cam", cuts)):
        getattr(exercises, f"check_{name}")(answer)
        assert "work on a copy" in capsys.readouterr().out


def test_the_example_of_grad_cam_can_tell_wrong_from_right():
    cases = []

    def spies(maps, gradients):
        cases.append((maps, gradients))
        return with_einsum(maps, gradients)

    exercises.check_cam(spies)
    assert len(cases) == 2 and not np.array_equal(cases[0][1], cases[1][1])
    for maps, gradients in cases:
        assert maps.min() < 0 < maps.max() and gradients.min() < 0 < gradients.max()
        heat = exercises.check_cam.right(maps, gradients)
        assert heat.min() == 0 < heat.max() and 3 < np.count_nonzero(heat) < heat.size - 3


def test_the_made_up_networks_change_their_mind_early_late_at_the_end_and_never():
    shares = []
    for ranks in ([1], [8], [61, 90], [108], []):
        predict = exercises._watch(*ranks)
        shares.append(share_to_change(predict, exercises.PICTURE, exercises.HEAT))
        assert predict(exercises.PICTURE) == 3
    # 8, 61 and 108 of 108 pixels are 7.4, 56.5 and 100 %; from 90 pixels on the third is back at 3
    assert shares == [0.01, pytest.approx(0.07), pytest.approx(0.57), 1.0, None]
    hidden = hide_hottest(exercises.PICTURE, exercises.HEAT, 0.9)
    assert exercises._watch(61, 90)(hidden) == 3
