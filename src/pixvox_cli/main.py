"""The command `pixvox`: reads what was typed and hands it to the module that does it."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

import pixvox
from pixvox_cli.sketch import SKETCHES

EXAMPLES = """examples:
  pixvox doctor                      look whether this machine has what the course needs
  pixvox run 1                       run lesson 01 on the sample that comes with the course
  pixvox run                         run every lesson
  pixvox fetch mnist                 bring the published MNIST into data/full
  pixvox run 1 --profile full        run lesson 01 on it

environment variables:
  PIXVOX_PROFILE     the profile where --profile is not given: sample (default) or full
  PIXVOX_DATA        the folder of the full data, instead of data/full
  PIXVOX_BUILD       the folder of what runs make, instead of build
  PIXVOX_TRACEBACK   1 shows where in the code an error came up
A relative folder counts from the repository's, wherever you stand; one of an option from where you stand.
"""
LOCK = "python -m pip install --require-hashes -r requirements.lock"


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
        _look_where_we_stand()
        return arguments.act(arguments)
    except BrokenPipeError:  # as in `pixvox doctor | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("PIXVOX_TRACEBACK") == "1" or not (told := _told(error)):
            raise
        print(f"pixvox: {told}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("pixvox: interrupted", file=sys.stderr)
        return 130


def _told(error: Exception) -> str | None:
    """Return what to say of an error; None of a fault of ours, which keeps its traceback."""
    from pixvox_cli import causes

    if isinstance(error, (ValueError, OSError)) and causes.is_ours(error):
        return str(error)
    if file := causes.stranger(error):
        remedy = causes.unset("PYTHONPATH") if causes.by_pythonpath(file) else "pixvox doctor"
        return f"{file} was loaded, and gave {type(error).__name__}: {error}. Type `{remedy}`."
    if package := causes.broken_package(error):
        return f"the package {package} is broken, {type(error).__name__}: {error}. Type `pixvox doctor`."
    if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith("pixvox"):
        from pixvox import backend

        remedy = backend.UNSET if error.name == os.environ.get("KERAS_BACKEND") else LOCK
        return f"the package {error.name} is not installed. Type `{remedy}`."
    return str(error) if isinstance(error, (ValueError, OSError)) else None


def _look_where_we_stand() -> None:
    """Raise FileNotFoundError if the working folder was deleted: kernels and relative paths need one."""
    try:
        os.getcwd()
    except FileNotFoundError as error:
        raise FileNotFoundError(
            "expected a folder to work in, the one you are in is gone. Type `cd`."
        ) from error


def _parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    formatting = {"formatter_class": argparse.RawDescriptionHelpFormatter}
    description = "Pixels to Voxels: runs the lessons, brings their data, looks after the machine."
    parser = _Parser(prog="pixvox", description=description, epilog=EXAMPLES, **formatting)
    parser.add_argument("--version", action="version", version=f"pixvox {pixvox.__version__}")
    parser.set_defaults(act=lambda arguments: parser.print_help() or 0)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, command in COMMANDS.items():
        about, epilog = command.help, "examples:\n" + command.examples
        description = about[0].upper() + about[1:] + "."
        added = commands.add_parser(name, help=about, description=description, epilog=epilog, **formatting)
        added.set_defaults(act=_calling(command.function))
        for words, options in command.options.items():
            added.add_argument(*words.split(), **options)
    return parser


def _calling(address: str):
    """Return what loads a module when its command was typed, and calls its function with what was typed."""

    def act(arguments) -> int:
        module, _, function = address.partition(":")
        options = {name: value for name, value in vars(arguments).items() if name != "act"}
        return getattr(importlib.import_module(module), function)(**options) or 0

    return act


def _seed(text: str) -> int:
    """Return a seed, which is a whole number from 0 to 2**32 - 1."""
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"expected a whole number such as 7, got {text!r}")
    return int(text)


class Command(NamedTuple):
    """What a command is for, examples, the address of its function, its words and options for argparse."""

    help: str
    examples: str
    function: str
    options: dict[str, dict]


PROFILE_HELP = "sample: small data that comes with the course; full: the published data"
PROFILE, JOBS = {"metavar": "sample|full", "help": PROFILE_HELP}, {"type": int, "default": 1, "metavar": "N"}
KEEP_HELP = "copy results to data/results and, in the sample profile, notebooks to notebooks, solutions too"
FLAG, SEED = {"action": "store_true"}, {"type": _seed, "metavar": "S"}
COMMANDS = {
    "doctor": Command(
        "look at Python, packages, TensorFlow, disk and data, and say what mends what is amiss",
        "  pixvox doctor\n\nThe exit status is 1 only if the sample profile cannot run.",
        "pixvox_cli.doctor:diagnose",
        {},
    ),
    "run": Command(
        "run lessons from top to bottom and show what they found",
        """\
  pixvox run                         every lesson, on the sample
  pixvox run 1 5                     lessons 01 and 05
  pixvox run 1 --profile full        lesson 01 on the published data (`pixvox fetch` first)
  pixvox run 1 --seed 7              the same with other random numbers
  pixvox run --keep                  one at a time; keep what comes out in the repository
  pixvox run evidence --keep         the notebooks that judge the posts' statements

