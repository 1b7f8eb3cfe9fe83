"""Where the data sets are: two profiles, one layout, and files that are whole or not there.

The profile ``sample`` is the folder ``data/sample``, ``full`` is ``data/full`` or
``$PIXVOX_DATA``. Both hold the same files under the same names, so a loader asks
`locate` for a file and never which profile runs. What is made goes to ``build`` or ``$PIXVOX_BUILD``.
"""

import os
from contextlib import contextmanager, suppress
from pathlib import Path

from pixvox.datasets.files import checksum, staging, tree_checksum
from pixvox.datasets.registry import DATASETS, DataSet

ROOT = Path(__file__).resolve().parents[3]
PROFILES = ("sample", "full")

_located: dict[str, Path | list[Path]] = {}


def profile(name: str | None = None) -> str:
    """Return the profile in force: `name`, else ``$PIXVOX_PROFILE``, else "sample".

    Raises ValueError if that is neither "sample" nor "full".
    """
    chosen = name or os.environ.get("PIXVOX_PROFILE", "").strip() or "sample"
    if chosen not in PROFILES:
        raise ValueError(
            f"expected the profile 'sample' or 'full', got {chosen!r}. "
            "Type `--profile sample` or `--profile full`, or set PIXVOX_PROFILE to one of them."
        )
    return chosen


_profile = profile  # below, `profile` is also the name of an argument


def data_dir(profile: str | None = None) -> Path:
    """Return the folder of the profile's data, of full ``$PIXVOX_DATA``; ValueError if that can be none."""
    if _profile(profile) == "sample":
        return ROOT / "data" / "sample"
    return _chosen_folder("PIXVOX_DATA") or ROOT / "data" / "full"


def build_root() -> Path:
    """Return the folder of what is made, ``build`` or ``$PIXVOX_BUILD``; ValueError if that can be none."""
    return _chosen_folder("PIXVOX_BUILD") or ROOT / "build"


def _chosen_folder(name: str) -> Path | None:
    """Return the folder that a variable names, a relative one counted from the repository; None for none."""
    text = os.environ.get(name, "").strip().strip("\"'")  # Windows and Docker leave the quotes in
    chosen = os.path.expanduser(os.path.expandvars(text))
    if chosen.startswith(("~", "$", "%")) or os.path.isfile(ROOT / chosen):
        what = "the file" if os.path.isfile(ROOT / chosen) else "what nobody knows the beginning of:"
        raise ValueError(f"expected {name} to be a folder, got {what} {chosen}. Set it anew.")
    return (ROOT / chosen).resolve() if chosen else None


def build_dir(profile: str | None = None) -> Path:
    """Return the folder for what a run in the profile makes; it may not exist yet."""
    return build_root() / _profile(profile)


def cache_dir(profile: str | None = None) -> Path:
    """Return the folder for files derived from the data, so that nothing is derived twice.

    That is the data folder of the full profile where it can be written, and else
    ``build/cache/<profile>``: the sample's folder is committed and stays clean.
    """
    with suppress(OSError):
        if _profile(profile) == "full":
            return try_writing(data_dir("full"))
    return build_root() / "cache" / _profile(profile)


def try_writing(folder: Path) -> Path:
    """Return the folder, made if need be, after a file was written in it and removed; else raise OSError."""
    with staging(folder) as temporary:
        (temporary / "tried").write_bytes(bytes(4096))
    return folder


def dataset(name: str) -> DataSet:
    """Return the registry's entry for a data set.

    Raises ValueError if there is no data set of that name; the message lists those there are.
    """
    if name not in DATASETS:
        raise ValueError(f"expected a data set's name ({', '.join(DATASETS)}), got {name!r}.")
    return DATASETS[name]


def remedy(name: str, profile: str | None = None) -> str:
    """Return the command that brings the data set into the profile."""
    entry = dataset(name)
    published = _profile(profile) == "full" and not entry.drawn_only
    return f"pixvox fetch {name}" if published or not entry.sketch else f"pixvox sketch {entry.sketch}"


def home(name: str, profile: str | None = None) -> Path:
    """Return the data set's folder in the profile; it may not exist."""
    return data_dir(profile) / (dataset(name).folder or name)


def locate(name: str, relative: str, *, profile: str | None = None) -> Path:
    """Return the path of a data set's file in the profile, and remember it for `used`.

    Only its existence is looked at here; loaders check the format.

    Raises FileNotFoundError if it is not there; the message names the command that brings it.
    """
    path = _existing(name, relative, "file", profile)
    _located[f"{home(name, profile).name}/{relative}"] = path
    return path


def locate_folder(name: str, relative: str = ".", *, profile: str | None = None) -> Path:
    """Return the path of a data set's folder in the profile; raises as `locate`.

    Say with `remember` which of its files were used.
    """
    return _existing(name, relative, "folder", profile)


def remember(name: str, relative: str, paths: list[Path]) -> None:
    """Remember that these files of a data set's folder were used, for `used`."""
    _located[(Path(home(name).name) / relative).as_posix()] = list(paths)


def _existing(name: str, relative: str, kind: str, profile: str | None) -> Path:
    """Return the path of a data set's file or folder, or raise FileNotFoundError."""
    chosen, entry = _profile(profile), dataset(name)
    path = home(name, chosen) / relative
    if path.is_file() if kind == "file" else path.is_dir():
        return path
    hint = f"Type `{remedy(name, chosen)}`."
    if chosen == "sample" and not entry.sketch:
        hint = f"The sample profile has no {name}. {hint[:-1]}, then set PIXVOX_PROFILE=full."
    raise FileNotFoundError(f"{name} ({chosen} profile): expected the {kind} {path}, it is not there. {hint}")


@contextmanager
def naming_remedy(name: str, profile: str | None = None):
    """Add the command that mends the data set in the profile to a ValueError raised inside."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{error} Type `{remedy(name, profile)}`.") from error


def used() -> dict[str, str]:
    """Return {"<data set>/<file>": SHA-256} of all that was located since the start, or since `forget`.

    For a folder of pictures it is one SHA-256 of the names and contents of those that were used.
    """
    return {
        key: tree_checksum(path) if isinstance(path, list) else checksum(path)
        for key, path in sorted(_located.items())
    }


def forget() -> None:
    """Empty the record that `used` reports."""
    _located.clear()
