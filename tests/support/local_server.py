"""A small web server on this machine that answers as told, for the tests of downloads."""

import ssl
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Answer(NamedTuple):
    """What to send: a body, the length the header promises (-1: none), and seconds between its parts.

    `headers` come beside. With a barrier, answers wait until as many are asked for at once.
    """

    body: bytes = b""
    status: int = 200
    length: int | None = None
    pause: float = 0.0
    barrier: threading.Barrier | None = None
    headers: dict[str, str] = {}


@contextmanager
def serve(answers, certificate=None):
    """Serve {path: Answer, or a list whose last one stays}; give address and paths asked for.

    As a proxy it is asked for whole addresses, and for "host:443". With a file of a certificate and its key,
    it speaks https.
    """
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            known = answers.get(self.path, Answer(status=404))
            known = known if isinstance(known, list) else [known]
            answer = known[min(asked.count(self.path), len(known)) - 1]
            if answer.barrier:
                with suppress(threading.BrokenBarrierError):
                    answer.barrier.wait(timeout=25)  # less than a client waits
            self.send_response(answer.status)
            length = len(answer.body) if answer.length is None else answer.length
            if length >= 0:
                self.send_header("Content-Length", str(length))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.send_body(answer)

        do_CONNECT = do_GET  # noqa: N815 - the name that the library looks for

        def send_body(self, answer):
            step = len(answer.body) // 20 + 1 if answer.pause else len(answer.body) + 1
            try:
                for start in range(0, len(answer.body), step):
                    self.wfile.write(answer.body[start : start + step])
                    self.wfile.flush()
                    time.sleep(answer.pause)
            except OSError:
                pass  # the client was killed, as some tests want it

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
