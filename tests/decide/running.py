"""The real decide process on a database, for tests and benchmarks of what it answers over connections."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

COMMAND = (sys.executable, "-m", "ringfence.cli.processes.decide_process")
STOPPING_SECONDS = 20.0


@contextmanager
def decide_process(
    url: str, *, workers: int = 1, environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """The port at which it answers, once it has said that it is ready."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        with answering_on(listener, url, workers, environment):
            yield int(listener.getsockname()[1])


@contextmanager
def decide_at(path: Path, url: str, *, workers: int) -> Iterator[int]:
    """As `answering_on` a Unix socket."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        with answering_on(listener, url, workers, None) as process:
            yield process


@contextmanager
def answering_on(
    listener: socket.socket, url: str, workers: int, environment: Mapping[str, str] | None
) -> Iterator[int]:
    """The number of a process whose workers answer at the socket, once all of them are ready."""
    listener.listen(1024)
    listener.setblocking(False)
    heard, tell = os.pipe()
    process = subprocess.Popen(
        (*COMMAND, str(listener.fileno()), str(workers), str(tell)),
        env={**os.environ, "RINGFENCE_DATABASE": url, **(environment or {})},
        stdin=subprocess.PIPE,
        pass_fds=(listener.fileno(), tell),
    )
    os.close(tell)
    try:
        # One that opens the embedded database may hold it for itself, so it is not to be stopped there.
        for _each in range(workers):
            # Nothing to read means that it has ended before it was ready.
            assert os.read(heard, 1), "the decide process did not become ready; see what it wrote"
        yield process.pid
    finally:
        os.close(heard)
        process.terminate()
        process.wait(STOPPING_SECONDS)
        if process.stdin is not None:
            process.stdin.close()
