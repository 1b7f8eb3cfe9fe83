import io
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from pixvox_sketch.engine import bulk

SLOW = """
import time
from pixvox_sketch.engine.bulk import draw_many
if __name__ == "__main__":
    print("begun", flush=True)
    draw_many(time.sleep, [0.02] * 5_000, processes=2, label="drawing")
"""


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def test_several_processes_give_the_drawings_of_one_in_their_order():
    tasks = list(range(-20, 20))
    assert bulk.draw_many(abs, tasks, processes=2) == [abs(task) for task in tasks]


@pytest.mark.parametrize(
    ("stream", "label", "shown"),
    [(Terminal, "owls", True), (Terminal, "", False), (io.StringIO, "owls", False)],
)
def test_progress_is_shown_on_a_terminal_only_and_under_a_label_only(stream, label, shown, monkeypatch):
    watched = stream()
    monkeypatch.setattr(sys, "stderr", watched)
    assert bulk.draw_many(abs, [-1, -2], label=label) == [1, 2]
    assert ("owls" in watched.getvalue()) == shown and (watched.getvalue() == "") != shown


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_ctrl_c_ends_the_processes(tmp_path):
    program = tmp_path / "slow.py"
    program.write_text(SLOW, encoding="utf-8")
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, program], stdout=pipe, stderr=pipe, text=True) as process:
        process.stdout.readline()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)  # 50 s of work were left
    assert process.returncode != 0 and errors.rstrip().endswith("KeyboardInterrupt")


def test_fewer_than_one_process_is_refused():
    with pytest.raises(ValueError, match="expected 1 process or more"):
        bulk.draw_many(abs, [-1], processes=-1)


def test_a_sheet_keeps_proportions_and_order(tmp_path):
    pictures = [np.full((20, 10, 3), 200, np.uint8), np.full((10, 20), 50, np.uint8)]
    path = bulk.write_sheet("two", pictures, out_dir=tmp_path, cell=20)
    with Image.open(path) as file:
        sheet = np.array(file)
    assert path == tmp_path / "two-sheet.png"
    assert sheet.shape == (20 + 2 * bulk.GAP, 2 * (20 + bulk.GAP) + bulk.GAP, 3)
    assert sheet[14, 14].tolist() == [200] * 3 and sheet[14, 38].tolist() == [50] * 3
    assert sheet[14, 6].tolist() == list(bulk.PAPER), "a tall picture leaves paper at its sides"
