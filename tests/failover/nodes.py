"""The hosts of the cluster: on each etcd, Patroni and its PostgreSQL, as docs/scale.md sets them up."""

import json
import os
import pwd
import re
import secrets
import signal
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.support.repository import ROOT

from .network import Network
from .programs import POSTGRES, USER

CONFIGURATION = ROOT / "examples" / "failover" / "patroni.yml"
ENVIRONMENT = ROOT / "examples" / "failover" / "patroni.env"
DATABASE = "ringfence"
DOCUMENT = ROOT / "docs" / "scale.md"
_ETCD = re.compile(r"^```sh\n(ETCD_NAME=.*?)^```", re.MULTILINE | re.DOTALL)
_PATIENCE = re.compile(r"RINGFENCE_DATABASE=postgresql://[^`]*/ringfence\?([^`]*)`")
STARTING_SECONDS = 120.0
STEADY_SECONDS = 1.0


class Node:
    """One host."""

    def __init__(self, network: Network, host: int, folder: Path, password: str) -> None:
        self.host, self.address = host, network.address(host)
        self.name = f"db{host}"
        self.folder = folder / self.name
        self._network, self._password = network, password
        self._processes: list[subprocess.Popen[bytes]] = []
        self.folder.mkdir()
        # The hosts share one file system here, and each server has a socket in it.
        own = f"  parameters:\n    unix_socket_directories: {self.folder}\n"
        # Processes are killed here, no machine: what the system has taken is not lost.
        own += "    fsync: 'off'\n"
        self._configuration = self.folder / "patroni.yml"
        self._configuration.write_text(CONFIGURATION.read_text("utf-8") + own)
        _give(self.folder)

    def start(self) -> None:
        """Start etcd and Patroni, or start them again with what they had."""
        self._run("etcd", ("etcd", "--data-dir", str(self.folder / "etcd"), "--log-level", "warn"))
        self._run("patroni", ("patroni", str(self._configuration)))

    def kill(self) -> None:
        """As if the power had gone: every process of the cluster on this host at once."""
        mine = {process.pid for process in self._processes}
        for process in self._processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for number in _servers(self.folder):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        for process in self._processes:
            process.wait()
        self._processes.clear()
        assert mine, "nothing ran here"
        # A server that was killed leaves its lock, and shared memory that nobody is attached to.
        while list(_servers(self.folder)):
            time.sleep(0.05)

    def url(self, user: str, password: str, database: str = "postgres") -> str:
        return f"postgresql://{user}:{password}@{self.address}:5432/{database}"

    def said(self) -> str:
        """What its programs have printed last."""
        logs = sorted(self.folder.glob("*.log"))
        return "".join(
            f"== {log.name} of {self.name}\n{log.read_text(errors='replace')[-3000:]}" for log in logs
        )

    def _run(self, name: str, command: tuple[str, ...]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    self._network.command(self.host, "setpriv", *_AS_USER, "--pdeathsig", "KILL", *command),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self.folder,
                    env=self._environment(),
                    start_new_session=True,
                )
            )

    def _environment(self) -> dict[str, str]:
        """As the documents write it for the host 10.0.0.1, with the addresses of this run."""
        documented = ENVIRONMENT.read_text("utf-8") + _ETCD.findall(DOCUMENT.read_text("utf-8"))[0]
        own = documented.replace("10.0.0.1:", f"{self.address}:").replace("=db1\n", f"={self.name}\n")
        found = {"PATH": os.environ["PATH"] + ":/usr/sbin", "LC_ALL": "C", "HOME": str(self.folder)}
        for line in own.splitlines():
            if line and not line.startswith("#"):
                name, value = line.split("=", 1)
                found[name] = value
        places = [(each, self._network.address(each)) for each in self._network.hosts]
        return found | {
            "ETCD_INITIAL_CLUSTER": ",".join(f"db{host}=http://{address}:2380" for host, address in places),
            "PATRONI_ETCD3_HOSTS": ",".join(f"{address}:2379" for _host, address in places),
            "PATRONI_POSTGRESQL_DATA_DIR": str(self.folder / "data"),
            "PATRONI_POSTGRESQL_BIN_DIR": str(POSTGRES),
            "PATRONI_POSTGRESQL_PGPASS": str(self.folder / "pgpass"),
            "PATRONI_SUPERUSER_PASSWORD": self._password,
            "PATRONI_REPLICATION_PASSWORD": self._password,
        }


class Cluster:
    """Three hosts, of which one leads."""

    def __init__(self, network: Network, folder: Path) -> None:
        self.password = secrets.token_hex(12)
        folder.chmod(0o755)
        self.nodes = [Node(network, host, folder, self.password) for host in network.hosts]

    def start(self) -> None:
        """Once this returns, there is a leader with a synchronous standby, and the database of Ringfence."""
        for node in self.nodes:
            node.start()
        self.wait(standbys=len(self.nodes) - 1)
        with psycopg.connect(self.leader().url("postgres", self.password), autocommit=True) as connection:
            connection.execute(f"CREATE USER ringfence PASSWORD '{self.password}'".encode())
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER ringfence".encode())

    def url(self) -> str:
        """As RINGFENCE_DATABASE takes it: every host, whichever is the primary."""
        hosts = ",".join(f"{node.address}:5432" for node in self.nodes)
        (patience,) = _PATIENCE.findall(DOCUMENT.read_text("utf-8"))
        return f"postgresql://ringfence:{self.password}@{hosts}/{DATABASE}?{patience}"

    def leader(self) -> Node:
        """Whoever leads; raises `LookupError` where nobody does."""
        for node in self.nodes:
            found = _members(node)
            for name, role, state in found:
                if role in ("leader", "standby_leader") and state == "running":
                    return next(each for each in self.nodes if each.name == name)
        raise LookupError("no host leads")

    def wait(self, standbys: int) -> None:
        """Until there is a leader with so many synchronous standbys, and has been for a moment."""
        since, before = time.monotonic(), None
        until = since + STARTING_SECONDS
        while time.monotonic() < until:
            found = next(filter(None, map(_members, self.nodes)), [])
            good = {name: role for name, role, state in found if state in ("running", "streaming")}
            roles = sorted(good.values())
            if (
                sorted(good.items()) != before
                or roles[:1] != ["leader"]
                or roles[1:] != ["sync_standby"] * standbys
            ):
                since, before = time.monotonic(), sorted(good.items())
            elif time.monotonic() > since + STEADY_SECONDS:
                return
            time.sleep(0.3)
        raise AssertionError("the cluster did not come up\n" + "".join(node.said() for node in self.nodes))

    def stop(self) -> None:
        for node in self.nodes:
            with suppress(AssertionError):
                node.kill()


def _members(node: Node) -> list[tuple[str, str, str]]:
    """Name, role and state of each host, as this one knows it."""
    try:
        with urllib.request.urlopen(f"http://{node.address}:8008/cluster", timeout=1) as answer:
            found: dict[str, Any] = json.load(answer)
    except (OSError, ValueError):
        return []
    return [(each["name"], each["role"], each.get("state", "")) for each in found.get("members", ())]


def _servers(folder: Path) -> list[int]:
    """The processes of the server whose data lie in the folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.readlink(path / "cwd") == str(folder / "data"):
                found.append(int(path.name))
    return found


def _give(path: Path) -> None:
    account = pwd.getpwnam(USER)
    os.chown(path, account.pw_uid, account.pw_gid)


_AS_USER = ("--reuid", USER, "--regid", USER, "--clear-groups")
