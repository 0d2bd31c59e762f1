"""What the proof of a firm's ledger came to, told to people and programs."""

from typing import Any

from ringfence.access import Report
from ringfence.cli.show import counted, line
from ringfence.firms.models import Firm


def show_report(firm: Firm, report: Report) -> None:
    """One firm's result for people."""
    size = f"{counted(report.entries, 'entry', 'entries')}, {counted(report.texts, 'text')}"
    erased = f", {report.erased:,} erased" if report.erased else ""
    if report.whole:
        proved = f", {counted(report.checkpoints, 'checkpoint')}" if report.checkpoints else ""
        line(f"{firm.name}: whole. {size}{erased}{proved}. Head {report.head.hex()}")
        if report.unused:
            line(f"  {unused_text(report)}")
        if report.future:
            line(f"  {report.future}")
        return
    line(f"{firm.name}: NOT WHOLE. {size}{erased}.")
    for problem in report.problems:
        line(f"  {problem}")


def unused_text(report: Report) -> str:
    """What is to be said of checkpoints that are not used. No fault of the ledger."""
    return (
        f"{counted(report.unused, 'checkpoint')} of another version or secret key will not be used: the"
        " background makes others, as does `ringfence ledger checkpoint --anew`."
    )


def report_record(firm: Firm, report: Report) -> dict[str, Any]:
    """The same for programs."""
    return {
        "firm": firm.pk,
        "name": firm.name,
        "whole": report.whole,
        "entries": report.entries,
        "texts": report.texts,
        "erased": report.erased,
        "checkpoints": report.checkpoints,
        "unused_checkpoints": report.unused,
        "head": report.head.hex(),
        "future": report.future,
        "problems": list(report.problems),
    }