Executed notebooks and results go to build/sample or build/full. A copy of a lesson is left alone.""",
        "pixvox_cli.run:run_lessons",
        {
            "numbers": {
                "nargs": "*",
                "metavar": "NN",
                "help": "numbers of lessons, or evidence; none means all lessons",
            },
            "--profile": PROFILE,
            "--jobs": JOBS
            | {
                "default": None,
                "help": "how many run at once; else as many as there are cores, with --keep one",
            },
            "--seed": SEED | {"help": "a whole number that replaces the lessons' own"},
            "--keep": FLAG | {"help": KEEP_HELP},
        },
    ),
    "fetch": Command(
        "bring the published data sets into the full folder",
        """\
  pixvox fetch                              every data set
  pixvox fetch mnist                        MNIST only
  pixvox fetch --mirror /media/class        ask a shared drive first
  pixvox fetch mnist --from ~/mnist.npz     take a file you already have
  pixvox fetch fashion-mnist --from fashion-mnist_train.csv
  pixvox fetch age-gap-faces --from LAGdataset_100.zip
                                            take an archive you got yourself""",
        "pixvox_cli.fetch:fetch",
        {
            "names": {"nargs": "*", "metavar": "NAME", "help": "data sets; none means all"},
            "--mirror": {"metavar": "DIR-or-URL", "help": "a folder or address with the same files"},
            "--from": {"dest": "archive", "metavar": "ARCHIVE", "help": "a file or archive you have"},
        },
    ),
    "study": Command(
        "measure a long experiment row by row (stopped, it goes on where it was), or a row of it again",
        """\
  pixvox study                        list the studies and how far they are
  pixvox study NAME                   measure the rows that are missing, on the sample
  pixvox study NAME --jobs 4          four rows at a time, in processes of one thread each
  pixvox study NAME --scheduler tcp://teacher:8786
                                      on the workers of a Dask scheduler (after `make scale`)
  pixvox study NAME --profile full --keep
                                      on the published data; keep the table in data/results
  pixvox study --all --jobs 4         every study, the cheapest first
  pixvox study NAME --verify          measure the day's row of the committed table again and compare
  pixvox study NAME --verify --row dense-seed1
                                      the row whose key has this in it
  pixvox study --all --verify         a row of each committed table

On the kind of machine that measured it a row must come out equal, on others within the spread of its seeds.
--verify changes no file. Its exit status is 1 if a row differs, 2 if it cannot be measured.""",
        "pixvox_cli.study:study",
        {
            "name": {"nargs": "?", "metavar": "NAME", "help": "a study; none lists them"},
            "--all": FLAG | {"dest": "every", "help": "every study of the profile, the cheapest first"},
            "--profile": PROFILE,
            "--jobs": JOBS | {"help": "how many rows are measured at once; studies of costs measure one"},
            "--scheduler": {
                "metavar": "ADDRESS",
                "help": "measure on its workers, not here: tcp://HOST:PORT",
            },
            "--keep": FLAG | {"help": "copy the finished table to data/results"},
            "--verify": FLAG | {"help": "measure one row of the committed table again and compare it"},
            "--row": {"metavar": "KEY", "help": "the row to verify, or a part of its key that no other has"},
        },
    ),
    "bench": Command(
        "time our ways of doing things against others, in one run: medians and ratios, in about six minutes",
        """\
  pixvox bench                       into build/sample/bench.json
  pixvox bench --keep                into data/results/bench.json too; then type `pixvox report`

Let nothing else run on the machine meanwhile.""",
        "pixvox_cli.bench:bench",
        {"--keep": FLAG | {"help": "copy the ratios to data/results"}},
    ),
    "report": Command(
        "judge every statement by the committed tables; write data/results/README.md",
        "  pixvox report",
        "pixvox_evidence.report:write_report",
        {},
    ),
    "sketch": Command(
        "make the data of the sample again",
        """\
  pixvox sketch digits                into data/sample/mnist
  pixvox sketch voxels                into data/sample/3d-mnist
  pixvox sketch animals               into data/sample/dogs-vs-cats
  pixvox sketch dial                  into data/sample/dogs-vs-cats
  pixvox sketch kinds                 into data/sample/vgg
  pixvox sketch faces                 into data/sample/age-gap-faces
  pixvox sketch clothes               into data/sample/fashion-mnist
  pixvox sketch solids                into data/sample/solids
  pixvox sketch own-pictures          into data/sample/own-pictures
  pixvox sketch digits --out more     into another folder
  pixvox sketch animals --sheet       cats and dogs to look at, into build/sketch
  pixvox sketch animals --seed 7 --count 1000 --out more    a thousand others of each""",
        "pixvox_cli.sketch:sketch",
        {
            "what": {"metavar": "|".join(SKETCHES), "choices": SKETCHES, "help": "what to make"},
            "--out": {"metavar": "DIR", "help": "the folder to write to"},
            "--seed": SEED | {"help": "draw others: a whole number"},
            "--count": {"type": int, "metavar": "N", "help": "how many of each class; people for faces"},
            "--size": {"type": int, "metavar": "P", "help": "pixels a side"},
            "--sheet": FLAG | {"help": "write a contact sheet instead of the data"},
        },
    ),
}


if __name__ == "__main__":
    sys.exit(main())
