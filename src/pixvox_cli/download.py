"""Download one file: progress shown, tried again when the line breaks."""

import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import pooch
import requests
from tqdm import tqdm

RETRIES = 3
PAUSE = 1.0  # seconds before the first retry; doubled before each further one
TIMEOUT = 30  # seconds without a byte
_HOST = re.compile(
    r"[\w-]{1,63}(\.[\w-]{1,63})*\.?|[0-9a-f.]*:[0-9a-f.:]*"
)  # www.example.org, 127.0.0.1, ::1


def download(url: str, target: Path, *, size: int = 0) -> None:
    """Download a file, trying again after growing pauses.

    Args:
        url: an http or https address.
        target: where to write; give a path in a temporary folder.
        size: bytes expected at least; fewer count as broken off.

    Raises:
        ConnectionError: when all tries have failed, or the server refused for good.
        OSError: if `target` cannot be written.
    """
    for attempt in range(1 + RETRIES):
        try:
            _stream(url, target, size)
            return
        except requests.RequestException as error:
            reason, hopeless = _reason(error), _hopeless(error)
        if hopeless or attempt == RETRIES:
            break
        pause = PAUSE * 2**attempt
        print(f"  {target.name}: {reason}; trying again in {pause:g} s.")
        time.sleep(pause)
    expected = f"expected {size:,} bytes" if size else "expected the file"
    raise ConnectionError(f"{url}: {expected}, came: {reason}.")


def is_address(source: str) -> bool:
    """Say whether a source is an address, not a path."""
    return source.startswith(("http://", "https://"))


def names_a_host(address: str) -> bool:
    """Say whether an address has a computer's name or number, and a port, if any, that can be one."""
    try:
        parts = urlsplit(address)
        return parts.port != 0 and _HOST.fullmatch(parts.hostname or "") is not None
    except ValueError:
        return False


def _stream(url: str, target: Path, size: int) -> None:
    """Download a file once, with a progress bar where somebody watches."""
    identity = {"Accept-Encoding": "identity"}  # the file as it is, not unzipped on the way
    look = {"desc": f"  {target.name}", "unit": "B", "unit_scale": True, "leave": False}
    with tqdm(total=size or 1, disable=None, **look) as bar:  # pooch sets the total that the server tells
        downloader = pooch.HTTPDownloader(progressbar=bar, timeout=TIMEOUT, headers=identity)
        downloader(url, target, None)
    came = target.stat().st_size
    if came < size:
        raise requests.exceptions.ChunkedEncodingError(f"{came:,} of {size:,} bytes")


def _reason(error: requests.RequestException) -> str:
    """Say in a few words why a download failed."""
    if error.response is not None:
        return f"HTTP status {error.response.status_code}"
    if isinstance(error, requests.exceptions.SSLError):
        return f"no secure connection ({error})"
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT} s"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return f"a download broken off ({error})"
    return (
        "no connection (is there a network?)" if isinstance(error, requests.ConnectionError) else str(error)
    )


def _hopeless(error: requests.RequestException) -> bool:
    """Say whether trying again is of no use: the server said no, for good."""
    if error.response is None:
        return isinstance(error, (requests.exceptions.SSLError, requests.exceptions.InvalidURL))
    return error.response.status_code < 500 and error.response.status_code not in (408, 429)
