"""Measures of maps against known answers, and the projector's files as TensorBoard serves them."""

import io
import json
import urllib.request
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image

from pixvox import embedding

RNG = np.random.default_rng(0)
CLOUD = RNG.normal(size=(300, 5))


def test_a_map_that_only_turns_and_grows_keeps_all_neighbours_and_distances():
    turned = np.linalg.qr(RNG.normal(size=(5, 5)))[0]
    assert embedding.neighbour_agreement(CLOUD, 3 * CLOUD @ turned) == 1
    assert embedding.distance_correlation(CLOUD, 3 * CLOUD @ turned) == pytest.approx(1)


def test_a_random_map_keeps_what_chance_keeps():
    map_points = RNG.normal(size=(300, 2))
    assert embedding.neighbour_agreement(CLOUD, map_points) == pytest.approx(10 / 299, abs=0.015)
    assert abs(embedding.distance_correlation(CLOUD, map_points)) < 0.05


def test_neighbours_and_ranks_counted_by_hand(monkeypatch):
    monkeypatch.setattr(embedding, "NEIGHBOURS", 1)
    line = np.array([[0.0], [1.0], [3.0], [7.0]])  # nearest: 1, 0, 1, 2
    swapped = np.array([[0.0], [1.0], [7.0], [3.0]])  # nearest: 1, 0, 3, 1
    assert embedding.neighbour_agreement(line, swapped) == 0.5
    # distances 1 3 7 2 6 4, then 1 7 3 6 2 4: ranks 1 3 6 2 5 4 and 1 6 3 5 2 4
    assert embedding.distance_correlation(line, swapped) == pytest.approx(1 - 6 * 36 / (6 * 35))


def test_maps_that_do_not_fit_are_refused_and_too_few_points_have_no_ten_neighbours():
    for arguments in ((CLOUD, CLOUD[:10]), (CLOUD[:, 0], CLOUD[:, 0]), (CLOUD[:2], CLOUD[:2])):
        for measure in (embedding.neighbour_agreement, embedding.distance_correlation):
            with pytest.raises(ValueError, match="expected"):
                measure(*arguments)
    with pytest.raises(ValueError, match="more than 10 vectors"):
        embedding.neighbour_agreement(CLOUD[:10], CLOUD[:10])


def test_the_sprite_holds_the_pictures_row_by_row():
    pictures = RNG.integers(0, 256, (7, 3, 2, 1), dtype=np.uint8)
    sprite = embedding.make_sprite(pictures)
    assert sprite.shape == (9, 6) and sprite.dtype == np.uint8
    np.testing.assert_array_equal(sprite[3:6, 2:4], pictures[4, :, :, 0])
    assert not sprite[6:, 2:].any()


def test_pictures_that_make_no_sprite_are_refused():
    for pictures in (np.zeros((2, 3, 3)), np.zeros((2, 3, 3, 3), np.uint8)):
        with pytest.raises(ValueError, match="expected grey pictures, uint8"):
            embedding.make_sprite(pictures)
    with pytest.raises(ValueError, match="take fewer"):
        embedding.make_sprite(np.zeros((4, 5000, 1), np.uint8))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder for the projector's files."""
    monkeypatch.setattr(embedding, "projector_dir", lambda: tmp_path / "projector")
    return tmp_path / "projector"


@pytest.fixture
def written(folder):
    """Two embeddings of six pictures, as written for TensorBoard."""
    arrays = {
        "pixels": RNG.normal(size=(6, 12)).astype(np.float32),
        "hidden_layer": RNG.normal(size=(6, 3)).astype(np.float32) * 1e-7,
    }
    pictures = RNG.integers(0, 256, (6, 4, 3), dtype=np.uint8)
    names, labels = ("coat", "ankle boot"), [1, 0, 1, 1, 0, 0]
    assert folder == embedding.write_projector(arrays, pictures=pictures, labels=labels, class_names=names)
    return folder, arrays, pictures


@pytest.fixture
def fetch(written):
    """A function that fetches a path of the projector from a TensorBoard on a free port of this machine."""
    from tensorboard import program

    board = program.TensorBoard()
    board.configure(logdir=str(written[0]), host="127.0.0.1", port=0, load_fast="false")
    address = board.launch().rstrip("/")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy for this machine

    def fetch(path):
        with opener.open(f"{address}/data/plugin/projector/{path}", timeout=20) as answer:
            return answer.read()

    return fetch


