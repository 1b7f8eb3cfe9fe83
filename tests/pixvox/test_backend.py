"""What the backend keeps off standard error, and what it lets through."""

import os

from pixvox import backend


def test_only_known_lines_are_kept_off_standard_error(capfd):
    known = b"I0000 00:00:1.1    3069 port.cc:153] oneDNN custom operations are on. You may\n"
    with backend._startup_lines_removed():
        os.write(2, known + b"real trouble\n")
    assert capfd.readouterr().err == "real trouble\n"
