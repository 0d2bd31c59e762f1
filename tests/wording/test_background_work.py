"""Every task of ours has a name for people, and every kind of fault a sentence."""

import ast

from ringfence.wording.background_work import FAULTS, TASKS, fault_text, task_text
from tests.support.repository import ROOT, read


def tasks() -> set[str]:
    """The functions of `jobs/` above which stands `@job`."""
    return {
        node.name
        for path in (ROOT / "src/ringfence/jobs").glob("*.py")
        for node in ast.parse(read(path)).body
        if isinstance(node, ast.FunctionDef) and any("job" in ast.dump(each) for each in node.decorator_list)
    }


def test_every_task_has_a_name_and_no_other_has() -> None:
    assert tasks() == set(TASKS), "give it a name in wording/background_work.py"


def test_what_is_not_known_is_said_in_general() -> None:
    assert task_text("of_a_newer_one") == "Other work"
    assert fault_text("ZeroDivisionError") == "Something went wrong; the log says what."
    assert fault_text("") == ""
    assert all(fault_text(kind) for kind in FAULTS)
