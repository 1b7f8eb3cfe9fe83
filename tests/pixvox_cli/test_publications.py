import re

import pytest

from pixvox.datasets import fashion_mnist
from pixvox.datasets.registry import DATASETS
from pixvox_cli.publications import PUBLICATIONS, look_up

UNCHECKED = ("age-gap-faces", "mobilenet")  # nobody publishes a checksum of these


def test_each_data_set_of_the_registry_has_an_entry_and_in_its_order():
    assert [*PUBLICATIONS] == [*DATASETS]
    with pytest.raises(ValueError, match=r"\(mnist, fashion-mnist.*\), got 'mnits'"):
        look_up("mnits")


@pytest.mark.parametrize("name", DATASETS)
def test_each_entry_is_complete(name):
    entry, registered = look_up(name), DATASETS[name]
    assert entry.title and entry.licence and entry.source
    if entry.originals:
        assert dict.fromkeys(entry.originals) == entry.files
    elif registered.drawn_only:
        assert registered.sketch and set(entry.files.values()) == {None}
    for remote in filter(None, (*entry.files.values(), *entry.originals.values())):
        assert re.fullmatch(r"https?://\S+", remote.url)
        assert name in UNCHECKED or re.fullmatch(r"sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}", remote.checksum)
        assert remote.size > 0


def test_the_loader_of_clothes_reads_the_published_files():
    assert set(look_up("fashion-mnist").files) == set(fashion_mnist.FILES.values())
