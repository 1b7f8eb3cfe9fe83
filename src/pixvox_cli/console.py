"""The terminal: colours and moving bars for people, plain lines for pipes and CI logs."""

import sys

LOG_WIDTH = 140  # characters a line where nobody watches: wide enough for a table row with a command in it


def make_console(file=None):
    """Return a rich console that writes text as it is (no markup) to `file`, or to standard output.

    Where that is not a terminal, it writes no control codes, whatever FORCE_COLOR says.
    """
    from rich.console import Console

    file = file or sys.stdout
    terminal = file.isatty()
    width = None if terminal else LOG_WIDTH
    return Console(
        file=file, width=width, force_terminal=terminal, markup=False, emoji=False, highlight=False
    )
