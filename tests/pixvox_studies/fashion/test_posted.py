"""P1's recipe itself, on a handful of made-up pictures."""

import pytest
from keras.callbacks import Callback
from support.made_up import bars

from pixvox.compare import unpack_answers
from pixvox_studies.fashion import pictures, posted

LISTS = {"loss", "val_loss", "accuracy", "val_accuracy"}


@pytest.fixture(autouse=True)
def three_epochs(monkeypatch):
    for profile in ("sample", "full"):
        monkeypatch.setitem(posted.EPOCHS, profile, 3)


def test_the_row_has_the_curves_and_what_they_come_to(tmp_path):
    row = posted.measure_posted({"recipe": "as posted"}, 0, tmp_path)
    numbers = {"training_accuracy", "training_loss", "test_accuracy", "test_loss", "test_right"}
    assert set(row) == LISTS | numbers | {"lowest_val_loss", "last_val_loss"}
    assert all(len(row[name]) == 3 for name in LISTS)
    assert row["lowest_val_loss"] == min(row["val_loss"]) and row["last_val_loss"] == row["val_loss"][-1]
    assert unpack_answers(row["test_right"], 20).mean() == pytest.approx(row["test_accuracy"])


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_published_test_pictures_judge_in_the_full_profile_and_fresh_drawings_in_the_sample(
    profile, drawn, monkeypatch, tmp_path
):
    seen = {}
    monkeypatch.setenv("PIXVOX_PROFILE", profile)
    monkeypatch.setitem(pictures.TRAINING_SIZE, "sample", 50)
    monkeypatch.setitem(pictures.FRESH_SIZE, "sample", 30)
    monkeypatch.setattr(posted.training, "score_network", lambda network, parts: seen.update(parts) or {})
    posted.measure_posted({"recipe": "as posted"}, 1, tmp_path)
    pictures_seen = {name: len(labels) for name, (_, labels) in seen.items()}
    assert (
        pictures_seen
        == {"sample": {"training": 40, "test": 30}, "full": {"training": 64, "test": 20}}[profile]
    )
    judged = {"sample": bars(30, 8999), "full": bars(20, 1)}[profile]
    assert seen["test"][0].tolist() == pictures.common.scale(judged[0]).tolist()
    assert drawn == {"sample": [(5, 8001), (3, 8999)], "full": []}[profile]


def test_a_killed_training_goes_on_at_its_last_epoch(monkeypatch, tmp_path):
    class Killed(Exception):
        pass

    class Kill(Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise Killed

    fit = posted.common.fit_resumed
    with monkeypatch.context() as patched:
        patched.setattr(
            posted.common, "fit_resumed", lambda *a, **options: fit(*a, callbacks=[Kill()], **options)
        )
        with pytest.raises(Killed):
            posted.measure_posted({}, 0, tmp_path)
    before = posted.epoch_logs(tmp_path)["val_loss"]
    row = posted.measure_posted({}, 0, tmp_path)
    assert len(before) == 2 and row["val_loss"][:2] == before and len(row["val_loss"]) == 3
