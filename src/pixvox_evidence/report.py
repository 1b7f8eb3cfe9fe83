"""`pixvox report`: what the lessons reached and every statement of the posts, on one page."""

import json

from pixvox.datasets import store
from pixvox.datasets.files import replace_file
from pixvox.tables import load_results
from pixvox_evidence import evidence, judging
from pixvox_evidence.claims import load_claims
from pixvox_evidence.verdicts import NOT_MEASURED, VERDICTS

INTRODUCTION = """# What was measured

First what the lessons reached, then every statement of the posts with its verdict: the full data's, or the
sample's where the full data say nothing, with what that was measured on. `pixvox report` writes this page
from the ledger (`data/claims.csv`), which holds the criteria, and from the committed tables beside it. What
decides each statement, and why, stands in the notebooks of `notebooks/evidence`.

*Not settled* means neither way: the interval is too wide. Beside it stands how many seeds would settle it,
if mean and spread stayed as they are.
"""
UNBROKEN = """## What was tried to break it

Each part that writes was stopped or disturbed at a random moment, in a small course made for it. It survived
if nothing that was there was lost, nothing half-made or damaged was taken for good, and the next run gave the
right results (`python -m unbroken` in the folder tests; {device}; commits {commit}).
"""
FUZZED = """Every reader of files was given files that were damaged at random. It survived one if it returned
what its documentation says, or refused it with an error that names the file; not if the process ended.
"""
BENCH = """## How fast it is

Both sides of a row were measured in one run of `pixvox bench`, on one thread, in turn, after a round that
does not count. The ratio is the other side's seconds divided by ours, the median of the rounds, in brackets
the lowest and the highest: above 1 ours is faster. Seconds are medians too, by the clock on the wall; the CPU
ratio is of all rounds together. What was read are drawn cats and dogs, what was changed or made into features
is noise, and the voxels are real digits, small. Measured in {seconds} s on {date} ({device};
{versions}; commit {commit}).
"""
MARKS = """CPU seconds to the post's accuracy, one thread a training. The mark is the validation accuracy of
the post's recipe at its last epoch, and each recipe counts up to its first epoch that reaches it, validation
left out. Both train on the same pictures of the sample with the same seed; only of voxels ours leaves out the
digits of which a copy validates. Clothes, cats and dogs are drawn. Seconds are medians of the seeds.
"""
BENCH_COLUMNS = ("", "what", "ours", "the other", "ours, s", "the other, s", "ratio", "CPU ratio", "rounds")
MARK_COLUMNS = (
    *("lesson", "the post's recipe", "ours", "mark", "the post's, CPU s (all its epochs)", "ours, CPU s"),
    *("ratio", "seeds"),
)
SEEDS = """## Other seeds

Every lesson ends with what should hold whatever the seed. All were run with seeds {seeds} (`make seeds`;
{device}; Python {python}; commits {commit}). The numbers are by how much each was met, beyond the margin
it asks for; below 0 would be missed. It is *thin* where the least is below the standard deviation of the
five. What does not depend on the seed, since it is read from a committed table, is left out:
{fixed} expectations of {all}.
"""
STATEMENT_COLUMNS = ("statement", "said", "posted", "sample", "full", "verdict", "tables")


def write_report():
    """Write `data/results/README.md`; say so.

    Raises:
        FileNotFoundError, ValueError: as `report_text`; then nothing is written.
    """
    page, path = report_text(), store.ROOT / "data" / "results" / "README.md"
    with replace_file(path) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    print(f"wrote {path.relative_to(store.ROOT).as_posix()}")


def report_text():
    """Return the page, in Markdown.

    Raises:
        FileNotFoundError: if no lesson has results.
    """
    folder = store.ROOT / "data" / "results"
    lessons = sorted({path.stem for path in folder.glob("*/[0-9]*.json")})
    if not lessons:
        raise FileNotFoundError(
            f"expected results of lessons in {folder}, there are none. Type `pixvox run --keep`."
        )
    ledger = load_claims()
    posts = sorted({statement.post for statement in ledger.values()})
    sections = [_section(post, [known for known in ledger.values() if known.post == post]) for post in posts]
    counts = [_counts("post", posts, ledger), _counts("lesson", lessons, ledger)]
    return "\n".join(
        [INTRODUCTION, _lessons(lessons), *counts, *sections, *_bench(), *_seeds(), *_unbroken()]
    )


