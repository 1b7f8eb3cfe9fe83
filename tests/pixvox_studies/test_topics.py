"""The lists of the topics, against what can be imported."""

import importlib
import json

import pytest

from pixvox_studies import faces
from pixvox_studies.frame import STUDIES

KNOWN = {  # what a study varies, and where its module says what it knows
    "counts": ("counts.quantities", "QUANTITIES"),
    "clothes_baselines": ("fashion.baselines", "MODELS"),
    "clothes_neighbours": ("embeddings.neighbours", "SPACES"),
    "leaky_costs": ("fashion.costs", "RECIPES"),
    "leaky_labels": ("fashion.memory", "LABELS"),
    "fashion_borrowed": ("four_models.borrowed", "WAYS"),
    "fashion_parts": ("four_models.better", "CHANGES"),
    "leaky_recipes": ("fashion.recipes", "RECIPES"),
    "leaky_units": ("fashion.units", "SLOPES"),
    "heatmap_scores": ("seeing.heatmaps", "METHODS"),
    "imagenet_heatmaps": ("seeing.heatmaps", "METHODS"),
    "mnist_activation_costs": ("mnist.gradients", "SLOPES"),
    "mnist_gradients": ("mnist.gradients", "FUNCTIONS"),
    "transfer_costs": ("transfer.costs", "ROUTES"),
    "transfer_routes": ("transfer.routes", "ROUTES"),
    "voxel_baselines": ("voxels.baselines", "PUBLISHED"),
    "voxel_colour": ("voxels.fair", "COLOURS"),
    "voxel_look_up": ("voxels.colours", "WAYS"),
    "voxel_todo": ("voxels.fair", "CHANGES"),
}


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_has_a_function_that_measures_it(name):
    study = STUDIES[name]
    module, _, function = study.run.partition(":")
    assert callable(getattr(importlib.import_module(module), function))
    points = [json.dumps([setting, seed]) for setting in study.settings for seed in study.seeds]
    assert points and len(set(points)) == len(points)


@pytest.mark.parametrize("name", KNOWN)
def test_a_study_measures_all_that_its_module_knows(name):
    module, names = KNOWN[name]
    known = getattr(importlib.import_module(f"pixvox_studies.{module}"), names)
    assert {next(iter(setting.values())) for setting in STUDIES[name].settings} == set(known)


def test_all_variants_of_the_faces_are_measured_and_ours():
    from pixvox_studies.faces.networks import OURS, VARIANTS

    settings = faces.STUDIES["face_variants"].settings
    assert [setting["variant"] for setting in settings] == [*VARIANTS, OURS]


def test_voxels_are_given_to_known_networks_and_all_that_is_compared_has_its_cost():
    from pixvox_studies.voxels import axes, better, costs

    names = ("voxel_rates", "voxel_axes", "voxel_control", "voxel_points", "voxel_solids", "voxel_hands")
    settings = [setting for name in names for setting in STUDIES[name].settings]
    assert {setting["network"] for setting in settings} == set(axes.NETWORKS)
    assert {setting["axes"] for setting in settings} == set(axes.AXES)
    trained = [one["recipe"] for name in ("voxel_better", "voxel_deeper") for one in STUDIES[name].settings]
    assert trained == [*better.RECIPES]
    asked = [one["recipe"] for name in ("voxel_cost", "voxel_arm_costs") for one in STUDIES[name].settings]
    assert {*asked} == {*costs.POSTED, *better.RECIPES, *axes.NAMED} - {"flat, scaled only"}


def test_what_is_hot_is_removed_by_known_methods():
    from pixvox_studies.seeing.heatmaps import METHODS, RIVALS, SEEDS

    study = STUDIES["heatmap_transfer"]
    asked = {setting["method"] for setting in study.settings}
    assert asked < set(METHODS) and asked & set(RIVALS) and asked - set(RIVALS)
    assert study.seeds == tuple(range(SEEDS))  # the last is compared with the first


def test_drawings_are_shared_on_purpose_only():
    """Pictures to judge on are nobody's to train on, and never those of the sample."""
    from pixvox_sketch.animals import sets as animal_sets
    from pixvox_sketch.clothes import sets as clothes_sets
    from pixvox_sketch.faces import sets as face_sets
    from pixvox_studies.drawings import animals as drawn_animals
    from pixvox_studies.drawings import clothes as drawn_clothes
    from pixvox_studies.drawings import faces as drawn_faces
    from pixvox_studies.faces import people as others
    from pixvox_studies.faces import variants
    from pixvox_studies.fashion import pictures
    from pixvox_studies.four_models import networks
    from pixvox_studies.pets import recipes as pets_recipes
    from pixvox_studies.seeing import networks as seeing

    animals = [(one.FRESH, one.FRESH_TEST) for one in (drawn_animals, pets_recipes)]
    animals.append((seeing.FIT_SEED, seeing.TEST_SEED))
    clothes = [(one.FRESH, one.FRESH_TEST) for one in (drawn_clothes, networks)]
    clothes += [(first, pictures.FRESH_SEED) for first in (pictures.FIRST_SEED, pictures.MORE_SEED)]
    people = [(drawn_faces.FRESH, drawn_faces.FRESH_TEST), (variants.KNOWN_SEED, variants.FRESH_SEED)]
    people.append((variants.STRANGERS_SEED, variants.FRESH_SEED))
    people += [(others.RATES_SEED, others.CHOOSING_SEED), (others.LUCK_SEED, others.GROUPS_SEED)]
    for sets, pairs in ((animal_sets, animals), (clothes_sets, clothes), (face_sets, people)):
        training = {first + seed for first, _ in pairs for seed in range(50)}
        judging = {last for _, last in pairs}
        assert not training & judging and sets.SAMPLE_SEED not in training | judging
    assert len({first for first, _ in animals}) == len(animals)
    assert len({first for first, _ in people}) == len(people)


def test_an_unknown_name_is_refused_and_not_measured_as_the_other_arm():
    from pixvox_studies.transfer import routes
    from pixvox_studies.voxels import fair, posted

    for measure in (
        lambda: fair.measure_todo({"change": "more"}, 0, None),
        lambda: fair.draw_validation(10, 0, pairs="mixed"),
        lambda: fair.measure_colour({"colour": "red"}, 0, None),
        lambda: posted.split_rows(10, network="4D"),
        lambda: routes.measure_route({"route": "features twice"}, 0, None),
    ):
        with pytest.raises(ValueError, match="expected one of"):
            measure()
