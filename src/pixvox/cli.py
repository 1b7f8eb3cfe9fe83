"""The command `pixvox`: reads what was typed and hands it to the module that does it."""

import argparse
import os
import sys
from collections.abc import Sequence

import pixvox
from pixvox import cli_commands

EXAMPLES = """examples:
  pixvox doctor                      look whether this machine has what the course needs
  pixvox run 1                       run lesson 01 on the sample that comes with the course
  pixvox run                         run every lesson
  pixvox fetch mnist                 bring the published MNIST into data/full
  pixvox run 1 --profile full        run lesson 01 on it

environment variables:
  PIXVOX_PROFILE     the profile where --profile is not given: sample (default) or full
  PIXVOX_DATA        the folder of the full data, instead of data/full
  PIXVOX_TRACEBACK   1 shows where in the code an error came up
"""


class _Parser(argparse.ArgumentParser):
    """An argument parser that raises ValueError instead of ending the program."""

    def error(self, message: str):
        """Raise the error with the command that explains the usage."""
        raise ValueError(f"{message}. Type `{self.prog} --help`.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 0, 1 (something failed), 2 (a mistake), 130 (Ctrl-C).

    Args:
        argv: the words after `pixvox`; by default those that were typed.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows "?" for it
    try:
        arguments = _parser().parse_args(argv)
        return arguments.act(arguments)
    except BrokenPipeError:  # as in `pixvox doctor | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, OSError) as error:
        if os.environ.get("PIXVOX_TRACEBACK") == "1":
            raise
        print(f"pixvox: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if not error.name or error.name.startswith("pixvox"):  # a fault of ours, not of the installation
            raise
        lock = "python -m pip install --require-hashes -r requirements.lock"
        print(f"pixvox: the package {error.name} is not installed. Type `{lock}`.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("pixvox: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    parser = _Parser(
        prog="pixvox",
        description="Pixels to Voxels: runs the lessons, brings their data, looks after the machine.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pixvox {pixvox.__version__}")
    parser.set_defaults(act=lambda arguments: parser.print_help() or 0)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    cli_commands.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
