"""`pixvox report`: all that was measured, as one page, `data/results/README.md`, a row a claim."""

from pixvox.datasets import store
from pixvox.datasets.files import replace_file
from pixvox.tables import load_results
from pixvox_evidence import claims

INTRODUCTION = """# What was measured

First a row a lesson, then every statement of the posts: what was posted, what the sample and the full data
gave, and the verdict. `pixvox report` writes this page from the results files beside it. Accuracies are
judged on the full data only; "drawn" and "small" say what a sample's accuracy was measured on. An entry
under *seeds* or *CPU s* has the sample's number before the full data's: seeds behind the numbers, and the
CPU seconds of the study they come from or, where there is none, of the whole lesson (so those of a lesson
repeat from row to row). Where a graphics processor did the training, "GPU" stands instead: the processor's
seconds would say little.
"""
NOT_MEASURED = claims.VERDICTS[-1]
COLUMNS = ("claim", "statement", "posted", "sample", "full", "verdict", "seeds", "CPU s", "measured in")


def write_report():
    """Write `data/results/README.md` from the committed results, and say so. Raises as `report_text`."""
    path = store.ROOT / "data" / "results" / "README.md"
    text = report_text()
    with replace_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
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
    return "\n".join([INTRODUCTION, _overview(lessons), *map(_section, lessons)])


def _overview(lessons):
    """Return a table with a row a lesson: its headline numbers, and how many statements got which verdict."""
    columns = ("lesson", *(f"in short ({profile})" for profile in store.PROFILES), *claims.VERDICTS)
    lines = ["## The lessons in short\n", _row(columns), _row("---" for _ in columns)]
    for lesson in lessons:
        results = {profile: load_results(lesson, profile) for profile in store.PROFILES}
        verdicts = list(claims.claims_table(lesson, results)["verdict"])
        counts = [verdicts.count(verdict) for verdict in claims.VERDICTS]
        link = f"[{lesson}](../../notebooks/{lesson}.ipynb)"
        lines.append(_row([link, *map(_headline, results.values()), *counts]))
    return "\n".join(lines) + "\n"


def _headline(result):
    """Return a lesson's headline numbers in a line, a dash for none."""
    numbers = (result or {}).get("headline", {})
    return "; ".join(f"{name}: {claims.number_text(value)}" for name, value in numbers.items()) or "–"


def _section(lesson):
    """Return a lesson's heading and table."""
    results = {profile: load_results(lesson, profile) for profile in store.PROFILES}
    table = claims.claims_table(lesson, results)
    lines = [
        f"## [{lesson}](../../notebooks/{lesson}.ipynb)\n",
        _row(COLUMNS),
        _row("---" for _ in COLUMNS),
    ]
    for row in table.itertuples(index=False):
        recorded = {
            profile: (result, result["claims"][row.id])
            for profile, result in results.items()
            if result and _measured(result["claims"].get(row.id, {}))
        }
        lines.append(_row([*row, *_behind(lesson, recorded)]))
    return "\n".join(lines) + "\n"


def _measured(record):
    """Tell whether a claim's record holds a number or a verdict."""
    values = record.get("values") or []
    return any(value is not None for value in values) or record.get("verdict", NOT_MEASURED) != NOT_MEASURED


def _row(cells):
    """Write a row of a Markdown table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _behind(lesson, recorded):
    """Return the seeds, the CPU seconds and the links of what was recorded for a claim, by profile."""
    seeds, seconds, links = [], [], []
    for profile, (result, record) in recorded.items():
        study = record.get("study")
        seeds.append(str(study["seeds"] if study else 1))
        seconds.append(_seconds(study or {"device": result.get("device", ""), **result["run"]}))
        target = f"{_table_profile(study['name'], profile)}/studies/{study['name']}.json" if study else None
        target = target or f"{profile}/{lesson}.json"
        links.append(f"[{profile}]({target})")
    return [" / ".join(texts) or "–" for texts in (seeds, seconds, links)]


def _seconds(source):
    """Return the CPU seconds of a study or a run, or "GPU" if that is what computed."""
    return "GPU" if source.get("device", "").startswith("GPU") else f"{source['cpu_seconds']:,.0f}"


def _table_profile(name, profile):
    """Return the profile of a study's table: the sample's where what is drawn has no other."""
    own, drawn = (
        (store.ROOT / "data" / "results" / kept / "studies" / f"{name}.json").is_file()
        for kept in (profile, "sample")
    )
    return "sample" if drawn and not own else profile
