"""House rules on source files that no linter knows. A failure names the file and what to do."""

import ast
import re

from tests.support.repository import files, name, read, text_files

MOST_LINES = 500
# A path of somebody's machine, or of the folder around a checkout. The brackets keep it from matching itself.
# SCIM's paths begin with /Users/ too; what follows there is a number, on a machine a name.
OUTSIDE = re.compile(
    r"(?<![\w.])/(?:(?:work|root|home)/|Users/[A-Za-z])|\.\./[s]hared\b|\b[s]eeds/|\b[f]ield-notes\b"
)
UNRUN = re.compile(r"\bpytest\.(?:mark\.)?(?:skip|skipif|xfail|importorskip)\b")


def test_no_python_file_is_longer_than_500_lines() -> None:
    long = {
        name(path): lines
        for path in files(".py")
        # Migrations are written by makemigrations, a table after the other.
        if path.parent.name != "migrations" and (lines := _line_count(read(path))) > MOST_LINES
    }
    assert not long, f"split these files by what they do: {long}"


def test_every_module_says_what_lives_in_it() -> None:
    silent = [
        name(path)
        for path in files(".py")
        if (tree := ast.parse(read(path))).body and not ast.get_docstring(tree)
    ]
    assert not silent, f"open these modules with a docstring: {silent}"


def test_nothing_refers_to_a_path_outside_the_repository() -> None:
    found = [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path in text_files()
        for number, line in enumerate(read(path).splitlines(), 1)
        if OUTSIDE.search(line)
    ]
    assert not found, "name the thing, or its copy in docs/:\n" + "\n".join(found)


def test_no_test_is_left_unrun() -> None:
    found = [
        f"{name(path)}:{number}"
        for path in files(".py")
        if path.name != "test_source.py"
        for number, line in enumerate(read(path).splitlines(), 1)
        if UNRUN.search(line)
    ]
    assert not found, f"a missing part is an error, never a skipped test: {found}"


def test_requirements_are_hashed_and_name_no_index() -> None:
    for path in files(".txt"):
        if path.parent.name != "requirements":
            continue
        text = read(path)
        pins = re.findall(r"^\S+==", text, re.MULTILINE)
        assert pins, f"{name(path)} pins nothing"
        assert text.count("--hash=") >= len(pins), f"{name(path)}: run `make requirements`"
        assert "://" not in text, f"{name(path)} holds an address: run `make requirements`"


def _line_count(text: str) -> int:
    return text.count("\n") + (not text.endswith("\n"))
