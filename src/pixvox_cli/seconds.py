"""CPU seconds of the lessons and what is beyond their budget; `make test` shows them at its end."""

import sys

from pixvox import tables
from pixvox.datasets import store

BUDGET = 35  # CPU seconds of a lesson on the sample, once TensorFlow is loaded, which takes some four
BUDGETS = {"05": 50, "06": 50, "09": 50, "11": 60}  # of those that have another


def told(results: dict | None) -> str:
    """Return the CPU seconds of a run on the sample, and its budget if it was beyond it; "" of any other.

    Args:
        results: the content of a results file, or None.
    """
    used = (results or {}).get("run", {}).get("cpu_seconds")
    if used is None or results["profile"] != "sample":
        return ""
    budget = BUDGETS.get(results["lesson"][:2], BUDGET)
    return f"{used:.0f} CPU s" + (f": BEYOND its {budget}" if used > budget else "")


def main() -> int:
    """Print a line for each lesson that ran last in build/sample; return the exit status: 1 if none did."""
    folder = store.build_dir("sample")
    found = [tables.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("[0-9]*.json"))]
    if not found:
        print(f"expected results of lessons in {tables.display_path(folder)}, got none", file=sys.stderr)
        return 1
    for results in found:
        print(f"{results['lesson']}: {told(results)}")
    print(f"all lessons: {sum(results['run']['cpu_seconds'] for results in found):.0f} CPU s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
