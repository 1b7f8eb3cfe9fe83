"""Download a file, and say what was in the way: which host, proxy, status or certificate, and what mends it.

Only what may pass is asked again: a broken line, a busy server, a wrong checksum.
"""

import errno
import html
import os
import re
import socket
import ssl
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http.client import responses
from pathlib import Path
from urllib.parse import urlsplit

import pooch
import requests
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

RETRIES = 3
TIMEOUT = 30  # seconds without a byte
PATIENCE = 20  # seconds that are waited if a server wants it
LATER = (408, 429)  # HTTP statuses below 500 after which asking again may help
NO_WAY = (errno.ECONNREFUSED, errno.ENETUNREACH, errno.EHOSTUNREACH)
DATES = ("has expired", "not yet valid")  # in what is said of a certificate
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
ANOTHER = "http://HOST:PORT"
SIGN_IN = "If this network wants it, open any page in a browser and sign in."


def download(url: str, work: Path, *, known_hash: str | None = None) -> Path:
    """Download a file with pooch, which asks again if the line breaks or the checksum is wrong.

    Raises:
        requests.RequestException: it could not be had, and asking again did not help.
        ConnectionError: it cannot be had as things are; the message says what is to be changed.
        FileNotFoundError: it is not to be had from there.
        ValueError: its checksum is wrong.
    """
    pooch.get_logger().setLevel("WARNING")  # `_ask` tells what is done, without temporary paths
    name = url.rpartition("/")[2]
    known = {"registry": {name: known_hash or None}, "urls": {name: url}}
    cache = pooch.create(work / "downloads", "", retry_if_failed=RETRIES, **known)
    return Path(cache.fetch(name, downloader=_ask))


def public(address: str) -> str:
    """Return an address, or a text with some, without users and passwords, which may hold slashes."""
    return re.sub(r"(?<=://)([^/?#\s]*|[^/\s]*:\S*)@", "", address)


def _ask(url: str, target: str, cache: pooch.Pooch) -> None:
    """Download a file once; pooch asks again after a RequestException or a ValueError, and after no other."""
    print(f"  Asking {public(url)}.")
    identity = {"Accept-Encoding": "identity"}  # the file as it is, not unzipped on the way
    ask = pooch.HTTPDownloader(progressbar=sys.stderr.isatty(), timeout=TIMEOUT, headers=identity)
    try:
        ask(url, target, cache)
    except OSError as error:
        if not isinstance(error, requests.RequestException) and error.errno is not None:
            raise  # of the disk
        raise _explained(error, url) from error
    if (title := web_page(Path(target))) is not None:
        raise ConnectionError(f"a web page {title!r} instead of the file, as sign-in pages come. {SIGN_IN}")


def web_page(path: Path) -> str | None:
    """Return the title of a web page, or None if a file is none."""
    with open(path, "rb") as file:
        text = file.read(20_000).decode("utf-8-sig", "replace")
    if not re.match(
        r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head)\b", text, re.I | re.S
    ):
        return None
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.I | re.S)
    return " ".join(html.unescape(title[1]).split())[:80] if title else ""


def _explained(error: OSError, url: str) -> OSError:
    """Return the error that tells cause and remedy: a RequestException if asking again may help."""
    url = error.request.url if getattr(error, "request", None) else url  # where a redirect led
    text, causes = public(str(error)).rstrip("."), list(_causes(error))
    proxy, variable = _proxy(url)
    through = f" through {proxy}" if proxy else ""
    if tunnel := re.search(r"Tunnel connection failed: (\d+)", text):
        return _of_status(int(tunnel[1]), {}, url, through)
    if isinstance(error, requests.HTTPError):
        return _of_status(error.response.status_code, error.response.headers, url, through)
    if isinstance(error, requests.TooManyRedirects):
        return FileNotFoundError(f"one address leads to the next without end{through}.")
    if "TLS CA certificate bundle" in text or "NO_CERTIFICATE_OR_CRL" in text:
        name = next(filter(os.environ.get, BUNDLES), BUNDLES[0])
        given = public(os.environ.get(name, ""))
        return ConnectionError(f"{name} is {given!r}, no file of certificates. Set it to one, or unset it.")
    if "SOCKS" in text:
        remedy = f"Type `python -m pip install PySocks`, or set {variable} to {ANOTHER}."
        return ConnectionError(f"the package PySocks is not installed, which {proxy} needs. {remedy}")
    if isinstance(error, ValueError):  # something is no address
        return ConnectionError(
            f"{text}{f', with {proxy}' if proxy else ''}.{f' Set {variable} to {ANOTHER}.' if proxy else ''}"
        )
    return _of_line(error, causes, urlsplit(url).hostname, proxy, variable)


