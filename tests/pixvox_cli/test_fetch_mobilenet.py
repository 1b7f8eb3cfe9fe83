"""MobileNet's weights: published in an older format, without checksums, in two files."""

from contextlib import contextmanager
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from support import mobilenets
from support.local_server import Answer, serve
from support.picture_trees import everything
from support.published import publish_nothing

from pixvox.datasets import imagenet
from pixvox_cli import doctor, fetch
from pixvox_cli.publications import PUBLICATIONS

BASE, CLASSIFIER = "mobilenet_1_0_224_tf_no_top.h5", "mobilenet_2_5_224_tf.h5"
OURS = {BASE: imagenet.MOBILENET, CLASSIFIER: imagenet.CLASSIFIER}
MADE = sorted(f"imagenet/{name}" for name in OURS.values())
UNCOMPARED = "no checksum is published to compare a download with"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a folder with the two files as Keras publishes them, and the networks that are in them."""
    folder = tmp_path_factory.mktemp("published")
    networks = {name: mobilenets.build(name, seed) for seed, name in enumerate(OURS)}
    for name, network in networks.items():
        mobilenets.write_legacy(folder / name, network)
    return SimpleNamespace(
        folder=folder, networks=networks, contents={name: (folder / name).read_bytes() for name in OURS}
    )


@pytest.fixture(scope="module")
def converted(published, tmp_path_factory):
    """Return a folder laid out as ours, with the weights in today's format."""
    folder = tmp_path_factory.mktemp("mirror") / "imagenet"
    folder.mkdir()
    mobilenets.cut(published.networks[BASE]).save_weights(folder / OURS[BASE])
    published.networks[CLASSIFIER].save_weights(folder / OURS[CLASSIFIER])
    return folder


@pytest.fixture(autouse=True)
def data(course, monkeypatch):
    """Return the full profile's empty folder; no proxies, no waiting, nobody publishes anything."""
    monkeypatch.setenv("PIXVOX_DATA", str(course / "full"))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr("pooch.core.time", SimpleNamespace(sleep=lambda seconds: None))
    publish_nothing(monkeypatch)
    return course / "full"


@contextmanager
def publish(contents):
    """Publish files, or answers, at a local address, without checksums; give the paths asked for."""
    entry = PUBLICATIONS["mobilenet"]
    answers = {
        f"/{name}": content if isinstance(content, list) else [Answer(content)]
        for name, content in contents.items()
    }
    with serve(answers) as (address, asked):
        originals = {
            OURS[name]: entry.originals[OURS[name]]._replace(url=f"{address}/{name}") for name in OURS
        }
        PUBLICATIONS["mobilenet"] = entry._replace(originals=originals)
        try:
            yield asked
        finally:
            PUBLICATIONS["mobilenet"] = entry


def check_features(published, monkeypatch):
    """Check that what is loaded from the full profile computes what the published networks do."""
    monkeypatch.setenv("PIXVOX_PROFILE", "full")
    pictures = np.random.default_rng(3).uniform(-1, 1, (2, 224, 224, 3)).astype(np.float32)
    loaded = imagenet.load_conv_base("mobilenet", (224, 224)), imagenet.load_classifier()
    before = mobilenets.cut(published.networks[BASE]), published.networks[CLASSIFIER]
    for mine, theirs in zip(loaded, before, strict=True):
        expected = keras.ops.convert_to_numpy(theirs(pictures, training=False))
        np.testing.assert_allclose(mine.model(pictures, training=False), expected, rtol=1e-5, atol=1e-6)
        assert expected.std() > 0


def test_both_files_are_downloaded_once_cut_and_saved_in_todays_format(data, published, monkeypatch, capsys):
    with publish(published.contents) as asked:
        fetch.fetch(["mobilenet"])
        fetch.fetch(["mobilenet"])
    assert asked == [f"/{BASE}", f"/{CLASSIFIER}"] and everything(data) == MADE
    out = capsys.readouterr().out
    assert "Apache 2.0" in out and "1704.04861" in out and "19.3 MB" in out
    assert out.count(UNCOMPARED) == 4 and "the published one" not in out
    check_features(published, monkeypatch)
    finding = doctor.look_at_data("mobilenet", "full")
    assert finding.state == "good" and UNCOMPARED in finding.detail
    assert "2,162,880 weights" in finding.detail and "475,544 weights" in finding.detail


def test_what_no_list_of_layers_names_is_left_out(data, published, tmp_path):
    mobilenets.write_legacy(tmp_path / BASE, published.networks[BASE], orphan=True)
    with publish(published.contents | {BASE: (tmp_path / BASE).read_bytes()}):
        fetch.fetch(["mobilenet"])
    assert doctor.status("mobilenet", "full").state == "there"


@pytest.mark.parametrize("broken", [{"length": None}, {"status": 503}])
def test_a_download_that_breaks_off_is_tried_again(data, published, broken):
    whole = published.contents[BASE]
    bad = Answer(whole[:90_000], length=len(whole)) if "length" in broken else Answer(**broken)
    with publish(published.contents | {BASE: [bad, bad, Answer(whole)]}) as asked:
        fetch.fetch(["mobilenet"])
    assert len(asked) == 4 and everything(data) == MADE


