"""The command `pixvox`: reads what was typed and hands it to the module that does it."""

import argparse
import importlib
import os
import subprocess
import sys
from collections.abc import Sequence

import pixvox
from pixvox import backend
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
  PIXVOX_TRACEBACK   1 shows where in the code an error came up
"""
PROFILE_HELP = "sample: small data that comes with the course; full: the published data"
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
        remedy = backend.UNSET if error.name == os.environ.get("KERAS_BACKEND") else LOCK
        print(f"pixvox: the package {error.name} is not installed. Type `{remedy}`.", file=sys.stderr)
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
    for add in (_add_doctor, _add_run, _add_fetch, _add_study, _add_report, _add_sketch):
        add(commands)
    return parser


def _add_command(commands, name: str, *, help: str, examples: str, act) -> argparse.ArgumentParser:
    """Add a command whose help ends with examples."""
    parser = commands.add_parser(
        name,
        help=help,
        description=help[0].upper() + help[1:] + ".",
        epilog="examples:\n" + examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(act=act)
    return parser


def _calling(module: str, function: str):
    """Return what loads a module when its command was typed, and calls its function with what was typed."""

    def act(arguments) -> int:
        options = {name: value for name, value in vars(arguments).items() if name != "act"}
        return getattr(importlib.import_module(module), function)(**options) or 0

    return act


def _add_doctor(commands) -> None:
    """Add `pixvox doctor`."""
    _add_command(
        commands,
        "doctor",
        help="look at Python, packages, TensorFlow, disk and data, and say what mends what is amiss",
        examples="  pixvox doctor\n\nThe exit status is 1 only if the sample profile cannot run.",
        act=_calling("pixvox_cli.doctor", "diagnose"),
    )


def _add_run(commands) -> None:
    """Add `pixvox run`."""
    parser = _add_command(
        commands,
        "run",
        help="run lessons from top to bottom and show what they found",
        examples="""\
  pixvox run                         every lesson, on the sample
  pixvox run 1 5                     lessons 01 and 05
  pixvox run 1 --profile full        lesson 01 on the published data (`pixvox fetch` first)
  pixvox run 1 --seed 7              the same with other random numbers
  pixvox run --jobs 2 --keep         two at a time; keep what comes out in the repository

