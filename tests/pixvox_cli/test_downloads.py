import errno
import os
import re
import shutil
import socket
import subprocess
from importlib.util import find_spec
from types import SimpleNamespace

import pytest
import requests
from support.local_server import Answer, serve

from pixvox_cli import downloads

PAGE = b"\xef\xbb\xbf\n<!DOCTYPE html><html><head><title>Sign in &amp;\n go</title></head></html>"
WHERE = "http://nobody.invalid/digits.npz"


@pytest.fixture(autouse=True)
def slept(monkeypatch):
    """Return the seconds that are waited, though nobody does; no proxies, no certificates of the machine."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in downloads.BUNDLES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "")
    seconds = []
    monkeypatch.setattr("pooch.core.time", SimpleNamespace(sleep=lambda wait: None))
    monkeypatch.setattr(downloads, "time", SimpleNamespace(sleep=seconds.append))
    return seconds


@pytest.fixture
def failure(tmp_path, capsys):
    """Return what gives the message of a download that fails, its kind, and how often it was asked for."""

    def fail(url, known=None):
        with pytest.raises((OSError, ValueError)) as caught:
            downloads.download(url, tmp_path, known_hash=known)
        out = capsys.readouterr().out
        assert "secret" not in out + str(caught.value)
        return str(caught.value), caught.type, out.count("Asking")

    return fail


@pytest.fixture
def unknown_hosts(monkeypatch):
    """Let no name be known but those of this machine, without asking anybody."""
    known = socket.getaddrinfo

    def ask(host, *arguments, **settings):
        if host not in ("127.0.0.1", "localhost"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *arguments, **settings)

    monkeypatch.setattr(socket, "getaddrinfo", ask)


@pytest.mark.parametrize("given", ["", "me:secret@"])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("variable", ["{}_proxy", "all_proxy"])
def test_a_proxy_that_wants_a_password_is_named_and_asked_once(monkeypatch, failure, scheme, variable, given):
    url, variable = f"{scheme}://nobody.invalid/digits.npz", variable.format(scheme)
    denied = Answer(status=407, headers={"Proxy-Authenticate": "Basic"})
    with serve({url: denied, "nobody.invalid:443": denied}) as (address, asked):
        proxy = address.replace("http://", "")
        monkeypatch.setenv(variable, f"http://{given}{proxy}")
        message, kind, tries = failure(url)
    assert message.startswith(
        f"HTTP status 407, Proxy Authentication Required, through the proxy {address} (from"
    )
    assert f"Set {variable} to http://USER:PASSWORD@HOST:PORT." in message and kind is ConnectionError
    assert ("refuses" in message) == bool(given) and len(asked) == tries == 1


def test_what_a_proxy_forbids_is_said_to_be_the_proxy_s(monkeypatch, failure):
    with serve({"nobody.invalid:443": Answer(status=403)}) as (address, _):
        monkeypatch.setenv("https_proxy", address)
        message, _, tries = failure("https://nobody.invalid/digits.npz")
    assert "403, Forbidden" in message and f"the proxy {address} (from https_proxy)" in message and tries == 1


PROXIES = {
    "unknown": ("http://me:secret@myproxy:3128", "http://myproxy:3128 .from http_proxy. is not found"),
    "a name alone": ("myproxy", "http://myproxy .from http_proxy. is not found"),
    "refusing": ("http://me:secret@127.0.0.1:9", "127.0.0.1:9 .from http_proxy. cannot be reached"),
    "no name": ("http://", "malformed.*the proxy http:// .from http_proxy"),
    "no port": ("http://me:secret@h:abc", "h:abc.*the proxy http://h:abc .from http_proxy"),
    "half a bracket": ("http://me:secret@[h:1", r"the proxy http://\[h:1 .from http_proxy"),
    "another scheme": ("ftp://h:1", "unsupported scheme ftp.*from http_proxy"),
}


@pytest.mark.parametrize(("proxy", "told"), PROXIES.values(), ids=PROXIES)
def test_a_proxy_that_is_none_is_named_with_its_variable(monkeypatch, failure, unknown_hosts, proxy, told):
    monkeypatch.setenv("http_proxy", proxy)
    message, kind, tries = failure(WHERE)
    assert tries == 1 and kind is ConnectionError
    assert re.search(f"{told}.*Set http_proxy to ", message)


def test_a_socks_proxy_names_the_package_that_is_missing(monkeypatch, failure):
    if find_spec("socks"):
        pytest.skip("PySocks is installed")
    monkeypatch.setenv("all_proxy", "socks5://me:secret@127.0.0.1:1")
    message, _, tries = failure(WHERE)
    assert "`python -m pip install PySocks`" in message and "socks5://127.0.0.1:1 (from all_proxy)" in message
    assert tries == 1


def test_an_unknown_host_and_a_refused_line_are_asked_once(failure, unknown_hosts):
    message, kind, tries = failure("http://me:secret@nobody.invalid/digits.npz")
    assert message.startswith("nobody.invalid is not found: Name or service not known. Look whether")
    assert kind is ConnectionError and tries == 1
    message, kind, tries = failure("http://127.0.0.1:9/digits.npz")
    assert message == f"127.0.0.1 cannot be reached: {os.strerror(errno.ECONNREFUSED)}."
    assert kind is ConnectionError and tries == 1


@pytest.mark.parametrize(
    "body", [PAGE, b"<!-- x --><HTML><body>", b'<?xml version="1.0"?><!doctype HTML><p>']
)
def test_a_web_page_instead_of_the_file_is_said_to_be_one(failure, body):
    with serve({"/digits.npz": Answer(body)}) as (address, asked):
        message, kind, _ = failure(f"{address}/digits.npz", "sha256:" + 64 * "0")
    title = "Sign in & go" if body == PAGE else ""
    assert message.startswith(f"a web page {title!r} instead of the file") and "browser" in message
    assert kind is ConnectionError and len(asked) == 1


def test_a_sign_in_page_that_a_redirect_leads_to_is_one_too(failure):
    answers = {"/digits.npz": Answer(status=302, headers={"Location": "/login"}), "/login": Answer(PAGE)}
    with serve(answers) as (address, asked):
        assert "'Sign in & go'" in failure(f"{address}/digits.npz")[0]
    assert asked == ["/digits.npz", "/login"]


def test_a_file_is_no_web_page(tmp_path):
    for body in (b"", b"PK\x03\x04<html>", b"\x89HDF\r\n\x1a\n", b"label,pixel1\n", b"<svg>"):
        (tmp_path / "x").write_bytes(body)
        assert downloads.web_page(tmp_path / "x") is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_status_that_does_not_pass_is_told_and_asked_for_once(failure, status):
    with serve({"/digits.npz": Answer(status=status)}) as (address, asked):
        message, kind, _ = failure(address.replace("//", "//me:secret@") + "/digits.npz")
    assert message.startswith(f"HTTP status {status}, ") and kind is FileNotFoundError and len(asked) == 1
    assert ("USER:PASSWORD" in message) == (status == 401)


def test_a_network_that_says_that_it_wants_a_sign_in_is_asked_once(failure):
    with serve({"/digits.npz": Answer(status=511)}) as (address, asked):
        assert "511" in (message := failure(f"{address}/digits.npz")[0]) and "sign in" in message
    assert len(asked) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_busy_server_is_asked_again(failure, slept, status):
    with serve({"/digits.npz": Answer(status=status)}) as (address, asked):
        message, kind, _ = failure(f"{address}/digits.npz")
    assert f"HTTP status {status}, " in message and kind is requests.RequestException
    assert len(asked) == 1 + downloads.RETRIES and slept == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_is_left_alone_as_long_as_it_wants(tmp_path, failure, slept, status):
    def busy(wait):
        return Answer(status=status, headers={"Retry-After": wait})

    with serve({"/x": [busy("7"), Answer(b"x")], "/y": busy("3600"), "/z": busy("soon")}) as (address, asked):
        assert downloads.download(f"{address}/x", tmp_path).read_bytes() == b"x" and slept == [7]
        assert "again in 3,600 seconds" in failure(f"{address}/y")[0] and asked.count("/y") == 1
        assert f"HTTP status {status}" in failure(f"{address}/z")[0] and slept == [7]


def test_a_redirect_that_never_ends_is_asked_once(failure):
    with serve({"/x": Answer(status=302, headers={"Location": "/x"})}) as (address, _):
        message, kind, tries = failure(f"{address}/x")
    assert (
        message == "one address leads to the next without end." and kind is FileNotFoundError and tries == 1
    )


def test_a_server_that_says_nothing_and_a_line_that_breaks_are_asked_again(monkeypatch, failure):
    monkeypatch.setattr(downloads, "TIMEOUT", 0.2)
    slow, cut = Answer(bytes(100), pause=0.5), Answer(b"x", length=100)
    with serve({"/slow": slow, "/cut": cut}) as (address, asked):
        assert failure(f"{address}/slow")[::2] == ("no answer from 127.0.0.1 within 0.2 seconds.", 4)
        message, kind, tries = failure(f"{address}/cut")
    assert message.startswith("the line to 127.0.0.1 broke: IncompleteRead(1 bytes read, 99 more expected)")
    assert kind is requests.ConnectionError and tries == 4


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Return what makes a file of a certificate and its key, for that has expired or not."""
    if not shutil.which("openssl"):
        pytest.skip("the command openssl makes the certificates")
    folder = tmp_path_factory.mktemp("certificates")

    def make(name, expired=False):
        path, key = folder / f"{name}.pem", folder / "key.pem"
        subject = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:{name}"]
        new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", path]
        again = ["openssl", "x509", "-in", path, "-signkey", key, "-days", "-1", "-out", path]
        for command in ([*new, *subject], again)[: 1 + expired]:
            subprocess.run(command, check=True, capture_output=True)
        path.write_bytes(path.read_bytes() + key.read_bytes())
        return path

    return make