def test_tensorboard_serves_what_was_written(written, fetch):
    _, arrays, pictures = written
    runs = json.loads(fetch("runs"))
    assert len(runs) == 1
    run = f"run={quote(runs[0])}"
    entries = {entry["tensorName"]: entry for entry in json.loads(fetch(f"info?{run}"))["embeddings"]}
    assert set(entries) == set(arrays)
    for name, vectors in arrays.items():
        served = np.frombuffer(fetch(f"tensor?{run}&name={name}"), dtype=np.float32)
        np.testing.assert_array_equal(served.reshape(vectors.shape), vectors)
        lines = fetch(f"metadata?{run}&name={name}").decode("utf-8").splitlines()
        assert lines[0] == "class\tnumber" and len(lines) == 7
        assert lines[1:3] == ["ankle boot\t0", "coat\t1"]
        sprite = Image.open(io.BytesIO(fetch(f"sprite_image?{run}&name={name}")))
        np.testing.assert_array_equal(np.asarray(sprite), embedding.make_sprite(pictures))
        assert entries[name]["sprite"]["singleImageDim"] == [3, 4]  # width, height


def test_writing_again_replaces(written):
    folder, arrays, pictures = written
    once_more = {"pixels": arrays["pixels"] + 1}
    embedding.write_projector(once_more, pictures=pictures, labels=np.zeros(6, int), class_names=("bag",))
    text = (folder / "pixels.tsv").read_text(encoding="utf-8")
    np.testing.assert_allclose(np.array(text.split(), dtype=float).reshape(6, 12), arrays["pixels"] + 1)
    assert (folder / "metadata.tsv").read_text(encoding="utf-8").count("bag") == 6
    assert "hidden_layer" not in (folder / embedding.CONFIG).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "embeddings, message",
    [
        ({"a": CLOUD[:3]}, "as many vectors as pictures and labels"),
        ({}, "as many vectors as pictures and labels"),
        ({"a/b": CLOUD[:2]}, "letters, digits"),
        ({"metadata": CLOUD[:2]}, "letters, digits"),
        ({"a": CLOUD[:2], "b": CLOUD[:2, 0]}, r"vectors \(n, dimensions\), got the shape \(2,\)"),
        ({"a": CLOUD[:2], "b": [[np.nan], [1]]}, "finite vectors .* got nan"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_written(embeddings, message, folder):
    pictures = np.zeros((2, 3, 3), np.uint8)
    with pytest.raises(ValueError, match=message):
        embedding.write_projector(embeddings, pictures=pictures, labels=[0, 0], class_names=("bag",))
    assert not folder.exists()


@pytest.mark.parametrize("label", [2, -1, 0.5, "bag", np.nan])
def test_a_label_without_a_name_is_refused_before_anything_is_written(label, folder):
    with pytest.raises(ValueError, match=f"labels from 0 to 1, got {label!r}"):
        embedding.write_projector(
            {"a": CLOUD[:2]},
            pictures=np.zeros((2, 3, 3), np.uint8),
            labels=[1, label],
            class_names=("bag", "coat"),
        )
    assert not folder.exists()


@pytest.mark.parametrize("name", ["a\tb", "a\nb", "\rb"])
def test_a_class_name_that_would_break_the_table_is_refused(name, folder):
    pictures = np.zeros((2, 3, 3), np.uint8)
    with pytest.raises(ValueError, match="without tabs and line ends"):
        embedding.write_projector({"a": CLOUD[:2]}, pictures=pictures, labels=[0, 1], class_names=("b", name))
    assert not folder.exists()


def test_too_large_a_sprite_is_refused_before_anything_is_written(folder):
    pictures = np.zeros((4, 5_000, 1), np.uint8)
    with pytest.raises(ValueError, match="take fewer"):
        embedding.write_projector({"a": CLOUD[:4]}, pictures=pictures, labels=[0] * 4, class_names=("bag",))
    assert not folder.exists()


@pytest.mark.parametrize("wrong", [np.nan, np.inf, "alike"])
@pytest.mark.parametrize("measure", [embedding.neighbour_agreement, embedding.distance_correlation])
def test_vectors_that_have_no_distances_are_refused(measure, wrong):
    vectors = np.ones((20, 3)) if wrong == "alike" else np.where(CLOUD[:20] > 1, wrong, CLOUD[:20])
    with pytest.raises(ValueError, match="expected finite vectors that differ"):
        measure(vectors, CLOUD[:20, :2])


@pytest.mark.parametrize("labels", [np.eye(2)[[0, 1, 0]], np.array([[0], [1], [0]])])
def test_labels_in_columns_are_refused(labels, course):
    pictures = np.zeros((3, 4, 4), np.uint8)
    with pytest.raises(ValueError, match="expected labels from 0 to 1, got"):
        embedding.write_projector({"a": CLOUD[:3]}, pictures=pictures, labels=labels, class_names=["x", "y"])
