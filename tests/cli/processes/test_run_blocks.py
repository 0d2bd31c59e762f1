"""The blocks of docs/run.md, pasted one after the other into a shell, take a machine from nothing to a firm.

The folders of the system are folders of the test, and what only root of a real machine can do (a user, a
service, packages) is stood in for; the shell, the settings' file, `ringfence` and its database are real.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.children import SECONDS
from tests.support.repository import ROOT, read

PAGE = read(ROOT / "docs" / "run.md")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SYSTEM = ("/opt/", "/etc/", "/var/lib/", "/usr/local/bin/")
"""Where the page writes."""
STANDING_IN = {
    # `python -m venv FOLDER`, into which pip then installs Ringfence: here it is this test's own.
    "python3": """
        case "$1 $2" in "-m venv") ;; *) exec {python} "$@";; esac
        mkdir -p "$3/bin"
        ln -s {ringfence} "$3/bin/ringfence"
        printf '#!/bin/sh\\nfor each; do case $each in *.txt) test -f "$each" || exit 1;; esac; done\\n' \
            > "$3/bin/pip"
        chmod 755 "$3/bin/pip"
    """,
    # Nobody is made, so nothing can be given to them.
    "useradd": "exit 0",
    "install": """
        kept=""
        while [ $# -gt 0 ]; do case $1 in -o|-g) shift 2;; *) kept="$kept $1"; shift;; esac; done
        exec /usr/bin/install $kept
    """,
    "runuser": """
        test "$1 $2 $3" = "-u ringfence --" || exit 64
        shift 3
        exec "$@"
    """,
    "systemctl": 'echo "$@" >> {folder}/systemctl',
}


class Machine:
    """A folder in the place of a machine's root, and a shell in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        tools = folder / "tools"
        for place in (*(folder / each.strip("/") for each in SYSTEM), folder / "etc/systemd/system", tools):
            place.mkdir(parents=True, exist_ok=True)
        ringfence = Path(sys.executable).with_name("ringfence")
        for name, script in STANDING_IN.items():
            text = script.replace("{python}", sys.executable).replace("{ringfence}", str(ringfence))
            (tools / name).write_text("#!/bin/sh\n" + text.replace("{folder}", str(folder)))
            (tools / name).chmod(0o755)
        self.environment = {
            "PATH": f"{tools}:{folder}/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder),
            "LANG": os.environ.get("LANG", "C.UTF-8"),
        }

    def paste(self, block: str) -> str:
        """Run a block as a shell reads it, each line of which must succeed; what it printed."""
        for place in SYSTEM:
            block = block.replace(place, f"{self.folder}{place}")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Machine, list[str]]:
    """A machine on which the whole page was pasted, and what each block printed."""
    made = Machine(tmp_path_factory.mktemp("machine"))
    return made, [made.paste(block) for block in BLOCKS]


def test_the_page_takes_a_machine_to_a_firm_with_team_and_clients(machine: tuple[Machine, list[str]]) -> None:
    (row,) = json.loads(machine[0].paste("ringfence firm list --json"))
    assert row["name"] == "Ace Agents"
    seen = json.loads(machine[0].paste("ringfence sees alphie@ace.example --json"))
    assert seen["total"] > 3


def test_links_lead_to_the_address_that_the_page_sets(machine: tuple[Machine, list[str]]) -> None:
    said = "".join(machine[1])
    assert len(re.findall(r"^  https://ringfence\.example/set-password/\S+$", said, re.MULTILINE)) == 2


def test_doctor_finds_nothing_wrong_with_what_the_page_made(machine: tuple[Machine, list[str]]) -> None:
    found = json.loads(machine[0].paste("ringfence doctor --json"))
    assert [each for each in found if each["verdict"] == "wrong"] == []
    assert {each["what"] for each in found if each["verdict"] == "look at"} == {"Mail"}


def test_the_service_has_the_settings_and_the_program_of_the_command(
    machine: tuple[Machine, list[str]],
) -> None:
    folder = machine[0].folder
    unit = (folder / "etc/systemd/system/ringfence.service").read_text()
    command = (folder / "usr/local/bin/ringfence").read_text()
    settings, program = f"{folder}/etc/ringfence.env", f"{folder}/opt/ringfence/bin/ringfence"
    assert f"EnvironmentFile={settings}\n" in unit
    assert f". {settings}\n" in command
    assert f"ExecStart={program} serve\n" in unit
    assert f'{program} "$@"' in command
    assert "Environment=" not in unit
    assert (folder / "systemctl").read_text().split("\n")[:2] == ["daemon-reload", "enable --now ringfence"]


def test_only_root_reads_the_settings(machine: tuple[Machine, list[str]]) -> None:
    assert (machine[0].folder / "etc/ringfence.env").stat().st_mode & 0o777 == 0o600


def test_the_settings_are_read_alike_by_the_shell_and_by_systemd(machine: tuple[Machine, list[str]]) -> None:
    """systemd takes NAME=VALUE lines and knows no shell; single quotes mean the same to both."""
    for line in (machine[0].folder / "etc/ringfence.env").read_text().splitlines():
        assert re.fullmatch(r"#?RINGFENCE_[A-Z_]+=([\w.:/-]*|'[^']*')", line), line
