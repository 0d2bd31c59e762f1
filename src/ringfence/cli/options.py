"""Options that several commands take, each with one meaning."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click
from click.core import ParameterSource

from ringfence.core.days import close_of, instant, local_time
from ringfence.core.terms import Instant

from .addresses import DEFAULT, fault_of
from .faults import Fault

F = TypeVar("F", bound=Callable[..., Any])

firm_option = click.option(
    "--firm",
    metavar="F",
    envvar="RINGFENCE_FIRM",
    help="The firm, by name or number. May be left out where there is only one.",
)
number_argument = click.argument("number", type=click.IntRange(1), metavar="NUMBER")
json_option = click.option("--json", "json", is_flag=True, help="Write JSON, for programs.")
at_option = click.option(
    "--at",
    metavar="MOMENT",
    help="As it was then: 2026-03-03 (the close of the firm's day) or 2026-03-03T14:30.",
)


def _answered(context: click.Context, parameter: click.Parameter, address: str) -> str:
    """The address without a slash at its end; raises `Fault` where links with it would not be answered."""
    if fault := fault_of(address):
        named = context.get_parameter_source("address") is not ParameterSource.DEFAULT
        remedy = "" if named else " Say where people reach Ringfence with --address or RINGFENCE_ADDRESS."
        raise Fault(f"{fault}{remedy} Nothing was changed.")
    return address.rstrip("/")


address_option = click.option(
    "--address",
    envvar="RINGFENCE_ADDRESS",
    default=DEFAULT,
    show_default=True,
    callback=_answered,
    help="Where people reach Ringfence, for the link that is printed. Later links take RINGFENCE_ADDRESS.",
)


def read_moment(text: str, zone: ZoneInfo) -> Instant:
    """The instant; a day means its close, a time without a zone is the firm's. Raises `Fault`."""
    try:
        if len(text) == len("2026-03-03"):
            return Instant(close_of(date.fromisoformat(text), zone) - 1)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as fault:
        raise Fault(f"--at {text!r} is no moment: write 2026-03-03 or 2026-03-03T14:30.") from fault
    return instant(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def moment_text(at: Instant, zone: ZoneInfo) -> str:
    """The instant as a clock of the firm shows it: ``2026-03-03 14:30:00``."""
    return local_time(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def as_datetime(at: Instant) -> datetime:
    """The instant as a date-time in UTC."""
    return local_time(at, UTC)
