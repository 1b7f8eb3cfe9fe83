import os
import threading

import nbformat
import psutil
import pytest

from pixvox_cli import execution


def notebook(*sources):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


def run(made, tmp_path, **options):
    return execution.execute(made, folder=tmp_path, environment=dict(os.environ), **options)


def test_cells_run_in_order_and_progress_is_told(tmp_path):
    made = notebook("a = 1", "", "print(a + 1)")
    made.cells[1].cell_type = "code"
    made.cells[0].outputs = [nbformat.v4.new_output("stream", text="of last year")]
    told = []
    assert run(made, tmp_path, on_cell=told.append) is None
    assert told == [1, 2]
    assert made.cells[0].outputs == [] and made.cells[2].outputs[0].text == "2\n"
    assert [cell.execution_count for cell in made.cells] == [1, None, 2]
    assert "execution" not in made.cells[0].metadata


def test_an_error_comes_with_its_cell_and_line_in_plain_text(tmp_path):
    made = notebook("a = 1", "b = 2\nraise ValueError('\\x1b[31mred\\x1b[0m')", "c")
    made.cells[2].outputs = [nbformat.v4.new_output("stream", text="of last year")]
    failure = run(made, tmp_path)
    assert made.cells[2].outputs == []
    assert failure == ("ValueError: red", 2, "b = 2\nraise ValueError('\\x1b[31mred\\x1b[0m')", 2)


def test_a_kernel_that_dies_says_what_it_wrote_last(tmp_path):
    failure = run(notebook("import os\nos.write(2, b'out of everything\\n')\nos._exit(3)"), tmp_path)
    assert failure.error.startswith("the kernel died") and failure.cell == 1
    assert failure.source.endswith("os._exit(3)") and failure.line is None


def test_a_kernel_that_cannot_start_is_a_failure(tmp_path, monkeypatch):
    (tmp_path / "ipykernel_launcher.py").write_text("raise SystemExit('no kernel today')", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    failure = execution.execute(notebook("1"), folder=tmp_path, environment=environment)
    assert failure.cell is None and "no kernel today" in failure.error


def test_stop_ends_the_kernel_at_once(tmp_path):
    stop = threading.Event()
    made = notebook("1", "import time\ntime.sleep(20)\nopen('finished', 'w')")
    with pytest.raises(InterruptedError):
        run(made, tmp_path, on_cell=lambda done: stop.set(), stop=stop)
    assert not (tmp_path / "finished").exists()
    children = psutil.Process().children(recursive=True)
    assert not [child for child in children if "ipykernel_launcher" in " ".join(child.cmdline())]


def test_stop_during_the_start_ends_the_kernel_too(tmp_path):
    stop = threading.Event()
    stop.set()
    with pytest.raises(InterruptedError):
        run(notebook("1"), tmp_path, stop=stop)
    children = psutil.Process().children(recursive=True)
    assert not [child for child in children if "ipykernel_launcher" in " ".join(child.cmdline())]
