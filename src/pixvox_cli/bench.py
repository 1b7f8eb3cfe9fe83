"""Does `pixvox bench`: times our ways of doing things against others, and writes the ratios."""

import functools
import json
import shutil
import time
from datetime import UTC, datetime

from pixvox import backend, provenance
from pixvox.datasets import store
from pixvox.datasets.files import replace_file
from pixvox.tables import display_path, plain
from pixvox_cli import places
from pixvox_cli.console import make_console
from pixvox_studies import frame


def bench(*, keep: bool) -> int:
    """Time every measure and train every pair of recipes, on the sample; return 0.

    It writes build/sample/bench.json: versions, commit, device, date, seconds (of it all); measures, rows as
    `rounds.take_turns` returns them beside the names of both arms; marks, as `marks.summarise` does, beside
    those of the recipes.

    Args:
        keep: copy the file to data/results.

    Raises:
        OSError: if the folders cannot be written.
        ValueError: if two arms do not compute the same.
    """
    begin, console, command = time.perf_counter(), make_console(), "pixvox bench" + " --keep" * keep
    path, kept = store.build_dir("sample") / "bench.json", store.ROOT / "data" / "results" / "bench.json"
    places.check_build(path.parent, command)
    if keep:
        places.check_kept([kept.parent])
    tell = functools.partial(console.print, soft_wrap=True)
    with frame.environment("sample", 1):
        backend.load_quietly(one_thread=True)
        measures, marks = time_measures(tell), train_to_marks(tell)
    head = {name: getattr(provenance, name)() for name in ("versions", "commit", "device")}
    head |= {"date": datetime.now(UTC).date().isoformat(), "seconds": round(time.perf_counter() - begin)}
    with replace_file(path) as temporary:
        text = json.dumps({**head, "measures": measures, "marks": marks}, indent=1, allow_nan=False)
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
    if keep:
        with replace_file(kept) as temporary:
            shutil.copyfile(path, temporary)
    console.print(f"{head['seconds']} s, in {display_path(kept if keep else path)}")
    return 0


def time_measures(tell) -> list[dict]:
    """Time the two arms of each of `measures.MEASURES`; tell a line of each; return their rows."""
    from pixvox_studies.bench.measures import MEASURES
    from pixvox_studies.bench.rounds import take_turns

    rows = []
    for measure in MEASURES:
        names = {name: getattr(measure, name) for name in ("group", "what", "ours", "rival")}
        timed = take_turns(*measure.arms(), repeats=measure.repeats)
        rows.append(names | {name: plain(value) for name, value in timed.items()})
        tell(f"{measure.what}: {measure.ours} against {measure.rival}: {timed['ratio']:.2g}")
    return rows


def train_to_marks(tell) -> list[dict]:
    """Train each pair of `marks.RECIPES` with its seeds; tell a line of each; return their rows.

    Args:
        tell: is called with a line of text.
    """
    from pixvox_studies.bench.marks import RECIPES, measure_mark, summarise

    rows = []
    for name, recipe in RECIPES.items():
        row = summarise([measure_mark(name, seed) for seed in range(recipe.seeds)])
        ratio = "not reached" if row["ratio"] is None else f"{row['ratio']:.2g}"
        tell(f"{name}: {recipe.ours} against {recipe.rival}: {ratio}")
        values = {key: plain(value) for key, value in row.items()}
        rows.append({"recipe": name, "rival": recipe.rival, "ours": recipe.ours, **values})
    return rows
