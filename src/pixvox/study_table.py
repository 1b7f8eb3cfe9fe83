"""The table of a study: one JSON document, rewritten as a whole after each row."""

import hashlib
import json
import re
from pathlib import Path
from typing import NamedTuple

from pixvox import provenance
from pixvox.datasets import store


class Table(NamedTuple):
    """The table of a study in a profile.

    Attributes:
        name: the study's name.
        title: what it compares.
        profile: "sample" or "full".
        grid: every (setting, seed), in the order of the rows.
        rows: the measured rows, by `row_key`; those of settings that are gone are left out.
        old: the document that an earlier call saved, or {}.
    """

    name: str
    title: str
    profile: str
    grid: list[tuple[dict, int]]
    rows: dict[str, dict]
    old: dict

    @property
    def path(self) -> Path:
        """Return where the table is saved after each row."""
        return store.build_dir(self.profile) / "studies" / f"{self.name}.json"

    @property
    def folder(self) -> Path:
        """Return the folder that holds the work folders of unfinished rows."""
        return self.path.with_suffix("")

    @property
    def missing(self) -> list[tuple[dict, int]]:
        """Return the (setting, seed) of the rows that are not measured yet."""
        return [point for point in self.grid if row_key(*point) not in self.rows]

    @property
    def dropped(self) -> int:
        """Return how many saved rows no longer belong to the study."""
        return len(self.old.get("rows", [])) - len(self.rows)

    def progress(self) -> str:
        """Return for instance "3 of 9"."""
        return f"{len(self.rows)} of {len(self.grid)}"


def open_table(name: str, study, profile: str) -> Table:
    """Return the table of a study as far as it is measured."""
    grid = [(setting, seed) for setting in study.settings for seed in study.seeds]
    table = Table(name, study.title, profile, grid, {}, {})
    if not table.path.is_file():
        return table
    old = read(table.path)
    wanted = {row_key(*point) for point in grid}
    rows = {row["key"]: row for row in old["rows"] if row["key"] in wanted}
    return table._replace(rows=rows, old=old)


def read(path: Path) -> dict:
    """Read a table's document.

    Raises:
        ValueError: if it is not one; the message says what to do.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        document["rows"]
    except (ValueError, KeyError, TypeError) as error:
        text = f"expected a table of measured rows in {path}, it is none ({error!r}). Remove the file."
        raise ValueError(text) from error
    return document


def kept_path(name: str, profile: str) -> Path:
    """Return where a table is committed."""
    return store.ROOT / "data" / "results" / profile / "studies" / f"{name}.json"


def row_key(setting: dict, seed: int) -> str:
    """Return a row's name: readable, safe as a folder's name, and its own for any setting and seed."""
    text = json.dumps([setting, seed], sort_keys=True)
    words = "-".join(str(value) for value in [*setting.values(), f"seed{seed}"])
    readable = re.sub(r"[^A-Za-z0-9.-]+", "_", words)[:60]
    return f"{readable}-{hashlib.sha256(text.encode('utf-8')).hexdigest()[:8]}"


def save(table: Table, sources: dict) -> None:
    """Write the table in one step, its rows in the order of the grid."""
    rows = [table.rows[key] for point in table.grid if (key := row_key(*point)) in table.rows]
    head = {"study": table.name, "title": table.title, "profile": table.profile}
    text = json.dumps({**head, **sources, "rows": rows}, indent=1, ensure_ascii=False) + "\n"
    with store.replace_file(table.path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def sources_now(table: Table) -> dict:
    """Return where the rows come from: versions, commit, device and the data loaded.

    Where older rows of the table were measured under others, these stand under "earlier".
    """
    now = {
        "versions": provenance.versions(),
        "commit": provenance.commit(),
        "device": provenance.device(),
        "data": {**table.old.get("data", {}), **store.used()},
    }
    then = {name: table.old[name] for name in now if name in table.old}
    stay = any(row["key"] in table.rows for row in table.old.get("rows", []))
    earlier = table.old.get("earlier", []) if stay else []
    if stay and then != now:
        earlier = [*earlier, then]
    return {**now, "earlier": earlier} if earlier else now


def sources_then(table: Table) -> dict:
    """Return what the saved document says of where its rows come from."""
    return {
        name: value for name, value in table.old.items() if name not in ("study", "title", "profile", "rows")
    }
