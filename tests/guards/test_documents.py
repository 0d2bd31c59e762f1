"""What documents promise is there: links lead somewhere, and cited rules exist in docs/rules.md."""

import re

from tests.support.repository import ROOT, files, name, read, text_files

LINK = re.compile(r"\[[^\]]*\]\((?!\w+:|#)([^)#\s]+)")
SECTION = re.compile(r"^## (\d+)\.", re.MULTILINE)
STEP = re.compile(r"^\| (\d+) \|", re.MULTILINE)
CITED = re.compile(r"rules\.md,? (?:section )?(\d+)(?:,? steps? (\d+)(?:[-–](\d+))?)?")


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{name(path)}: {target}"
        for path in files(".md")
        for target in LINK.findall(read(path))
        if not (path.parent / target).exists()
    ]
    assert not broken, f"write the page or mend the link: {broken}"


def test_every_cited_rule_is_in_the_rules() -> None:
    rules = (ROOT / "docs/rules.md").read_text("utf-8")
    sections, steps = set(SECTION.findall(rules)), set(STEP.findall(rules))
    wrong = []
    cited = 0
    for path in text_files():
        for match in CITED.finditer(read(path)):
            cited += 1
            section, first, last = match.groups()
            if section not in sections or not {first, last} - {None} <= steps:
                wrong.append(f"{name(path)}: {match.group()}")
    assert not wrong, f"docs/rules.md has no such section or step: {wrong}"
    assert cited > 0, "no file cites docs/rules.md any more: has the form of the citations changed?"


def test_the_rules_have_ten_sections_and_ten_steps() -> None:
    rules = (ROOT / "docs/rules.md").read_text("utf-8")
    assert SECTION.findall(rules) == [str(number) for number in range(1, 11)]
    assert STEP.findall(rules) == [str(number) for number in range(1, 11)]


def test_every_decision_stands_once_among_its_like_in_the_index() -> None:
    folder = ROOT / "docs/decisions"
    listed = LINK.findall((folder / "README.md").read_text("utf-8"))
    there = [path.name for path in folder.glob("0*.md")]
    assert sorted(listed) == sorted(there), "give each decision its line in docs/decisions/README.md"


def test_the_changelog_knows_the_version() -> None:
    version = re.search(r'__version__ = "([^"]+)"', (ROOT / "src/ringfence/__init__.py").read_text("utf-8"))
    assert version is not None
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changes or f"## [{version[1]}]" in changes
