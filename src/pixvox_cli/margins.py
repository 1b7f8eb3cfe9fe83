"""`make seeds`: how far every expectation of every lesson was from failing, on seeds 0 to 4."""

import json
import statistics
import sys
from pathlib import Path

from pixvox import tables
from pixvox.datasets import store
from pixvox.datasets.files import replace_file


def slack(expectation: dict) -> float | None:
    """Return by how much an expectation of a results file is met beyond its margin; below 0 it is missed.

    None is returned where a side was no number.
    """
    left, right, margin = (expectation[name] for name in ("left", "right", "margin"))
    if left is None or right is None:
        return None
    if expectation["comparison"] == "==":
        return margin - abs(left - right)
    return (left - right if expectation["comparison"].startswith(">") else right - left) - margin


def judge(slacks: list[float | None]) -> str:
    """Return "missed", "thin" (the least is below their standard deviation: another seed may fail), or "".

    Where all are equal the seed does not matter: such an expectation is of committed tables.
    """
    if None in slacks or min(slacks) < 0:
        return "missed"
    return "thin" if len(slacks) > 1 and min(slacks) < statistics.stdev(slacks) else ""


def collect(folder: Path) -> dict:
    """Return the slack of each expectation of each lesson, for all seeds.

    Args:
        folder: of folders called 0, 1 and so on, each PIXVOX_BUILD of `pixvox run --seed` with that number.

    Returns:
        seeds, device, versions of Python and commits of the runs; rows of lesson, expectation, slack by seed.

    Raises:
        FileNotFoundError: if there are no results.
        ValueError: if seeds lack a lesson that others have.
    """
    seeds = sorted(int(path.name) for path in folder.glob("*") if path.name.isdecimal())
    paths = [sorted((folder / str(seed) / "sample").glob("[0-9]*.json")) for seed in seeds]
    names = [[path.name for path in found] for found in paths]
    if not any(names):
        raise FileNotFoundError(f"expected results of runs in {folder}, there are none. Type `make seeds`.")
    if any(found != names[0] for found in names):
        raise ValueError(f"expected the same lessons of each seed, got {names}. Type `make seeds`.")
    results = [[tables.parse(path.read_text(encoding="utf-8")) for path in found] for found in paths]
    rows, commits, pythons = [], set(), set()
    for of_lesson in zip(*results, strict=True):
        commits.update(result["commit"] for result in of_lesson)
        pythons.update(result["versions"]["python"] for result in of_lesson)
        for name in of_lesson[0]["expectations"]:
            slacks = [slack(result["expectations"][name]) for result in of_lesson]
            rounded = [None if number is None else round(number, 4) for number in slacks]
            row = {"lesson": of_lesson[0]["lesson"], "expectation": name, "slack": rounded}
            rows.append(row | {"judged": judge(slacks)})
    head = {"device": results[0][0]["device"], "python": ", ".join(sorted(pythons))}
    return head | {"commit": ", ".join(sorted(commits)), "seeds": seeds, "rows": rows}


def main(folder: str) -> int:
    """Write data/results/seeds.json from the runs in a folder; name what is missed or thin.

    Returns:
        the exit status: 1 if an expectation was missed.
    """
    found = collect(Path(folder))
    path = store.ROOT / "data" / "results" / "seeds.json"
    with replace_file(path) as temporary:
        temporary.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"wrote {tables.display_path(path)}: {len(found['rows'])} expectations, seeds {found['seeds']}")
    for row in found["rows"]:
        if row["judged"]:
            print(f"{row['judged']}: {row['lesson']}, {row['expectation']}: {row['slack']}")
    return int(any(row["judged"] == "missed" for row in found["rows"]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
