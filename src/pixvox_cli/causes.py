"""Causes, told as far as they are known: how a process ended, and from which file an error comes."""

import os
import platform
import re
import signal
import site
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from importlib.machinery import PathFinder
from pathlib import Path
from traceback import walk_tb
from types import ModuleType

SOURCE = Path(__file__).resolve().parents[1]
SHELL = 128  # a shell tells signal 9 as exit status 137
AVX_ON_WINDOWS = 39  # PF_AVX_INSTRUCTIONS_AVAILABLE
MEANINGS = {
    "SIGABRT": "it found a fault in itself and gave up",
    "SIGBUS": "it could not reach a file or memory that it had mapped, as where the disk or /dev/shm is full",
    "SIGFPE": "it made a calculation that the processor refuses",
    "SIGHUP": "its terminal was closed",
    "SIGINT": "somebody typed Ctrl-C",
    "SIGSEGV": "it reached for memory that is not its own, a fault in compiled code",
    "SIGTERM": "the system or somebody asked it to end",
    "SIGXCPU": "it used more processor time than is allowed (`ulimit -t` tells how much)",
    "SIGXFSZ": "it wrote a larger file than is allowed (`ulimit -f` tells how large)",
}
ON_WINDOWS = {
    0xC0000005: "it reached for memory that is not its own, a fault in compiled code",
    0xC0000017: "there was not enough memory",
    0xC00000FD: "its stack was full",
    0xC0000135: "a DLL that it needs was not found",
    0xC0000139: "a DLL that it needs lacks a function: one of another version was found",
    0xC000013A: "somebody typed Ctrl-C or closed the window",
    0xC0000142: "a DLL that it needs could not start",
    0xC0000409: "it found a fault in itself and gave up",
}
ILLEGAL_ON_WINDOWS = 0xC000001D


def memory_kills() -> int | None:
    """Return how many processes were ended for want of memory so far; None where the system does not tell.

    Linux counts them for each group of processes (a container is one), and else for the whole machine.
    """
    groups, own = Path("/sys/fs/cgroup"), _text("/proc/self/cgroup")
    now = re.search(r"^0::/(.*)$", own, re.MULTILINE)
    once = re.search(r"^\d+:[\w,]*\bmemory\b[\w,]*:/(.*)$", own, re.MULTILINE)
    paths = [groups / (now[1] if now else "") / "memory.events"]
    paths += [groups / "memory" / (once[1] if once else "") / "memory.oom_control"]
    for path in (*paths, groups / "memory" / "memory.oom_control", Path("/proc/vmstat")):
        if count := re.search(r"^oom_kill (\d+)$", _text(path), re.MULTILINE):
            return int(count[1])
    return None


def _text(path: Path | str) -> str:
    """Return the text of a file of the system's; "" where there is none."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def how_it_ended(status: int | None, kills: int | None = None) -> str:
    """Say what an exit status tells, such as "SIGTERM (-15): the system or somebody asked it to end".

    Args:
        status: as `subprocess` tells it (a signal is negative), as a shell does (137), or as Windows does.
        kills: what `memory_kills` returned before the process was started.
    """
    if status is None:
        return "an exit status that is not known"
    code = status & 0xFFFFFFFF
    if code == ILLEGAL_ON_WINDOWS:
        return f"exit status 0x{code:08X}: {_illegal_instruction()}"
    if code >= 0xC0000000 and status < -SHELL or status >= 0xC0000000:
        return f"exit status 0x{code:08X}" + (f": {ON_WINDOWS[code]}" if code in ON_WINDOWS else "")
    number = -status if status < 0 else status - SHELL
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"exit status {status}"
    told = f"{name} ({status})"
    if name == "SIGKILL":
        return f"{told}: {_killed(kills)}"
    meaning = _illegal_instruction() if name == "SIGILL" else MEANINGS.get(name)
    return f"{told}: {meaning}" if meaning else told


def _killed(kills: int | None) -> str:
    """Say as much as is known of why a process was killed."""
    now = memory_kills()
    if kills is None or now is None:
        return "the system or somebody ended it; whether for want of memory is not known here"
    if now > kills:
        return "the system ended it for want of memory. Close other programs, or run fewer at once"
    return "the system or somebody ended it; the system counts no process ended for want of memory since"


def _illegal_instruction() -> str:
    """Say what is known of this processor after one refused an instruction."""
    name, avx = processor()
    seen = {
        True: f"{name} has AVX, which TensorFlow's packages need, so it is another one",
        False: f"TensorFlow's packages need AVX, which {name} lacks",
        None: f"this is {name}; TensorFlow's packages need AVX on processors by Intel and AMD",
    }
    text = f"it has an instruction that this processor refuses ({seen[avx]})"
    return f"{text}. Another machine helps, installing the same packages again does not"


def processor() -> tuple[str, bool | None]:
    """Return the processor's name, and whether it has the instructions AVX; None where nothing tells."""
    if sys.platform == "linux":
        lines = dict(re.findall(r"^([\w ]+?)\s*: (.*)$", _text("/proc/cpuinfo"), re.MULTILINE))
        flags = lines.get("flags", "").split()
        return lines.get("model name", platform.machine()), "avx" in flags if flags else None
    if sys.platform == "darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string", "machdep.cpu.features"]
        name, _, flags = subprocess.run(command, capture_output=True, text=True).stdout.partition("\n")
        return name or platform.machine(), "AVX1.0" in flags.split() if flags.strip() else None
    if sys.platform == "win32":
        import ctypes

        has = bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(AVX_ON_WINDOWS))
        return platform.processor(), has if platform.machine() == "AMD64" else None
    return platform.machine(), None