Executed notebooks and results go to build/sample or build/full. A copy of a lesson is left alone.""",
        act=_calling("pixvox_cli.run", "run_lessons"),
    )
    parser.add_argument("numbers", nargs="*", metavar="NN", help="numbers of lessons; none means all")
    parser.add_argument("--profile", metavar="sample|full", help=PROFILE_HELP)
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="how many lessons run at once")
    parser.add_argument(
        "--seed", type=_seed, metavar="S", help="a whole number that replaces the lessons' own"
    )
    keep = "copy results to data/results and, in the sample profile, notebooks to notebooks; "
    parser.add_argument("--keep", action="store_true", help=keep + "the solutions are run and kept too")


def _seed(text: str) -> int:
    """Return a seed, which is a whole number from 0 to 2**32 - 1."""
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"expected a whole number such as 7, got {text!r}")
    return int(text)


def _add_fetch(commands) -> None:
    """Add `pixvox fetch`."""
    parser = _add_command(
        commands,
        "fetch",
        help="bring the published data sets into the full folder",
        examples="""\
  pixvox fetch                              every data set
  pixvox fetch mnist                        MNIST only
  pixvox fetch --mirror /media/class        ask a shared drive first
  pixvox fetch mnist --from ~/mnist.npz     take a file you already have
  pixvox fetch age-gap-faces --from LAGdataset_100.zip
                                            take an archive you got yourself""",
        act=_calling("pixvox_cli.fetch", "fetch"),
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="data sets; none means all")
    parser.add_argument("--mirror", metavar="DIR-or-URL", help="a folder or address with the same files")
    parser.add_argument("--from", dest="archive", metavar="ARCHIVE", help="a file or archive you have")


def _add_study(commands) -> None:
    """Add `pixvox study`."""
    parser = _add_command(
        commands,
        "study",
        help="measure a long experiment row by row; stopped, it goes on where it was",
        examples=(
            "  pixvox study                        list the studies and how far they are\n"
            "  pixvox study NAME                   measure the rows that are missing, on the sample\n"
            "  pixvox study NAME --jobs 4          four rows at a time, in processes of one thread each\n"
            "  pixvox study NAME --profile full --keep\n"
            "                                      on the published data; keep the table in data/results\n"
            "  pixvox study --all --jobs 4         every study, the cheapest first"
        ),
        act=_study,
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="a study; none lists them")
    parser.add_argument("--all", action="store_true", help="every study, the cheapest first")
    parser.add_argument("--profile", metavar="sample|full", help=PROFILE_HELP)
    parser.add_argument(
        "--jobs",
        type=int,
        default=1,
        metavar="N",
        help="how many rows are measured at once; studies of what training costs measure one",
    )
    parser.add_argument("--keep", action="store_true", help="copy the finished table to data/results")


def _study(arguments) -> int:
    """Do `pixvox study`."""
    from pixvox_cli.console import make_console
    from pixvox_studies import frame as studies

    options = {"profile": arguments.profile, "make_console": make_console}
    if arguments.all and arguments.name:
        raise ValueError("expected a study or --all, got both. Type `pixvox study --all`.")
    if arguments.all:
        return _study_all(arguments, options)
    if arguments.name is None:
        return studies.list_studies(**options)
    return studies.run_study(arguments.name, jobs=arguments.jobs, keep=arguments.keep, **options)


def _study_all(arguments, options: dict) -> int:
    """Do `pixvox study --all`: each study in a process of its own, which loads its data and no other's."""
    from pixvox_studies import frame as studies

    names = studies.cheapest_first(arguments.profile)
    studies.list_studies(names, **options)
    worst = 0
    for name in names:
        words = ["study", name, "--jobs", "1" if studies.STUDIES[name].cost else str(arguments.jobs)]
        words += ["--profile", arguments.profile] if arguments.profile else []
        words += ["--keep"] if arguments.keep else []
        sys.stdout.flush()
        with subprocess.Popen([sys.executable, "-m", "pixvox_cli.main", *words]) as study:
            try:
                worst = max(worst, abs(study.wait()))
            except KeyboardInterrupt:  # the study hears it too, and says how to go on
                study.wait()
                return 130
    return worst


def _add_report(commands) -> None:
    """Add `pixvox report`."""
    _add_command(
        commands,
        "report",
        help="write data/results/README.md: a row a claim, from the results that were kept",
        examples="  pixvox report",
        act=_calling("pixvox_evidence.report", "write_report"),
    )


def _add_sketch(commands) -> None:
    """Add `pixvox sketch`."""
    parser = _add_command(
        commands,
        "sketch",
        help="make the data of the sample again",
        examples="""\
  pixvox sketch digits                into data/sample/mnist
  pixvox sketch voxels                into data/sample/3d-mnist
  pixvox sketch animals               into data/sample/dogs-vs-cats
  pixvox sketch faces                 into data/sample/age-gap-faces
  pixvox sketch clothes               into data/sample/fashion-mnist
  pixvox sketch solids                into data/sample/solids
  pixvox sketch digits --out more     into another folder
  pixvox sketch animals --sheet       cats and dogs to look at, into build/sketch
  pixvox sketch animals --seed 7 --count 1000 --out more    a thousand others of each""",
        act=_calling("pixvox_cli.sketch", "sketch"),
    )
    parser.add_argument("what", metavar="|".join(SKETCHES), choices=SKETCHES, help="what to make")
    parser.add_argument("--out", metavar="DIR", help="the folder to write to")
    parser.add_argument("--seed", type=_seed, metavar="S", help="draw others: a whole number")
    parser.add_argument("--count", type=int, metavar="N", help="how many of each class; people for faces")
    parser.add_argument("--size", type=int, metavar="P", help="pixels a side")
    parser.add_argument("--sheet", action="store_true", help="write a contact sheet instead of the data")


if __name__ == "__main__":
    sys.exit(main())
