"""Lesson 07's numbers: in its cells, in its networks and in its studies."""

import ast

import pytest
from support.lesson_cells import assigned, code_of

from pixvox.datasets import store
from pixvox.explain import trials as explain_nets
from pixvox.models import pets as models_pets
from pixvox_sketch.animals import sets as animal_sets
from pixvox_studies.seeing import heatmaps as study_explain

NAME = "07_seeing_what_convnets_see"


@pytest.fixture(scope="module")
def text():
    return ast.unparse(code_of(NAME))


def test_sizes_counts_and_epochs_are_those_of_the_studies():
    sizes = assigned(NAME, "image_size", BETTER_SIZE=models_pets.BETTER_SIZE)
    assert sizes == {"sample": study_explain.SIZE, "full": models_pets.BETTER_SIZE}
    assert assigned(NAME, "epochs") == explain_nets.EPOCHS
    assert assigned(NAME, "planted_epochs") == explain_nets.PLANTED_EPOCHS
    assert assigned(NAME, "batch_size") == explain_nets.BATCH_SIZE
    per_class = assigned(NAME, "per_class")
    assert per_class["sample"][0] == study_explain.FIT
    assert sum(per_class["sample"]) == animal_sets.SAMPLE_COUNT


def test_the_recipe_is_that_of_the_studies(text):
    assert f"peak={explain_nets.PEAK_RATE}" in text or "peak=0.006" in text
    assert explain_nets.PEAK_RATE == 0.006
    assert f"weight_decay={explain_nets.DECAY}" in text
    assert f"label_smoothing={explain_nets.SMOOTHING}" in text


def test_the_mark_is_looked_for_where_it_is_planted(text):
    top, left, side = explain_nets.MARK
    assert f"on_mark[:, {top}:{top + side}, {left}:{left + side}] = True" in text
    assert f"image_size[0] - {top + side}" in text  # the opposite corner, as far from the border


def test_the_baselines_blobs_are_as_many_as_the_places_of_the_last_maps():
    network = models_pets.build_pets_better(image_size=study_explain.SIZE)
    rows, columns = network.get_layer("relu7").output.shape[1:3]
    assert rows == columns == study_explain.heat_baselines.BLOBS
    assert network.get_layer("dog").activation.__name__ == "sigmoid" and network.layers[-1].name == "dog"
    relu2 = network.get_layer("relu2").output.shape[1:3]
    assert relu2 == (16, 16)  # as the lesson says of the finer Grad-CAM


def test_drawings_are_not_the_samples_own():
    seeds = {study_explain.FIT_SEED + seed for seed in range(5)} | {study_explain.TEST_SEED}
    assert len(seeds) == 6 and animal_sets.SAMPLE_SEED not in seeds


def test_every_claim_of_the_lesson_is_judged(text):
    from pixvox_evidence import claims

    for claim_id in claims.load_claims(NAME):
        assert f"lesson.claim('{claim_id}'" in text
    assert (store.ROOT / "notebooks" / "solutions" / f"{NAME}.ipynb").is_file()


def test_test_pictures_are_used_after_the_heading_test_only():
    import json

    path = store.ROOT / "notebooks" / f"{NAME}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    heading = next(place for place, source in enumerate(sources) if "\n## Test\n" in f"\n{source}")
    before = [source for source in sources[:heading] if "x_test" in source]
    assert len(before) == 1 and "load_dogs_vs_cats" in before[0]
