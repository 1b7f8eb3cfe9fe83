import h5py
import numpy as np
import pytest
from support import mobilenets
from support.published_vgg import build_small_vgg, weights, write_legacy, write_new

from pixvox.datasets import imagenet as vgg
from pixvox_cli.arranging import arrange_weights

TOTAL = sum(kernel.size + bias.size for kernel, bias in weights().values())
DETAIL = f"13 convolutional layers, {TOTAL:,} weights"


@pytest.fixture(autouse=True)
def elsewhere(course, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(vgg, "build", build_small_vgg)


def arrange_vgg(source, made, work):
    taken = arrange_weights("vgg16", [made.name], source, target=made.parent, work=work)
    assert taken == [made.name]


@pytest.fixture
def made(tmp_path):
    return tmp_path / "made" / "vgg16_notop.weights.h5"


def test_published_weights_become_those_of_today(tmp_path, made):
    source = write_legacy(tmp_path / "published.h5")
    before = source.read_bytes()
    arrange_vgg(source, made, tmp_path)
    assert vgg.check_file(made) == DETAIL and source.read_bytes() == before
    model = build_small_vgg()
    model.load_weights(made)
    for name, arrays in weights().items():
        for came, expected in zip(model.get_layer(name).get_weights(), arrays, strict=True):
            np.testing.assert_array_equal(came, expected)


def test_weights_of_today_are_taken_as_they_are(tmp_path, made, monkeypatch):
    monkeypatch.setattr(vgg, "build", None)
    source = write_new(tmp_path / "mine.h5")
    arrange_vgg(source, made, tmp_path)
    assert made.read_bytes() == source.read_bytes() and vgg.check_file(made) == DETAIL


def test_a_folder_with_either_file_will_do(tmp_path, made):
    name = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
    (tmp_path / "mine").mkdir()
    with pytest.raises(ValueError, match=f"vgg16_notop.weights.h5 or {name}"):
        arrange_vgg(tmp_path / "mine", made, tmp_path)
    write_legacy(tmp_path / "mine" / name)
    arrange_vgg(tmp_path / "mine", made, tmp_path)
    assert vgg.check_file(made) == DETAIL


def test_an_older_format_under_the_new_name_is_told(tmp_path):
    with pytest.raises(ValueError, match="older format"):
        vgg.check_file(write_legacy(tmp_path / "vgg16_notop.weights.h5"))


def link(name):
    def change(file):
        del file[name]
        file[name] = h5py.ExternalLink("other.h5", "/x")

    return change


def not_a_number(file):
    file["layers/conv2d_1/vars/0"][0, 0, 0, 0] = np.nan


def instead(shape, dtype="f4"):
    def change(file):
        del file["layers/conv2d_1/vars/0"]
        file.create_dataset("layers/conv2d_1/vars/0", shape, dtype)

    return change


WRONG = {
    "link": link("layers/conv2d_1/vars/0"),
    "link to a group": link("layers/conv2d_1"),
    "layer missing": lambda file: file.pop("layers/conv2d_12"),
    "another array": lambda file: file.create_dataset("layers/more", (2, 2)),
    "bias missing": lambda file: file.pop("layers/conv2d/vars/1"),
    "5x5": instead((5, 5, 2, 2)),
    "widths do not fit": instead((3, 3, 2, 5)),
    "whole numbers": instead((3, 3, 2, 2), "i4"),
    "not a number": not_a_number,
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_wrong_weights_are_refused(tmp_path, made, change):
    source = write_new(tmp_path / "vgg16_notop.weights.h5")
    with h5py.File(source, "r+") as file:
        change(file)
    with pytest.raises(ValueError, match="vgg16_notop.weights.h5: expected"):
        vgg.check_file(source)
    with pytest.raises(ValueError, match="vgg16_notop.weights.h5: expected"):
        arrange_vgg(source, made, tmp_path)
    assert not made.exists()


def test_more_weights_than_there_can_be_are_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(vgg, "MOST_WEIGHTS", TOTAL - 1)
    with pytest.raises(ValueError, match=f"{TOTAL:,} weights"):
        vgg.check_file(write_new(tmp_path / "vgg16_notop.weights.h5"))


def test_vgg16_is_not_vgg19_and_junk_is_neither(tmp_path):
    (tmp_path / "vgg16.h5").write_bytes(b"junk")
    for path in (write_new(tmp_path / "vgg19_notop.weights.h5"), tmp_path / "vgg16.h5"):
        with pytest.raises(ValueError, match=f"{path.name}: expected"):
            vgg.check_file(path)


def test_weights_that_the_network_refuses_are_told(tmp_path, made):
    source = write_legacy(tmp_path / "published.h5")
    with h5py.File(source, "r+") as file:
        file.attrs["layer_names"] = file.attrs["layer_names"][::-1]
    with pytest.raises(ValueError, match="published.h5: expected.*vgg16") as caught:
        arrange_vgg(source, made, tmp_path)
    assert "legacy.h5" not in str(caught.value)


@pytest.mark.parametrize("kind", ["model.keras", "model.h5"])
def test_a_model_in_the_place_of_weights_is_refused_and_nothing_in_it_is_executed(
    tmp_path, made, monkeypatch, kind
):
    import keras

    marker = tmp_path / "marker"
    monkeypatch.setenv("MARKER", str(marker))
    layer = keras.layers.Lambda(lambda x: (__import__("os").mkdir(__import__("os").environ["MARKER"]), x)[1])
    model = keras.Sequential([keras.Input((2,)), layer, keras.layers.Dense(1)])
    model.save(tmp_path / kind)
    marker.rmdir()
    source = (tmp_path / kind).rename(tmp_path / "vgg16_notop.weights.h5")
    with pytest.raises(ValueError, match="vgg16_notop.weights.h5: expected"):
        vgg.check_file(source)
    with pytest.raises(ValueError, match="vgg16_notop.weights.h5: expected"):
        arrange_vgg(source, made, tmp_path)
    assert not marker.exists() and not made.exists()


def test_a_model_s_description_beside_right_weights_is_not_looked_at(tmp_path):
    source = write_new(tmp_path / "vgg16_notop.weights.h5")
    with h5py.File(source, "r+") as file:
        file.attrs["model_config"] = '{"class_name": "Shell", "module": "subprocess", "config": {"args": 1}}'
    assert vgg.check_file(source) == DETAIL
    build_small_vgg().load_weights(source)


# MobileNet


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Return a folder with both MobileNets, their weights random, in today's format."""
    folder = tmp_path_factory.mktemp("imagenet")
    mobilenets.cut(mobilenets.build(vgg.MOBILENET)).save_weights(folder / vgg.MOBILENET)
    mobilenets.build(vgg.CLASSIFIER).save_weights(folder / vgg.CLASSIFIER)
    return folder


def test_both_mobilenets_are_recognised(saved):
    assert vgg.check_file(saved / vgg.MOBILENET) == "25 convolutional layers, 2,162,880 weights"
    assert vgg.check_file(saved / vgg.CLASSIFIER) == "28 convolutional layers, 475,544 weights"


def replaced(name, shape, dtype="f4"):
    def change(file):
        del file[name]
        file.create_dataset(name, shape, dtype)

    return change


def swapped(one, other):
    def change(file):
        file.move(one, "kept")
        file.move(other, one)
        file.move("kept", other)

    return change


def infinite(file):
    file["layers/batch_normalization_3/vars/3"][0] = np.inf


WRONG_MOBILENETS = {
    "normalisation missing": lambda file: file.pop("layers/batch_normalization_24"),
    "one of its arrays missing": lambda file: file.pop("layers/batch_normalization/vars/2"),
    "convolution missing": lambda file: file.pop("layers/conv2d_7"),
    "another array": lambda file: file.create_dataset("layers/more", (2, 2)),
    "another vector": lambda file: file.create_dataset("layers/more", (32,)),
    "link": link("layers/conv2d_1/vars/0"),
    "depthwise of another depth": replaced("layers/depthwise_conv2d_2/vars/0", (3, 3, 64, 1)),
    "3x3": replaced("layers/conv2d_3/vars/0", (3, 3, 128, 128)),
    "normalisation of another width": replaced("layers/batch_normalization/vars/0", (64,)),
    "order": swapped("layers/conv2d_3/vars/0", "layers/conv2d_4/vars/0"),
    "whole numbers": replaced("layers/conv2d/vars/0", (3, 3, 3, 32), "i4"),
    "infinite": infinite,
}


@pytest.mark.parametrize("change", WRONG_MOBILENETS.values(), ids=WRONG_MOBILENETS)
def test_other_arrays_than_mobilenets_are_refused(saved, tmp_path, change):
    copy = tmp_path / vgg.MOBILENET
    copy.write_bytes((saved / vgg.MOBILENET).read_bytes())
    with h5py.File(copy, "r+") as file:
        change(file)
    with pytest.raises(ValueError, match=f"{copy.name}: expected"):
        vgg.check_file(copy)


def test_networks_under_one_anothers_names_are_refused(saved, tmp_path):
    files = {
        "vgg16_notop.weights.h5": write_new(tmp_path / "small.h5"),
        vgg.MOBILENET: saved / vgg.MOBILENET,
        vgg.CLASSIFIER: saved / vgg.CLASSIFIER,
    }
    for name in files:
        for path in (path for other, path in files.items() if other != name):
            (tmp_path / name).write_bytes(path.read_bytes())
            with pytest.raises(ValueError, match=r"expected the \d\d convolutional layers of .*, got"):
                vgg.check_file(tmp_path / name)


def test_the_whole_mobilenet_is_not_taken_for_its_beginning(tmp_path):
    mobilenets.build(vgg.MOBILENET).save_weights(tmp_path / vgg.MOBILENET)
    with pytest.raises(ValueError, match="expected the 25 .*, got 27 .* 3,228,864 weights"):
        vgg.check_file(tmp_path / vgg.MOBILENET)
