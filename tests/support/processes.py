"""What tests ask of processes that they do not start themselves."""

import time

import psutil


def wait_until(condition):
    """Wait for what happens in another process, half a minute at most."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_alive(process):
    return psutil.pid_exists(process) and psutil.Process(process).status() != psutil.STATUS_ZOMBIE