def broken(content):
    """Return contents of the base's file that are none, by what is wrong."""
    return {
        "broken off": [Answer(content[:90_000], length=len(content))],
        "broken off, no length": [Answer(content[:-90_000], length=-1)],
        "gone": [Answer(status=404)],
        "a page": [Answer(b"<html>sign in</html>")],
    }


@pytest.mark.parametrize("kind", broken(b""))
def test_nothing_is_kept_of_what_is_not_the_file(data, published, kind):
    with publish(published.contents | {BASE: broken(published.contents[BASE])[kind]}):
        with pytest.raises(
            (OSError, ValueError), match="expected the published file.*`pixvox fetch mobilenet --mirror"
        ):
            fetch.fetch(["mobilenet"])
    assert everything(data) == []
    assert doctor.look_at_data("mobilenet", "full")[1::2] == ("note", "pixvox fetch mobilenet")


def test_another_network_is_refused(data, published):
    swapped = {BASE: published.contents[CLASSIFIER], CLASSIFIER: published.contents[BASE]}
    with publish(swapped), pytest.raises(ValueError, match="expected the 25 conv.*`pixvox fetch mobilenet`"):
        fetch.fetch(["mobilenet"])
    with publish(published.contents | {CLASSIFIER: published.contents[BASE]}):
        with pytest.raises(ValueError, match="expected the 28 conv.*got 27.*`pixvox fetch mobilenet`"):
            fetch.fetch(["mobilenet"])
    assert everything(data) == [f"imagenet/{OURS[BASE]}"]
    assert doctor.status("mobilenet", "full").state == "missing"


@pytest.mark.parametrize("web", [False, True])
@pytest.mark.parametrize("legacy", [False, True])
def test_a_mirror_is_asked_first(data, published, converted, monkeypatch, capsys, tmp_path, web, legacy):
    mirror = converted.parent
    if legacy:
        mirror = tmp_path / "mirror"
        mirror.mkdir()
        (mirror / "imagenet").symlink_to(published.folder)
    files = {f"/imagenet/{path.name}": Answer(path.read_bytes()) for path in (mirror / "imagenet").iterdir()}
    with publish(published.contents) as asked, serve(files) as (address, _):
        fetch.fetch(["mobilenet"], mirror=address if web else mirror)
    assert asked == [] and everything(data) == MADE and UNCOMPARED in capsys.readouterr().out
    check_features(published, monkeypatch)
    if not legacy:
        for path in converted.iterdir():
            assert (data / "imagenet" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("kind", ["published", "ours", "one file"])
def test_from_takes_a_folder_or_one_of_the_files(data, published, converted, monkeypatch, kind):
    source = converted if kind == "ours" else published.folder
    with publish(published.contents) as asked:
        fetch.fetch(["mobilenet"], archive=source / CLASSIFIER if kind == "one file" else source)
    assert asked == ([f"/{BASE}"] if kind == "one file" else []) and everything(data) == MADE
    check_features(published, monkeypatch)


def test_from_refuses_what_has_neither_file_and_names_both(data, published, tmp_path):
    (tmp_path / "mine").mkdir()
    renamed = tmp_path / "mine" / "weights.h5"
    renamed.write_bytes(published.contents[BASE])
    for source in (renamed, renamed.parent):
        with pytest.raises(ValueError, match=f"{BASE}.*{CLASSIFIER}.*`pixvox fetch mobilenet --from FILE`"):
            fetch.fetch(["mobilenet"], archive=source)
    assert everything(data) == []


def test_from_takes_both_or_none_when_one_is_wrong(data, published, tmp_path):
    for name in OURS:
        (tmp_path / name).write_bytes(published.contents[CLASSIFIER])
    with pytest.raises(ValueError, match="expected the 25 conv"):
        fetch.fetch(["mobilenet"], archive=tmp_path)
    assert everything(data) == []


def test_right_files_stay_and_wrong_ones_are_replaced(data, published, converted, capsys):
    (data / "imagenet").mkdir(parents=True)
    right = data / "imagenet" / OURS[CLASSIFIER]
    right.write_bytes((converted / right.name).read_bytes())
    (data / "imagenet" / OURS[BASE]).write_bytes((converted / right.name).read_bytes())
    assert doctor.look_at_data("mobilenet", "full").remedy == "pixvox fetch mobilenet"
    before = right.stat().st_mtime_ns
    with publish(published.contents) as asked:
        fetch.fetch(["mobilenet"])
    assert asked == [f"/{BASE}"] and right.stat().st_mtime_ns == before
    assert doctor.status("mobilenet", "full").state == "there"


def test_published_files_put_there_by_hand_are_converted(data, published, monkeypatch):
    (data / "imagenet").mkdir(parents=True)
    (data / "imagenet" / BASE).write_bytes(published.contents[BASE])
    (data / "imagenet" / OURS[CLASSIFIER]).write_bytes(published.contents[CLASSIFIER])
    fetch.fetch(["mobilenet"])
    check_features(published, monkeypatch)