def _of_status(status: int, headers: Mapping[str, str], url: str, through: str) -> OSError:
    """Return the error for an HTTP status."""
    _, variable = _proxy(url)
    told = f"HTTP status {status}{f', {responses[status]},' if status in responses else ''}{through}".rstrip(
        ","
    )
    if status == 407:
        wants = (
            "refuses the user and password"
            if "@" in os.environ.get(variable, "")
            else "wants a user and a password"
        )
        remedy = f"; it {wants}. Set {variable} to http://USER:PASSWORD@HOST:PORT" if variable else ""
        return ConnectionError(f"{told}{remedy}.")
    if status == 511:
        return ConnectionError(f"{told}. {SIGN_IN}")
    if status < 500 and status not in LATER:
        remedy = (
            " Its address takes user and password: http://USER:PASSWORD@HOST/..." if status == 401 else ""
        )
        return FileNotFoundError(f"{told}.{remedy}")
    if seconds := _retry_after(headers):
        if seconds > PATIENCE:
            return ConnectionError(
                f"{told}: it wants to be asked again in {seconds:,.0f} seconds, not before."
            )
        print(f"  {told}: waiting the {seconds:.0f} seconds that it wants.")
        time.sleep(seconds)
    return requests.RequestException(f"{told}.")


def _retry_after(headers: Mapping[str, str]) -> float:
    """Return how many seconds a server wants to be left alone, 0 if it does not say."""
    with suppress(InvalidHeader):
        return Retry().parse_retry_after(headers.get("Retry-After", "0"))
    return 0.0


def _of_line(
    error: OSError, causes: list[BaseException], host: str | None, proxy: str, variable: str
) -> OSError:
    """Return the error for a line that could not be had, or broke."""
    at_proxy = isinstance(error, requests.exceptions.ProxyError)
    who = proxy if at_proxy else f"{host}{f' through {proxy}' if proxy else ''}"
    of_proxy = f" Set {variable} to one that runs, or unset it." if at_proxy else ""
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _of_certificate(cause.verify_message, who)
        if isinstance(cause, socket.gaierror):
            remedy = of_proxy or " Look whether the name is right, and whether this machine has a network."
            return ConnectionError(f"{who} is not found: {cause.strerror}.{remedy}")
        if isinstance(cause, ConnectionRefusedError) or getattr(cause, "errno", None) in NO_WAY:
            return ConnectionError(f"{who} cannot be reached: {cause.strerror}.{of_proxy}")
        if getattr(cause, "reason", None) == "WRONG_VERSION_NUMBER":
            remedy = f" Set {variable} to an address that begins with http://." if at_proxy else ""
            return ConnectionError(f"{who} does not speak https: {cause}.{remedy}")
    if isinstance(error, requests.Timeout) or any(isinstance(cause, TimeoutError) for cause in causes):
        return requests.Timeout(f"no answer from {who} within {TIMEOUT} seconds.")
    return requests.ConnectionError(f"the line to {who} broke: {public(str(causes[-1]))}.")


def _of_certificate(told: str, who: str) -> OSError:
    """Return the error for a certificate that is not trusted."""
    remedy = f"If {who} is not what answers here but a sign-in page, open any page in a browser and sign in."
    if any(words in told for words in DATES):
        remedy = f"This machine's clock says {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: set it if that is wrong."
    elif "issuer" in told or "self-signed" in told or "self signed" in told:
        remedy = (
            "If this network opens https and signs with a certificate of its own, get its file (PEM) from "
            "those who run it and set REQUESTS_CA_BUNDLE to the file."
        )
    return ConnectionError(f"the certificate of {who} is not trusted: {told}. {remedy}")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what is behind it, as requests, urllib3 and Python keep that."""
    if error is not None:
        yield error
        kept = (
            getattr(error, name, None) for name in ("reason", "original_error", "__cause__", "__context__")
        )
        yield from _causes(
            next((one for one in (*kept, *error.args) if isinstance(one, BaseException)), None)
        )


def _proxy(url: str) -> tuple[str, str]:
    """Return the proxy that is asked for an address, in words, and where it is set; or two empty texts."""
    proxy = select_proxy(url, get_environ_proxies(url))
    if not proxy:
        return "", ""
    names = [f"{scheme}_proxy" for scheme in (urlsplit(url).scheme, "all")]
    found = filter(os.environ.get, (case for name in names for case in (name, name.upper())))
    variable = next(found, "the proxy of the system's settings")
    address = proxy if "://" in proxy else f"http://{proxy}"
    return f"the proxy {public(address)} (from {variable})", variable
