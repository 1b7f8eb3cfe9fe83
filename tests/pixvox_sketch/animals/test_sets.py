import numpy as np
import pytest
from PIL import Image

from pixvox.datasets import store
from pixvox_cli import main as cli
from pixvox_sketch.animals.cats_dogs import KINDS
from pixvox_sketch.animals.sets import SAMPLE_SEED, draw_animals, draw_numbered, write_animals


def check_kept(folder, index, drawn):
    """Compare the files of a picture with what is drawn; other systems may round differently."""
    name = f"{KINDS[index % 2]}.{index // 2}"
    with Image.open(folder / "train" / f"{name}.jpg") as kept:
        assert kept.size == drawn[0].shape[1::-1]
        assert np.abs(np.asarray(kept).astype(int) - drawn[0]).mean() < 4
    mask = folder / "masks" / f"{name}.png"
    if mask.is_file():
        with Image.open(mask) as kept:
            assert (np.asarray(kept) != drawn[1]).mean() < 0.002


def test_cats_and_dogs_take_turns_and_their_files_are_measured():
    drawn = draw_animals(2, seed=4)
    assert drawn.labels.tolist() == [0, 1, 0, 1] and drawn.parts.shape == (4, 64, 64)
    assert drawn.parts.dtype == np.uint8 and (drawn.jpeg_bytes > 1000).all()


def test_files_hold_what_is_drawn_and_the_last_quarter_has_masks(tmp_path):
    folder = write_animals(tmp_path / "here", seed=3, count=4, size=60)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    pictures = {f"train/{kind}.{number}.jpg" for kind in KINDS for number in range(4)}
    assert files == pictures | {"masks/cat.3.png", "masks/dog.3.png"}
    drawn = draw_numbered(7, seed=3, side=60)
    assert (folder / "train" / "dog.3.jpg").stat().st_size == drawn[2]
    check_kept(folder, 7, drawn)


def test_other_pictures_are_not_mixed_with_the_drawn_ones(tmp_path):
    write_animals(tmp_path, seed=3, count=2, size=48)
    write_animals(tmp_path, seed=4, count=2, size=48)  # replaces them
    with pytest.raises(ValueError, match="--out DIR"):
        write_animals(tmp_path, seed=3, count=1, size=48)


@pytest.mark.parametrize("index", [1, 640, 797])
def test_the_committed_sample_is_what_the_code_draws(index):
    check_kept(store.data_dir("sample") / "dogs-vs-cats", index, draw_numbered(index, seed=SAMPLE_SEED))


def test_the_command_draws_files_and_sheets(tmp_path):
    words = f"sketch animals --seed 7 --count 1 --size 48 --out {tmp_path.as_posix()}"
    assert cli.main(words.split()) == 0 and (tmp_path / "train" / "dog.0.jpg").is_file()
    assert cli.main([*words.split(), "--sheet"]) == 0 and (tmp_path / "animals-sheet.png").is_file()
