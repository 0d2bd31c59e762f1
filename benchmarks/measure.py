"""Timing, memory and the table that is printed."""

import gc
import os
import platform
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyroaring
from rich.console import Console
from rich.table import Table


class Figure(NamedTuple):
    """One measured line. `baseline` is the bare work that nobody could leave out, in the same unit."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    baseline: float | None = None
    baseline_is: str = ""


def set_up_django() -> None:
    """Ringfence's settings for this process and those it starts, whose database is RINGFENCE_DATABASE's."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "ringfence.settings"
    django.setup()


def seconds(work: Callable[[], object], *, times: int = 7) -> float:
    """The best of several runs, without the garbage collector: what is above is the machine's other work."""
    taken: list[float] = []
    for _ in range(times):
        gc.collect()
        gc.disable()
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
        gc.enable()
    return min(taken)


def resident() -> float:
    """Megabytes of this process in memory."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1000


def conditions() -> str:
    """The machine and the parts that the figures depend on."""
    cpu = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        cpu = f"{len(models)} × {models[0]}" if models else cpu
    return (
        f"{cpu}; {platform.system()} {platform.release()}; Python {platform.python_version()};"
        f" SQLite {sqlite3.sqlite_version}; pyroaring {pyroaring.__version__}"
    )


def show(console: Console, title: str, figures: list[Figure]) -> None:
    """A table: measured, goal and how much of it was used, baseline and the ratio to it."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in ("", "measured", "goal", "of goal", "baseline", "ratio"):
        table.add_column(name, justify="left" if not name else "right")
    for what, value, unit, goal, baseline, baseline_is in figures:
        table.add_row(
            what,
            f"{_number(value)} {unit}",
            "" if goal is None else f"{_number(goal)} {unit}",
            "" if goal is None else f"{value / goal:.0%}",
            "" if baseline is None else f"{_number(baseline)} {unit} {baseline_is}",
            "" if not baseline else f"{value / baseline:.1f}",
        )
    console.print(table)


def show_beside(console: Console, title: str, base: str, before: list[Figure], now: list[Figure]) -> None:
    """A table of two builds: both measured, how many times as much it is now, and the goal."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in ("", base, "now", "now / then", "goal"):
        table.add_column(name, justify="left" if not name else "right")
    then = dict(zip(_called(before), (figure.value for figure in before), strict=True))
    for called, (what, value, unit, goal, *_rest) in zip(_called(now), now, strict=True):
        old = then.get(called)
        table.add_row(
            what,
            "" if old is None else f"{_number(old)} {unit}",
            f"{_number(value)} {unit}",
            f"{value / old:.2f}" if old else "",
            "" if goal is None else f"{_number(goal)} {unit}",
        )
    console.print(table)


def _called(figures: list[Figure]) -> Iterator[str]:
    """The name of each line; one that continues the line above has that one's before it."""
    above = ""
    for figure in figures:
        continued = figure.what.startswith("  ")
        above = above if continued else figure.what
        yield above + figure.what if continued else above


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
