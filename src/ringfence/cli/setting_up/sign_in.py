"""`ringfence sign-in`: how a firm wants its people to sign in, and the operator's way to change it."""

import click

from ringfence.access.actor import OPERATOR
from ringfence.access.sign_in_only import lift_requirement
from ringfence.access.sign_in_policy import (
    MOST_GRACE,
    MOST_HOURS,
    SignInPolicy,
    ask_second_step,
    limit_networks,
    limit_sessions,
    policy_of,
)
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import find_firm
from ringfence.cli.options import firm_option, json_option
from ringfence.cli.show import as_json, counted, line
from ringfence.core.terms import Role
from ringfence.firms.models import Firm
from ringfence.jobs.tell_sign_in_only import TellingTurned


@click.command("sign-in")
@firm_option
@click.option("--any-network", is_flag=True, help="Let administrators sign in from anywhere again.")
@click.option("--network", "networks", multiple=True, metavar="NETWORK", help="Only from these, each given.")
@click.option(
    "--second-step",
    "roles",
    multiple=True,
    type=click.Choice([*(role.value for role in Role), "nobody"]),
    help="Ask a second step of these roles, each given, or of nobody.",
)
@click.option(
    "--grace", type=click.IntRange(0, MOST_GRACE), default=0, metavar="DAYS", help="Days without one."
)
@click.option(
    "--hours",
    type=click.IntRange(0, MOST_HOURS),
    metavar="HOURS",
    help="Have people sign in again after so many hours, 0 for as long as Ringfence lets them.",
)
@click.option("--every-way", is_flag=True, help="Let people in by other ways than the firm's provider again.")
@json_option
def sign_in(
    firm: str | None,
    any_network: bool,
    networks: tuple[str, ...],
    roles: tuple[str, ...],
    grace: int,
    hours: int | None,
    every_way: bool,
    json: bool,
) -> None:
    """How a firm wants its people to sign in; or change it."""
    row = find_firm(firm)
    if any_network and networks:
        raise Fault("--any-network and --network say the opposite: give one. Nothing was changed.")
    if any_network or networks:
        limit_networks(row.pk, networks, actor=OPERATOR, address=None)
    if roles:
        asked = [Role(role) for role in roles if role != "nobody"]
        ask_second_step(row.pk, asked, grace, actor=OPERATOR)
    if every_way:
        lift_requirement(row.pk, actor=OPERATOR, beside=TellingTurned(row.pk, 0))
    if hours is not None:
        limit_sessions(row.pk, hours, actor=OPERATOR)
    policy = policy_of(Firm.objects.get(pk=row.pk))
    if json:
        as_json(_record(policy))
        return
    for text in _lines(policy):
        line(text)


def _record(policy: SignInPolicy) -> dict[str, object]:
    return {
        "second_step": [role.value for role in Role if role in policy.second_step],
        "grace_days": policy.grace_days,
        "session_hours": policy.session_hours,
        "networks": list(policy.networks),
        "only_provider": policy.only_provider or None,
        "kept_password": policy.kept_password or None,
    }


def _lines(policy: SignInPolicy) -> list[str]:
    roles = ", ".join(role.value for role in Role if role in policy.second_step)
    grace = f", after {counted(policy.grace_days, 'day')}" if policy.grace_days else ""
    hours = policy.session_hours
    longest = f"{counted(hours, 'hour')} at most" if hours else "as long as Ringfence lets them"
    return [
        f"A second step is asked of: {roles or 'nobody'}{grace}.",
        f"People stay signed in for {longest}.",
        f"Administrators sign in from: {', '.join(policy.networks) or 'anywhere'}.",
        f"People sign in by: {_ways(policy)}.",
    ]


def _ways(policy: SignInPolicy) -> str:
    if not policy.only_provider:
        return "every way that is theirs"
    return f"provider {policy.only_provider} alone; member {policy.kept_password} keeps a password"
