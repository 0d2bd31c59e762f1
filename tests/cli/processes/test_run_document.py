"""docs/run.md, held against the code: every setting with its default, every command that it names."""

import re

from ringfence.cli.commands import COMMANDS
from ringfence.cli.doctor.setting_looks import KNOWN
from tests.support.repository import ROOT, read

PAGE = read(ROOT / "docs" / "run.md")


def test_every_setting_of_the_code_has_its_row_and_no_other_has() -> None:
    sources = [read(path) for path in (ROOT / "src" / "ringfence").rglob("*.py")]
    used = {name for source in sources for name in re.findall(r"\bRINGFENCE_[A-Z_]*[A-Z]", source)}
    assert set(re.findall(r"^\| `(RINGFENCE_[A-Z_]+)`", PAGE, re.MULTILINE)) == used


def test_every_command_that_the_page_names_is_there() -> None:
    named = set(
        re.findall(r"\bringfence ([a-z]+(?:-[a-z]+)*)\b", PAGE.replace("ringfence ringfence", "ringfence"))
    )
    known = set(COMMANDS) | {"systemctl", "createuser", "createdb"}
    assert named - known == set()


def test_the_defaults_are_those_of_the_settings() -> None:
    sources = ROOT / "src" / "ringfence"
    settings, databases = read(sources / "settings.py"), read(sources / "store" / "databases.py")
    assert '"RINGFENCE_HOSTS", "localhost,127.0.0.1,[::1]"' in settings
    assert '"RINGFENCE_DATA") or "var"' in databases
    for name, default in (("RINGFENCE_HOSTS", "localhost,127.0.0.1,[::1]"), ("RINGFENCE_DATA", "var")):
        assert re.search(rf"^\| `{name}` \| `{re.escape(default)}` \|", PAGE, re.MULTILINE)


def test_doctor_knows_every_setting_of_the_page_and_no_other() -> None:
    assert set(re.findall(r"^\| `(RINGFENCE_[A-Z_]+)`", PAGE, re.MULTILINE)) == set(KNOWN)
