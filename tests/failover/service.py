"""Ringfence on the cluster: pages and API beside the test, a decide node on each host beside its standby.

The decide nodes listen at sockets of the test's own namespace, so that a host that is cut off from everything
else can still be asked; what they ask themselves goes over the wires of their host.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from tests.cli.children import COMMAND, environment

from .network import Network
from .nodes import Cluster

STARTING_SECONDS = 90.0
ALONE_SECONDS = "30"
"""How old an answer without a proof may be, for whoever accepts that."""


class Decides:
    """The decide node of one host."""

    def __init__(self, network: Network, cluster: Cluster, host: int, folder: Path) -> None:
        self.host = host
        node = cluster.nodes[host - 1]
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(256)
        self._listener.setblocking(False)
        self.port = int(self._listener.getsockname()[1])
        heard, tell = os.pipe()
        descriptors = (self._listener.fileno(), tell)
        command = (
            sys.executable,
            "-m",
            "ringfence.cli.processes.decide_process",
            str(descriptors[0]),
            "1",
            str(tell),
        )
        own = f"postgresql://ringfence:{cluster.password}@{node.address}:5432/ringfence"
        with (folder / f"decide{host}.log").open("ab") as log:
            self.process = subprocess.Popen(
                network.command(host, *command),
                env=environment(
                    cluster.url(),
                    folder,
                    RINGFENCE_STANDBY=own,
                    RINGFENCE_SYNCHRONOUS="2",
                    RINGFENCE_STANDBY_ALONE_SECONDS=ALONE_SECONDS,
                ),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=descriptors,
            )
        os.close(tell)
        assert os.read(heard, 1), f"the decide node of host {host} did not become ready"
        os.close(heard)

    def close(self) -> None:
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.process.kill()
        if self.process.stdin is not None:
            self.process.stdin.close()
        self._listener.close()


class Service:
    """All of it."""

    def __init__(self, network: Network, cluster: Cluster, folder: Path) -> None:
        self._network, self._cluster, self._folder = network, cluster, folder
        self._held = ExitStack()
        self.decides: list[Decides] = []
        self.pages = 0

    def __enter__(self) -> Self:
        with self._held:
            self._start_pages()
            for host in self._network.hosts:
                decides = Decides(self._network, self._cluster, host, self._folder)
                self._held.callback(decides.close)
                self.decides.append(decides)
            self._held = self._held.pop_all()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._held.close()

    def said(self) -> str:
        """What its programs have printed last."""
        logs = sorted(self._folder.glob("*.log"))
        return "".join(f"== {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in logs)

    def _start_pages(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.pages = int(probe.getsockname()[1])
        run = environment(self._cluster.url(), self._folder, RINGFENCE_API_PER_MINUTE="1000000")
        options = ("--role", "web", "--port", str(self.pages), "--workers", "1")
        with (self._folder / "pages.log").open("ab") as log:
            process = subprocess.Popen([*COMMAND, "serve", *options], env=run, stdout=log, stderr=log)
        self._held.callback(_end, process)
        until = time.monotonic() + STARTING_SECONDS
        while not _answers(self.pages):
            assert process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.2)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(30)
    process.kill()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