def test_a_certificate_that_is_not_trusted_is_told_with_the_variable(failure, certificates):
    with serve({}, certificates("127.0.0.1")) as (address, asked):
        message, kind, tries = failure(f"{address}/digits.npz")
    assert message.startswith("the certificate of 127.0.0.1 is not trusted: self")
    assert "REQUESTS_CA_BUNDLE" in message and "clock" not in message
    assert kind is ConnectionError and tries == 1 and asked == []


def test_a_certificate_that_is_named_is_trusted(monkeypatch, failure, certificates, tmp_path):
    path = certificates("127.0.0.1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with serve({"/x": Answer(b"x")}, path) as (address, _):
        assert downloads.download(f"{address}/x", tmp_path).read_bytes() == b"x"


def test_a_certificate_that_has_expired_sends_to_the_clock(monkeypatch, failure, certificates):
    path = certificates("127.0.0.1", expired=True)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with serve({}, path) as (address, _):
        message, _, tries = failure(f"{address}/digits.npz")
    assert "has expired. This machine's clock says 20" in message and tries == 1
    assert "REQUESTS_CA_BUNDLE" not in message


def test_a_certificate_for_another_host_sends_to_the_sign_in_page(monkeypatch, failure, certificates):
    path = certificates("10.9.8.7")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with serve({}, path) as (address, _):
        message, _, tries = failure(f"{address}/digits.npz")
    assert "is not trusted: IP address mismatch" in message and "sign in" in message and tries == 1


@pytest.mark.parametrize("content", [None, b"nonsense"])
def test_a_file_of_certificates_that_is_none_is_named(monkeypatch, failure, tmp_path, content):
    path = tmp_path / "bundle.pem"
    if content:
        path.write_bytes(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with serve({}) as (address, _):
        message, _, tries = failure(address.replace("http", "https") + "/digits.npz")
    assert message.startswith(f"REQUESTS_CA_BUNDLE is '{path}', no file of certificates.") and tries == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_or_a_proxy_without_https_is_named(monkeypatch, failure, scheme):
    with serve({}) as (address, _):
        other = address.replace("http", "https")
        if scheme == "http":
            message, _, tries = failure(f"{other}/digits.npz")
            assert message.startswith("127.0.0.1 does not speak https")
        else:
            monkeypatch.setenv("https_proxy", other)
            message, _, tries = failure("https://nobody.invalid/digits.npz")
            assert "Set https_proxy to an address that begins with http://." in message
    assert tries == 1


def test_a_disk_that_is_full_is_no_fault_of_the_line(monkeypatch, failure):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pooch.downloaders.HTTPDownloader.__call__", full)
    message, kind, tries = failure(WHERE)
    assert "No space left" in message and kind is OSError and tries == 1


def test_passwords_are_not_shown():
    assert downloads.public("at http://me:p@ss@x:1/a@b?c@d") == "at http://x:1/a@b?c@d"
    assert downloads.public("at http://me:se/cr?et@x:1.") == "at http://x:1."