def unset(name: str) -> str:
    """Return the command that takes an environment variable away."""
    return f"unset {name}" if os.name == "posix" else f"set {name}="


def files(error: BaseException) -> Iterator[str]:
    """Give the files that an error tells of: that with the mistake first, then from where it came up."""
    seen: list[BaseException] = []
    while error and error not in seen:
        seen.append(error)
        error = error.__cause__ or error.__context__
    for error in reversed(seen):
        module = getattr(getattr(error, "obj", None), "__file__", None)  # of an AttributeError
        named = error.filename if isinstance(error, SyntaxError) else getattr(error, "path", None)
        yield from (name for name in (named, module) if isinstance(name, str))
        yield from reversed([frame.f_code.co_filename for frame, _ in walk_tb(error.__traceback__)])


def is_ours(error: BaseException) -> bool:
    """Say whether an error was raised by the course's own code."""
    raised = [frame.f_code.co_filename for frame, _ in walk_tb(error.__traceback__)][-1]
    return Path(os.path.abspath(raised)).is_relative_to(SOURCE)


def by_pythonpath(file: str) -> bool:
    """Say whether a file is in a folder that PYTHONPATH names."""
    folders = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    return any(Path(file).is_relative_to(os.path.abspath(folder)) for folder in folders)


def stranger(error: BaseException) -> str | None:
    """Return the file that an error comes from, if it was loaded in the place of one of the course's.

    Such a file is in a folder of PYTHONPATH, in the user's own packages, or in the folder one works in.
    """
    known = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    strange = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    strange += [folder for folder in ("", sys.path[0]) if folder in sys.path]
    strange += [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    for path in map(Path, map(os.path.abspath, files(error))):
        if any(path.is_relative_to(folder) for folder in (*known, SOURCE)) or not os.path.exists(path):
            continue
        if any(_takes_a_place(path, os.path.abspath(folder)) for folder in strange):
            return str(path)
    return None


def _takes_a_place(path: Path, folder: str) -> bool:
    """Say whether a file is of a module in a folder that would be found elsewhere, were it not there."""
    if not path.is_relative_to(folder) or path == Path(folder):
        return False
    name = path.relative_to(folder).parts[0].partition(".")[0]
    here = PathFinder.find_spec(name, [folder])
    if not here or not here.origin:  # a folder that is no package gives way to one
        return False
    others = [other for other in sys.path if os.path.abspath(other) != folder]
    return name in sys.stdlib_module_names or PathFinder.find_spec(name, others) is not None


def _recorded(top: str) -> list[str]:
    """Return the installed packages that say a module is of theirs, though its files may be gone.

    From Python 3.12 on, `packages_distributions` leaves out what is gone.
    """
    import importlib.metadata

    def records(distribution) -> bool:
        lines = (distribution.read_text("RECORD") or "").splitlines()
        return any(re.split(r"[/\\.,]", line, maxsplit=1)[0] == top for line in lines)

    return [one.metadata["Name"] for one in importlib.metadata.distributions() if records(one)]


def broken_package(error: BaseException) -> str | None:
    """Return for instance "numpy==2.4.1" where what cannot be imported is of an installed package."""
    import importlib.metadata  # here, since it loads much that a file may shadow

    module = isinstance(getattr(error, "obj", None), ModuleType)
    if not isinstance(error, (ImportError, SyntaxError, EOFError)) and not module:
        return None
    found = []
    if isinstance(error, ModuleNotFoundError) and error.name:
        top = error.name.partition(".")[0]
        if (SOURCE / top).exists():  # of ours
            return None
        found = importlib.metadata.packages_distributions().get(top) or _recorded(top)
    homes = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    paths = [Path(name) for name in files(error)]
    inside = [path.relative_to(home) for path in paths for home in homes if path.is_relative_to(home)]
    if inside and not found:
        known = importlib.metadata.packages_distributions().get(inside[0].parts[0], [])
        found = [name for name in known if inside[0] in map(Path, importlib.metadata.files(name) or [])]
    return f"{found[0]}=={importlib.metadata.version(found[0])}" if found else None
