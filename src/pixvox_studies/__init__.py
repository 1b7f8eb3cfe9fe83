"""Studies: long experiments over settings and seeds, a folder a topic, whose tables are committed.

A topic's `__init__` lists its `STUDIES`; the functions that measure them are beside it. `common` has
what several topics do; `features` keeps what a pretrained base makes of pictures. `frame` lists and runs
studies, row by row (`row`); `resuming` lets a training go on at its last epoch after a kill; `verifying`
compares a row that was measured again with the committed one.

It imports `pixvox_sketch` and `pixvox`; `pixvox_evidence` and `pixvox_cli` may import it, lessons do not.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Study(NamedTuple):
    """A long experiment.

    Attributes:
        title: what is compared, in a line.
        settings: dicts of numbers, texts and truth values; each is measured with every seed.
        seeds: whole numbers.
        run: a function of (setting, seed, work_dir) that returns a dict of measured numbers or lists of
            numbers, and under "test_right" which test pictures are right, as `pixvox.compare.pack_answers`
            writes it; or its address, "module:function", imported before the first row is measured. Import
            Keras at the top of that module: then no row pays for it. `work_dir` is for `resume_callbacks`.
        cost: whether it measures what training costs; then its rows are measured one at a time.
        drawn_only: whether it has no full profile: it needs to know what is known of drawings alone, or its
            rows do not depend on the pictures.
        full_seeds: those of the full profile, where photographs cost too much for all of them.
    """

    title: str
    settings: list[dict]
    seeds: tuple[int, ...]
    run: Callable[[dict, int, Path], dict] | str
    cost: bool = False
    drawn_only: bool = False
    full_seeds: tuple[int, ...] | None = None

    def seeds_of(self, profile: str) -> tuple[int, ...]:
        """Return the seeds of a profile."""
        return self.full_seeds if profile == "full" and self.full_seeds else self.seeds