def _bench():
    """Return the section on seconds; none where nobody measured them."""
    path = store.ROOT / "data" / "results" / "bench.json"
    if not path.is_file():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    lines = [BENCH.format(**found | {"versions": versions}), *_head(BENCH_COLUMNS)]
    for one in found["measures"]:
        seconds = (f"{one[side]:.3g}" for side in ("ours_seconds", "rival_seconds"))
        names = (one[name] for name in ("group", "what", "ours", "rival"))
        cpu = "–" if one["cpu_ratio"] is None else _digits(one["cpu_ratio"])
        lines.append(_row([*names, *seconds, _ratio(one), cpu, one["repeats"]]))
    lines += ["", MARKS, *_head(MARK_COLUMNS)]
    for one in found["marks"]:
        missed = f"not reached with {one['repeats'] - one['reached']} of {one['repeats']} seeds"
        ours = missed if one["ratio"] is None else f"{one['ours_seconds']:.3g}"
        posted = f"{one['rival_seconds']:.3g} ({one['rival_all_seconds']:.3g})"
        names = (one[name] for name in ("recipe", "rival", "ours"))
        lines.append(_row([*names, f"{one['mark']:.3f}", posted, ours, _ratio(one), one["repeats"]]))
    return ["\n".join(lines) + "\n"]


def _ratio(row):
    """Write the ratio of a row with its range, a dash for none."""
    if row["ratio"] is None:
        return "–"
    ratio, *ends = (_digits(row[name]) for name in ("ratio", "lowest", "highest"))
    return f"{ratio} ({' to '.join(ends)})" if row["repeats"] > 1 else ratio


def _digits(number):
    """Write a number with two digits, or all that it has before the point."""
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"


def _head(names):
    """Return the two lines that a Markdown table begins with."""
    return [_row(names), _row("---" for _ in names)]


def _unbroken():
    """Return the section on what was tried to break the course; none where nobody tried."""
    path = store.ROOT / "data" / "results" / "unbroken.json"
    if not path.is_file():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    parts = list(dict.fromkeys(trial["part"] for trial in found["trials"]))
    counts = {(trial["fault"], trial["part"]): trial for trial in found["trials"]}
    measured = [*found["trials"], *found["fuzzed"]]
    by = {name: ", ".join(dict.fromkeys(one[name] for one in measured)) for name in ("device", "commit")}
    lines = [UNBROKEN.format(**by), _row(("fault", *parts)), _row("---" for _ in range(len(parts) + 1))]
    for fault in dict.fromkeys(fault for fault, _ in counts):
        cells = (counts.get((fault, part), {"tried": 0}) for part in parts)
        texts = (f"{cell['survived']} of {cell['tried']}" if cell["tried"] else "–" for cell in cells)
        lines.append(_row([fault, *texts]))
    lines += [
        "",
        FUZZED,
        _row(("reader", "survived, of the damaged files tried")),
        _row(("---", "---")),
    ]
    lines += [_row((one["reader"], f"{one['survived']:,} of {one['tried']:,}")) for one in found["fuzzed"]]
    return ["\n".join(lines) + "\n"]


def _seeds():
    """Return the section on other seeds; none where they were not run."""
    path = store.ROOT / "data" / "results" / "seeds.json"
    if not path.is_file():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    rows = [row for row in found["rows"] if len(set(row["slack"])) > 1]
    seeds = [str(seed) for seed in found["seeds"]]
    counts = {"fixed": len(found["rows"]) - len(rows), "all": len(found["rows"])}
    text = SEEDS.format(**found | counts | {"seeds": ", ".join(seeds)})
    heads = ("lesson", "what should hold", *(f"seed {seed}" for seed in seeds), "")
    lines = [text, _row(heads), _row("---" for _ in heads)]
    for row in rows:
        slacks = ("none" if number is None else f"{number:.3g}" for number in row["slack"])
        lines.append(_row([row["lesson"], row["expectation"], *slacks, row["judged"]]))
    return ["\n".join(lines) + "\n"]


