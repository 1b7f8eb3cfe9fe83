import os
import signal

import pytest

from pixvox_cli import causes

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (None, "an exit status that is not known"),
        (1, "exit status 1"),
        (3, "exit status 3"),
        (0xC0000005, "exit status 0xC0000005: it reached for memory"),
        (0xC0000005 - 2**32, "exit status 0xC0000005: it reached for memory"),
        (0xC0000135, "exit status 0xC0000135: a DLL that it needs was not found"),
        (0xC000001D, "exit status 0xC000001D: it has an instruction that this processor refuses"),
        (0xC0001234, "exit status 0xC0001234"),
    ],
)
def test_an_exit_status_is_told_as_far_as_it_is_known(status, told):
    ended = causes.how_it_ended(status)
    assert ended == told or ended.startswith(told) and len(told) > 30


@posix
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("SIGSEGV", "it reached for memory"),
        ("SIGBUS", "/dev/shm is full"),
        ("SIGABRT", "gave up"),
        ("SIGTERM", "asked it to end"),
        ("SIGXCPU", "`ulimit -t`"),
        ("SIGXFSZ", "`ulimit -f`"),
        ("SIGILL", "this processor refuses"),
        ("SIGKILL", "the system or somebody ended it"),
        ("SIGUSR1", ""),
    ],
)
def test_a_signal_is_told_by_its_name_as_python_and_as_a_shell_have_it(name, told):
    number = getattr(signal, name)
    for known in (-number, 128 + number):
        ended = causes.how_it_ended(known, 0)
        assert ended.startswith(f"{name} ({int(known)})") and told in ended
        assert "want of memory" not in ended or name == "SIGKILL"


@posix
@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (3, 4, "the system ended it for want of memory"),
        (3, 3, "counts no process ended for want of memory since"),
        (None, None, "is not known here"),
        (3, None, "is not known here"),
    ],
)
def test_memory_is_named_only_where_the_system_counted(monkeypatch, before, now, told):
    monkeypatch.setattr(causes, "memory_kills", lambda: now)
    assert told in causes.how_it_ended(-signal.SIGKILL, before)


@pytest.mark.parametrize(("avx", "told"), [(True, "it is another one"), (False, "lacks"), (None, "this is")])
def test_an_illegal_instruction_is_told_with_the_processor_and_without_pip(monkeypatch, avx, told):
    monkeypatch.setattr(causes, "processor", lambda: ("Celeron N2840", avx))
    ended = causes.how_it_ended(causes.ILLEGAL_ON_WINDOWS)
    assert "Celeron N2840" in ended and told in ended and "AVX" in ended
    assert "Another machine helps" in ended and "memory" not in ended and "pip" not in ended


FILES = {
    "/proc/self/cgroup": "0::/user.slice/a.scope\n",
    "/sys/fs/cgroup/user.slice/a.scope/memory.events": "oom 1\noom_kill 7\n",
    "/proc/vmstat": "pgfault 9\noom_kill 5\n",
}
OLD = {
    "/proc/self/cgroup": "4:cpu,memory:/docker/x\n0::/\n",
    "/sys/fs/cgroup/memory/memory.oom_control": "oom_kill_disable 0\noom_kill 2\n",
}


@pytest.mark.parametrize(
    ("files", "kills"), [(FILES, 7), (OLD, 2), ({"/proc/vmstat": FILES["/proc/vmstat"]}, 5), ({}, None)]
)
def test_the_ends_for_want_of_memory_are_counted_for_this_container_first(monkeypatch, files, kills):
    monkeypatch.setattr(causes, "_text", lambda path: files.get(str(path).replace("\\", "/"), ""))
    assert causes.memory_kills() == kills


@pytest.mark.parametrize(
    ("cpuinfo", "seen"),
    [
        ("model name\t: Celeron\nflags\t\t: fpu sse4_2\n", ("Celeron", False)),
        ("model name\t: Xeon\nflags\t\t: fpu avx avx2\n", ("Xeon", True)),
        ("Features\t: fp asimd\n", (causes.platform.machine(), None)),
    ],
)
def test_what_linux_tells_of_a_processor(monkeypatch, cpuinfo, seen):
    monkeypatch.setattr(causes.sys, "platform", "linux")
    monkeypatch.setattr(causes, "_text", lambda path: cpuinfo)
    assert causes.processor() == seen


def test_this_processor_has_a_name():
    name, avx = causes.processor()
    assert name and avx in (True, False, None)
