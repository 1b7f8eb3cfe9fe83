"""One trial of each fault with the parts that take a second or two; `python -m unbroken` does all."""

import pytest
from unbroken.faults import FAULTS, SYSTEM, can_have, try_alone

QUICK = [("fetch", fault) for fault in FAULTS]
QUICK += [(part, fault) for part in ("make", "cache") for fault in FAULTS if fault != "no network"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("unbroken")


@pytest.mark.parametrize(("part", "fault"), [*QUICK, ("study", "SIGKILL"), ("run", "SIGKILL")])
def test_a_part_survives(part, fault, folder):
    if not can_have(SYSTEM.get(fault, "")):
        pytest.skip("may not make name spaces here")
    assert not try_alone(part, fault, 0, folder)