def _lessons(lessons):
    """Return a table with a row a lesson: headline numbers and CPU seconds of both profiles."""
    heads = ("lesson", *(f"in short ({profile})" for profile in store.PROFILES), "CPU s")
    lines = ["## The lessons in short\n", _row(heads), _row("---" for _ in heads)]
    for lesson in lessons:
        results = [load_results(lesson, profile) for profile in store.PROFILES]
        seconds = " / ".join(_seconds(result) for result in results)
        link = f"[{lesson}](../../notebooks/{lesson}.ipynb)"
        lines.append(_row([link, *map(_headline, results), seconds]))
    return "\n".join(lines) + "\n"


def _headline(result):
    """Return a lesson's headline numbers in a line, a dash for none."""
    numbers = (result or {}).get("headline", {})
    return "; ".join(f"{name}: {evidence.number_text(value)}" for name, value in numbers.items()) or "–"


def _seconds(result):
    """Return the CPU seconds of a run, "GPU" if that is what computed, a dash for none."""
    if not result:
        return "–"
    gpu = result.get("device", "").startswith("GPU")
    return "GPU" if gpu else f"{result['run']['cpu_seconds']:,.0f}"


def _counts(kind, names, ledger):
    """Return a table with a row a post, or a lesson: how many of its statements got which verdict."""
    heads = (kind, *VERDICTS)
    lines = [f"## The statements by {kind}\n", _row(heads), _row("---" for _ in heads)]
    for name in names:
        found = [judging.summary(known)[0] for known in ledger.values() if getattr(known, kind) == name]
        lines.append(_row([name, *(found.count(verdict) for verdict in VERDICTS)]))
    return "\n".join(lines) + "\n"


def _section(post, statements):
    """Return a post's heading and table."""
    lines = [f"## {post}\n", _row(STATEMENT_COLUMNS), _row("---" for _ in STATEMENT_COLUMNS)]
    return "\n".join([*lines, *(_row(_statement_cells(known)) for known in statements)]) + "\n"


def _statement_cells(statement):
    """Return the cells of a statement's row."""
    verdict, mark = judging.summary(statement)
    profile = "sample" if mark or judging.judge(statement, "full")[0] == NOT_MEASURED else "full"
    notes = [
        f"{letter}{note}"
        for letter, part, judged in _judged(statement, profile)
        if (note := evidence.note_text(part, judged) or _open(part, statement))
    ]
    verdict += f", {mark}" if mark else ""
    verdict += f" ({'; '.join(notes)})" if notes else ""
    cells = [_measured(statement, name) for name in store.PROFILES]
    return [statement.id, statement.text, statement.posted or "–", *cells, verdict, _tables(statement)]


def _open(part, statement):
    """Return "not measured" of a part that keeps a statement of several open, else ""."""
    return "not measured" if part.test == "none" and len(statement.parts) > 1 else ""


def _judged(statement, profile):
    """Return ("a: ", part, judgement) for each part, without the letter where there is only one."""
    letters = [f"{letter}: " for letter in "abcdefgh"] if len(statement.parts) > 1 else [""]
    return list(zip(letters, statement.parts, judging.judge(statement, profile)[1], strict=False))


def _measured(statement, profile):
    """Write what a profile measured of a statement's parts, a dash for nothing."""
    texts = []
    for letter, part, judged in _judged(statement, profile):
        shown_in = {"any": "full", "drawn": "sample"}.get(part.profiles, profile)
        if judged.values and profile == shown_in:
            half = f" {evidence.half_text(judged)}" if judged.half is not None else ""
            texts.append(letter + evidence.measured_text(part, judged) + half)
    return "; ".join(texts) or "–"


def _tables(statement):
    """Return links to the tables that a statement is judged by."""
    links = []
    for part in statement.parts:
        for profile in store.PROFILES:
            lesson = part.table.removeprefix("lesson ")
            path = (
                f"{profile}/{lesson}.json" if lesson != part.table else f"{profile}/studies/{part.table}.json"
            )
            link = f"[{lesson}, {profile}]({path})"
            if part.table and link not in links and (store.ROOT / "data" / "results" / path).is_file():
                links.append(link)
    return ", ".join(links) or "–"


def _row(cells):
    """Write a row of a Markdown table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
