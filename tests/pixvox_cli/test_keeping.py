import tempfile
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from pixvox.datasets import store
from pixvox_cli import keeping


def stream(text, name="stdout"):
    return v4.new_output("stream", name=name, text=text)


def code(source="1", outputs=(), **metadata):
    return v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)


def normalised(*cells, **metadata):
    made = v4.new_notebook(cells=list(cells), metadata=metadata)
    keeping.normalise(made)
    nbformat.validate(made)
    return made


def test_traces_of_machines_and_front_ends_go_and_settings_stay():
    cell = code(execution={"iopub.status.busy": "2024"}, scrolled=True, tags=["hide"])
    kernel = {"name": "other", "display_name": "mine"}
    made = normalised(cell, widgets={"state": 1}, kernelspec=kernel, mystnb={"merge_streams": True})
    assert made.cells[0].metadata == {"tags": ["hide"]}
    assert set(made.metadata) == {"kernelspec", "language_info", "mystnb"}
    assert made.metadata.kernelspec == {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert "version" not in made.metadata.language_info


def test_an_older_notebook_gets_ids():
    made = v4.new_notebook(cells=[v4.new_markdown_cell("a")])
    made.nbformat_minor = 4
    del made.cells[0]["id"]
    keeping.normalise(made)
    assert made.nbformat_minor == 5 and made.cells[0].id


def test_neighbouring_streams_of_one_name_are_merged():
    picture = v4.new_output("display_data", {"text/plain": "x"})
    outputs = [stream("a\n"), stream("b\n"), stream("e", "stderr"), stream("c\n"), picture, stream("d\n")]
    merged = normalised(code("1", outputs)).cells[0].outputs
    assert [output.get("text") for output in merged] == ["a\nb\n", "e", "c\n", None, "d\n"]


def test_progress_bars_leave_what_a_screen_shows():
    outputs = [stream("1/3\r2/3"), stream("\r3/3 done\r\n"), stream("ab\b\b\bcd\n\b")]
    assert normalised(code("1", outputs)).cells[0].outputs[0].text == "3/3 done\ncd\n"


def test_alt_text_goes_to_the_cell_beside_other_settings():
    def figure(alt):
        metadata = {"image/png": {"alt": alt}} if alt else {}
        return v4.new_output("display_data", {"image/png": "iVBORw0KGgo="}, metadata=metadata)

    mystnb = {"image": {"width": "50%", "alt": "old"}, "code_prompt_show": "x"}
    made = normalised(code("1", [figure("One."), figure(None), figure("Two.")], mystnb=mystnb), code("2"))
    image = {"width": "50%", "alt": "One. Two."}
    assert made.cells[0].metadata["mystnb"] == {"image": image, "code_prompt_show": "x"}
    assert "mystnb" not in made.cells[1].metadata


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A course, a home and a folder for temporary files."""
    monkeypatch.setattr(store, "ROOT", tmp_path / "course")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ada"))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: "/scratch")
    return tmp_path


HTML = v4.new_output("display_data", {"text/html": ["<b>", "/home/ada/x</b>"]})


@pytest.mark.parametrize(
    ("output", "shown"), [(HTML, "/home/ada"), (stream("a /scratch\n"), "/scratch"), (None, "course")]
)
def test_a_path_of_this_machine_is_not_kept(machine, output, shown):
    made = normalised(code("1", [output or stream(f"{machine / 'course'}\n")]))
    with pytest.raises(ValueError, match=shown):
        keeping.keep_notebook(made, machine / "kept.ipynb")
    assert not (machine / "kept.ipynb").exists()


def test_what_only_looks_like_such_a_path_is_kept(machine, monkeypatch):
    harmless = "see /home/adam, https://x.org/home/ada-b and a.b/scratch1, w/scratch"
    picture = v4.new_output("display_data", {"image/png": "/scratch"})
    keeping.keep_notebook(normalised(code("1", [stream(harmless), picture])), machine / "kept.ipynb")
    monkeypatch.setattr(Path, "home", lambda: Path("/"))
    keeping.keep_notebook(normalised(code("1", [stream("1 / 2, /x")])), machine / "kept.ipynb")
    assert (machine / "kept.ipynb").exists()


def test_a_written_notebook_reads_back_and_ends_its_last_line(tmp_path):
    made = normalised(v4.new_markdown_cell("Grüße"))
    keeping.write_notebook(made, tmp_path / "a" / "b.ipynb")
    text = (tmp_path / "a" / "b.ipynb").read_bytes()
    assert text.endswith(b"}\n") and "Grüße".encode() in text
    assert nbformat.read(tmp_path / "a" / "b.ipynb", as_version=4) == made


def test_the_figure_that_stands_for_a_lesson_is_kept_beside_it(tmp_path):
    figure = v4.new_output("display_data", {"image/png": "cGl4ZWxz"})
    other = v4.new_output("display_data", {"image/png": "b3RoZXI="})
    made = normalised(code(outputs=[other]), code(outputs=[stream("seen"), figure], tags=["front-page"]))
    keeping.keep_notebook(made, tmp_path / "01_mnist.ipynb")
    assert (tmp_path / "pictures" / "01_mnist.png").read_bytes() == b"pixels"


def test_a_results_file_is_kept_under_the_same_name(course):
    made = store.build_dir("full") / "01_mnist.json"
    made.parent.mkdir(parents=True)
    made.write_text("{}", encoding="utf-8")
    keeping.keep_results(made, "full")
    assert (course / "data" / "results" / "full" / "01_mnist.json").read_bytes() == b"{}"
