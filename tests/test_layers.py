"""Who may import whom: cli -> evidence -> studies -> sketch -> pixvox; lessons import pixvox only."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ("pixvox", "pixvox_sketch", "pixvox_studies", "pixvox_evidence", "pixvox_cli")


def imported(source):
    """Yield the packages that a source text imports, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("package", LAYERS)
def test_packages_import_only_what_is_below_them(package):
    allowed = LAYERS[: LAYERS.index(package) + 1]
    for path in (ROOT / "src" / package).rglob("*.py"):
        upwards = {name for name in imported(path.read_text(encoding="utf-8")) if name in LAYERS} - {*allowed}
        assert not upwards, f"{path.relative_to(ROOT)} imports {upwards}"


def test_lessons_and_solutions_import_pixvox_only():
    for path in [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("notebooks/solutions/*.ipynb")]:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        names = {name for source in sources for name in imported(source)}
        assert not names & {*LAYERS[1:]}, path.name
