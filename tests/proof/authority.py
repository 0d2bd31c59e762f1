"""An authority of time stamps (RFC 3161) of OpenSSL: a certificate of its own, over HTTP where asked."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIGURATION = """
[tsa]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[extended]
extendedKeyUsage = critical,timeStamping
"""


class Authority:
    """Answers questions; `roots` proves what it answers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.roots = folder / "root.pem"
        self.address = ""
        self.says: tuple[int, bytes] | None = None
        """What it answers over HTTP in the place of a time stamp."""
        (folder / "conf").write_text(CONFIGURATION)
        (folder / "serial").write_text("01\n")
        new = ("req", "-newkey", "rsa:2048", "-nodes", "-subj")
        self._run(*new, "/CN=Root", "-x509", "-keyout", "root.key", "-out", "root.pem", "-days", "9")
        self._run(*new, "/CN=Authority", "-keyout", "tsa.key", "-out", "tsa.csr")
        signed = (
            "x509",
            "-req",
            "-in",
            "tsa.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-out",
            "tsa.pem",
        )
        self._run(*signed, "-CAcreateserial", "-days", "9", "-extfile", "conf", "-extensions", "extended")

    def answer(self, question: bytes) -> bytes:
        (self._folder / "ask.tsq").write_bytes(question)
        reply = ("ts", "-reply", "-config", "conf", "-section", "tsa", "-queryfile", "ask.tsq")
        self._run(*reply, "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "answer.tsr")
        return (self._folder / "answer.tsr").read_bytes()

    def _run(self, *arguments: str) -> None:
        subprocess.run(["/usr/bin/openssl", *arguments], cwd=self._folder, check=True, capture_output=True)


@contextmanager
def authority_over_http(folder: Path) -> Iterator[Authority]:
    """One that listens on this machine, and ends with the test."""
    found = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            right = self.headers["Content-Type"] == "application/timestamp-query"
            status, body = found.says or ((200, found.answer(asked)) if right else (415, b""))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
