"""What `pixvox run --keep` commits: results, and notebooks in a form that only changes when they do."""

import base64
import re
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from pixvox.datasets import store
from pixvox.datasets.files import replace_file

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {  # without Python's version: it is in the results, and would change with every machine
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
CELL_STATE = ("execution", "ExecuteTime", "collapsed", "scrolled")  # left there by front ends
_BACKSPACE = re.compile("[^\n\b]\b")
_OVERWRITTEN = re.compile(r"[^\n]*\r(?=[^\n])")


def normalise(notebook: NotebookNode) -> None:
    """Bring an executed notebook, in place, into the form that is committed.

    Traces of machines and front ends go; neighbouring stream outputs of one name become one; the alt text of
    figures is also in the cell's metadata.
    """
    nbformat.v4.upgrade(notebook)  # 4.5: gives ids to cells that have none
    kept = {key: value for key, value in notebook.metadata.items() if key == "mystnb"}
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE, **kept})
    for cell in notebook.cells:
        for key in CELL_STATE:
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            cell.outputs = _merge_streams(cell.outputs)
            _copy_alt_text(cell)


def _merge_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring stream outputs of one name; keep of each what a screen would show in the end."""
    merged = []
    for output in outputs:
        last = merged[-1] if merged else None
        if output.output_type == "stream" and last and last.get("name") == output.name:
            last.text += output.text
        else:
            merged.append(output)
    for output in merged:
        if output.output_type == "stream":
            output.text = _on_screen(output.text)
    return merged


def _on_screen(text: str) -> str:
    """Return what is left to read after backspaces and carriage returns."""
    text = text.replace("\r\n", "\n")
    while (shorter := _BACKSPACE.sub("", text)) != text:
        text = shorter
    return _OVERWRITTEN.sub("", text.replace("\b", ""))


def _copy_alt_text(cell: NotebookNode) -> None:
    """Copy the alt text of a cell's figures to its settings, where the site looks for it."""
    alts = [output.get("metadata", {}).get("image/png", {}).get("alt") for output in cell.outputs]
    text = " ".join(alt for alt in alts if alt)
    if text:
        settings = cell.metadata.setdefault("mystnb", nbformat.from_dict({}))
        settings.setdefault("image", nbformat.from_dict({})).alt = text


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook in one step, with "\\n" line ends on every system and a last one."""
    text = nbformat.writes(notebook).rstrip("\n") + "\n"
    with replace_file(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def keep_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write an executed, normalised notebook over the one it came from, and the figure that stands for it.

    That is the figure of the cell with the tag `front-page`, if there is one: pictures/NAME.png beside it.

    Raises:
        ValueError: if an output shows a path of this machine.
    """
    for cell in notebook.cells:
        folder = _machine_path(cell.get("outputs", []))
        if folder:
            raise ValueError(
                "not kept: expected outputs that are the same on any machine, "
                f"but cell [{cell.execution_count}] shows {folder}. "
                "Print paths relative to the repository there, then run it again."
            )
    write_notebook(notebook, path)
    for cell in notebook.cells:
        if "front-page" in cell.metadata.get("tags", ()):
            (picture,) = [
                output.data["image/png"] for output in cell.outputs if "image/png" in output.get("data", ())
            ]
            with replace_file(path.parent / "pictures" / f"{path.stem}.png") as temporary:
                temporary.write_bytes(base64.b64decode(picture))


def _machine_path(outputs: list[NotebookNode]) -> str | None:
    """Return the first folder of this machine that the text of a cell's outputs shows; None for none."""
    text = "\n".join(_texts(outputs))
    for folder in (store.ROOT, Path.home(), Path(tempfile.gettempdir())):
        named = len(folder.parts) > 1  # a home in "/" is in every path
        if named and re.search(rf"(?<![\w.]){re.escape(str(folder))}(?![\w-])", text):
            return str(folder)
    return None


def _texts(value):
    """Yield every text inside an output, except pictures."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts([inner for key, inner in value.items() if key not in ("image/png", "image/jpeg")])
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def keep_results(path: Path, profile: str) -> None:
    """Copy a results file of build/<profile> to data/results/<profile>, under the same relative path."""
    kept = store.ROOT / "data" / "results" / profile / path.relative_to(store.build_dir(profile))
    with replace_file(kept) as temporary:
        shutil.copyfile(path, temporary)
