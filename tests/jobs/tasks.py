"""Tasks for tests of the jobs room: they stand in a module, as all tasks do, and are found by its name."""

import os
import time
from pathlib import Path

from ringfence.firms.models import User
from ringfence.jobs.enqueue import Track, job
from ringfence.jobs.faults import GiveUp, TryAgain

DONE: list[tuple[int, ...]] = []
"""What `note` was called with, in order."""


@job(Track.SHORT)
def note(*numbers: int) -> None:
    DONE.append(numbers)


@job(Track.SHORT)
def note_of_firm(firm: int, number: int) -> None:
    DONE.append((firm, number))


@job(Track.SHORT)
def note_of_timer() -> None:
    DONE.append(())


@job(Track.MAIL)
def note_mail(number: int) -> None:
    DONE.append((number,))


@job(Track.LONG)
def note_long(number: int) -> None:
    DONE.append((number,))


@job(Track.SHORT)
def answer(number: int) -> None:
    return {number: object()}  # type: ignore[return-value]  # what a task must not do


@job(Track.SHORT)
def lack(number: int) -> None:
    raise TryAgain(f"dilys{number}@pike.example")


@job(Track.SHORT)
def give_up(number: int) -> None:
    raise GiveUp(f"dilys{number}@pike.example")


@job(Track.MAIL)
def give_up_for_firm(firm: int) -> None:
    raise GiveUp


@job(Track.SHORT)
def break_down(number: int) -> None:
    raise ZeroDivisionError(f"dilys{number}@pike.example")


@job(Track.SHORT)
def hang_the_first_time(number: int) -> None:
    """Where `RINGFENCE_DATA` has no file of that name, it makes one and hangs; else it adds a user."""
    mark = Path(os.environ["RINGFENCE_DATA"]) / str(number)
    if not mark.exists():
        mark.touch()
        time.sleep(600)
    User.objects.create(email=f"{number}@pike.example")
