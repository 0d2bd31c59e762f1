"""OpenLDAP's slapd for the tests: found or installed with apt, a child process on loopback, in a folder.

`python -m tests.support.directory_server` makes sure that there is one (`make test` does so first). It runs
as nobody in particular where this is root, and has Microsoft's schema besides, so that it answers as Active
Directory does. A missing server is an error that names the package, never a skipped test.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.certificates import certificates
from tests.support.debian import ProgramMissing, can_install, install

PACKAGE = "slapd"
SCHEMAS = ("core", "cosine", "inetorgperson", "nis", "collective", "msuser")
MODULES = Path("/usr/lib/ldap")
NOBODY = 65534
ROOT, PASSWORD = "cn=reader,dc=firm,dc=example", "open sesame"
BASE = "dc=firm,dc=example"
Values = Mapping[str, str | bytes | Sequence[str]]


def find_slapd() -> str:
    """The path of the server, or ProgramMissing."""
    found = shutil.which("slapd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        raise ProgramMissing(f"OpenLDAP's server is missing: install Debian's package `{PACKAGE}`")
    return found


def ensure_slapd() -> str:
    """The path of the server, installed first where this is root on a machine with apt.

    Debian's package would start one of its own: it is taken apart instead of being set up.
    """
    try:
        return find_slapd()
    except ProgramMissing:
        if not can_install():
            raise
    # Answered beforehand: no directory is made by it. What policy-rc.d forbids is started by nobody.
    answers = "slapd slapd/no_configuration boolean true\n"
    subprocess.run(["debconf-set-selections"], input=answers, check=True, text=True)
    install((PACKAGE,))
    return find_slapd()


class DirectoryServer:
    """One server with its folder; `entries` is what it holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.tls_port = _free_port(), _free_port()
        self.authority = ""
        """PEM of who signed its certificate."""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def plain(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def encrypted(self) -> str:
        return f"ldaps://localhost:{self.tls_port}"

    def fill(self, entries: Iterable[tuple[str, Values]]) -> None:
        """Write entries into the folder, before the server starts."""
        text = "".join(map(_ldif, entries))
        entries_file = self.folder / "entries.ldif"
        entries_file.write_text(text)
        _give(entries_file)
        slapadd = [find_slapd(), "-T", "add", "-q", "-f", self._config, "-l", str(entries_file)]
        done = subprocess.run(slapadd, capture_output=True, check=False, text=True, user=_user())
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Answers once this returns."""
        addresses = f"ldap://127.0.0.1:{self.port} ldaps://127.0.0.1:{self.tls_port}"
        command = [find_slapd(), "-d", "0", "-h", addresses, "-f", self._config]
        self._process = subprocess.Popen(command, user=_user(), stderr=subprocess.PIPE)
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > end or self._process.poll() is not None:
                    self.stop()
                    raise
                time.sleep(0.02)

    def stop(self) -> None:
        """Ends the process, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=20)
            self._process = None

    def prepare(self, *more: str) -> None:
        """Configuration and certificates; `more` lines belong to the database."""
        (self.folder / "data").mkdir()
        self.authority = certificates(self.folder)
        lines = [f"include /etc/ldap/schema/{each}.schema" for each in SCHEMAS]
        lines += [
            f"pidfile {self.folder}/pid",
            f"modulepath {MODULES}",
            "moduleload back_mdb",
            "moduleload ppolicy",
            f"TLSCertificateFile {self.folder}/server.pem",
            f"TLSCertificateKeyFile {self.folder}/server.key",
            "sizelimit size.soft=500 size.hard=500 size.prtotal=unlimited",
            "database mdb",
            f'suffix "{BASE}"',
            f'rootdn "cn=root,{BASE}"',
            f"directory {self.folder}/data",
            "maxsize 268435456",
            "index objectClass eq",
            "access to attrs=userPassword by anonymous auth by * none",
            f'access to * by dn.exact="{ROOT}" read by * none',
            *more,
        ]
        Path(self._config).write_text("\n".join(lines) + "\n")
        for path in (self.folder, *self.folder.rglob("*")):
            _give(path)

    @property
    def _config(self) -> str:
        return str(self.folder / "slapd.conf")


def _give(path: Path) -> None:
    """To the user that runs the server, whatever the mask of this process keeps from others."""
    if (user := _user()) is not None:
        os.chown(path, user, user)


@contextmanager
def directory_server(
    folder: Path, entries: Iterable[tuple[str, Values]], *more: str
) -> Iterator[DirectoryServer]:
    """A server that holds these entries besides its root and who reads it; ended at the end."""
    for each in (folder, *folder.parents):
        # pytest's folders are for their user alone; this server is run by another.
        if each.owner() == "root" and _user() is not None and str(each).startswith("/tmp/"):
            each.chmod(0o755)
    server = DirectoryServer(folder)
    server.prepare(*more)
    server.fill([*_beginning(), *entries])
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _beginning() -> Iterator[tuple[str, Values]]:
    yield BASE, {"objectClass": ["dcObject", "organization"], "dc": "firm", "o": "Firm"}
    kinds = ["organizationalRole", "simpleSecurityObject"]
    yield ROOT, {"objectClass": kinds, "cn": "reader", "userPassword": PASSWORD}


def person(number: int, **more: str | bytes | Sequence[str]) -> tuple[str, Values]:
    """Somebody as OpenLDAP's administrators write them."""
    cn = f"Person {number}"
    values: dict[str, str | bytes | Sequence[str]] = {
        "objectClass": "inetOrgPerson",
        "cn": cn,
        "sn": str(number),
        "uid": f"p{number}",
        "mail": f"p{number}@example.com",
        "entryUUID": f"00000000-0000-4000-8000-{number:012}",
    }
    return f"uid=p{number},{BASE}", values | more


def user(number: int, control: int = 512, **more: str | bytes | Sequence[str]) -> tuple[str, Values]:
    """Somebody as Active Directory has them; bit 2 of `control` says that they are switched off."""
    name = f"User {number}"
    values: dict[str, str | bytes | Sequence[str]] = {
        "objectClass": "user",
        "cn": name,
        "sn": str(number),
        "instanceType": "4",
        "nTSecurityDescriptor": "-",
        "objectCategory": f"cn=person,{BASE}",
        "displayName": name,
        "mail": f"u{number}@example.com",
        "userAccountControl": str(control),
        "objectGUID": number.to_bytes(16, "little"),
    }
    return f"CN={name},{BASE}", values | more


def group(name: str, members: list[str], kind: str = "groupOfNames") -> tuple[str, Values]:
    """A group; one that has nobody needs a kind that may."""
    values: dict[str, str | bytes | Sequence[str]] = {"objectClass": kind, "cn": name, "member": members}
    if kind == "group":
        values |= {
            "groupType": "-2147483646",
            "instanceType": "4",
            "nTSecurityDescriptor": "-",
            "objectCategory": f"cn=group,{BASE}",
        }
    return f"cn={name},{BASE}", {key: value for key, value in values.items() if value}


def _ldif(entry: tuple[str, Values]) -> str:
    import base64

    dn, values = entry
    lines = [f"dn:: {base64.b64encode(dn.encode()).decode()}"]
    for name, value in values.items():
        for each in [value] if isinstance(value, str | bytes) else value:
            raw = each if isinstance(each, bytes) else each.encode()
            lines.append(f"{name}:: {base64.b64encode(raw).decode()}")
    return "\n".join(lines) + "\n\n"


def _user() -> int | None:
    return NOBODY if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    try:
        ensure_slapd()
    except ProgramMissing as fault:
        sys.exit(str(fault))
