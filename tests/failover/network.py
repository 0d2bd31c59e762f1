"""A network of the run's own: one namespace for whoever tests, with a bridge, and one for each host.

Nothing of it reaches the machine's own network: the bridge lies in the namespace of the test, which has no
way out. All names begin with `rffo` and the number of the process; what a killed run left is taken away.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "10.231.7"
INSIDE = "RINGFENCE_FAILOVER_NAMESPACE"
"""Set in the process that runs inside: the name of its namespace."""


def within(hosts: int) -> int:
    """Run this very command inside a namespace of its own; its exit code."""
    _sweep()
    name = f"rffo{os.getpid()}"
    _ip("netns", "add", name)
    try:
        environment = os.environ | {INSIDE: name}
        # Whoever ends this process ends that one, and what is left of the network goes below.
        signal.signal(signal.SIGTERM, _end)
        command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "tests.failover", *sys.argv[1:]]
        inside = ["ip", "netns", "exec", name, *command]
        return subprocess.run(inside, env=environment, check=False).returncode
    finally:
        for each in (*(f"{name}-{number}" for number in range(1, hosts + 1)), name):
            _take_away(each)


def _end(_sign: int, _frame: object) -> None:
    raise SystemExit(1)


class Network:
    """The bridge, and a wire to each host."""

    def __init__(self, hosts: int) -> None:
        self.name = os.environ[INSIDE]
        self.hosts = range(1, hosts + 1)
        _ip("link", "set", "lo", "up")
        _ip("link", "add", "br0", "type", "bridge")
        _ip("addr", "add", f"{PREFIX}.254/24", "dev", "br0")
        _ip("link", "set", "br0", "up")
        for host in self.hosts:
            place = self.namespace(host)
            _ip("netns", "add", place)
            _ip("link", "add", f"wire{host}", "type", "veth", "peer", "name", "eth0", "netns", place)
            _ip("link", "set", f"wire{host}", "master", "br0", "up")
            inside = ("netns", "exec", place, "ip")
            _ip(*inside, "link", "set", "lo", "up")
            _ip(*inside, "addr", "add", f"{self.address(host)}/24", "dev", "eth0")
            _ip(*inside, "link", "set", "eth0", "up")

    def namespace(self, host: int) -> str:
        return f"{self.name}-{host}"

    def address(self, host: int) -> str:
        return f"{PREFIX}.{host}"

    def command(self, host: int, *command: str) -> list[str]:
        """The command as it is run on the host."""
        return ["ip", "netns", "exec", self.namespace(host), *command]

    @contextmanager
    def cut_off(self, host: int) -> Iterator[None]:
        """No packet goes to the host or comes from it."""
        self.cut(host)
        try:
            yield
        finally:
            self.heal(host)

    def cut(self, host: int) -> None:
        _ip("link", "set", f"wire{host}", "down")

    def heal(self, host: int) -> None:
        _ip("link", "set", f"wire{host}", "up")


def _ip(*command: str) -> None:
    done = subprocess.run(["ip", *command], capture_output=True, check=False, text=True)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(command)}: {done.stderr.strip()}")


def _take_away(name: str) -> None:
    """The namespace with every process that is still in it."""
    found = subprocess.run(["ip", "netns", "pids", name], capture_output=True, check=False, text=True)
    for process in found.stdout.split():
        subprocess.run(["kill", "-KILL", process], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


def _sweep() -> None:
    """Take away what runs left that were killed themselves."""
    for path in Path("/run/netns").glob("rffo*"):
        found = re.fullmatch(r"rffo(\d+)(-\d+)?", path.name)
        if found and not Path(f"/proc/{found[1]}").exists():
            _take_away(path.name)
