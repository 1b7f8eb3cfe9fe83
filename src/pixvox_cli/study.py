"""Does `pixvox study`: lists the studies, or measures one or all."""

import subprocess
import sys

from pixvox_cli.console import make_console
from pixvox_studies import frame


def study(name: str | None, *, every: bool, profile: str | None, jobs: int, keep: bool) -> int:
    """List the studies, or measure the missing rows of one or of every one; return the exit status.

    Args:
        name: a key of `frame.STUDIES`; None lists them, unless `every` is set.
        every: measure all that the profile has, the cheapest first.
        profile, jobs, keep: as in `frame.run_study`; a study of costs measures one row at a time.

    Raises:
        ValueError: for a name beside `every`, or as `frame.run_study`.
    """
    if every and name:
        raise ValueError("expected a study or --all, got both. Type `pixvox study --all`.")
    if every:
        return _study_all(profile, jobs, keep)
    if name is None:
        return frame.list_studies(profile=profile, make_console=make_console)
    return frame.run_study(name, profile=profile, jobs=jobs, keep=keep, make_console=make_console)


def _study_all(profile: str | None, jobs: int, keep: bool) -> int:
    """Measure each study in a process of its own, which loads its data and no other's."""
    names, worst = frame.cheapest_first(profile), 0
    frame.list_studies(names, profile=profile, make_console=make_console)
    for name in names:
        words = ["study", name, "--jobs", "1" if frame.STUDIES[name].cost else str(jobs)]
        words += ["--profile", profile] if profile else []
        words += ["--keep"] if keep else []
        sys.stdout.flush()
        with subprocess.Popen([sys.executable, "-m", "pixvox_cli.main", *words]) as running:
            try:
                worst = max(worst, abs(running.wait()))
            except KeyboardInterrupt:  # the study hears it too, and says how to go on
                running.wait()
                return 130
    return worst
