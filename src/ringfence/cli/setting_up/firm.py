"""`ringfence firm create` and `ringfence firm list`; `firm place` is in `cli.placing`."""

import os

import click
from django.urls import reverse

from ringfence.access import create_firm
from ringfence.access.password_links import link_by_operator, link_days
from ringfence.cli.addresses import DEFAULT
from ringfence.cli.faults import Fault
from ringfence.cli.options import address_option, json_option
from ringfence.cli.placing.commands import place
from ringfence.cli.show import as_json, line, table
from ringfence.core.settings import PROFILES, Profile
from ringfence.core.terms import Role
from ringfence.firms.models import Firm, Member
from ringfence.wording.settings_text import profile_meaning, profile_name


def _kinds() -> str:
    """Each profile with what a member of such a firm will see."""
    return "\n\n".join(f"{each}: {profile_name(each)}. {profile_meaning(each)}" for each in PROFILES)


@click.group()
def firm() -> None:
    """Make, list and place firms."""


firm.add_command(place)


@firm.command("create", epilog=_kinds())
@click.argument("name")
@click.option(
    "--profile",
    type=click.Choice(list(PROFILES)),
    required=True,
    help="The kind of firm, told below: what its settings and words start from. Each can be changed later.",
)
@click.option("--admin", metavar="EMAIL", required=True, help="The first administrator's e-mail address.")
@click.option("--name", "admin_name", metavar="NAME", default="", help="The administrator's name.")
@click.option(
    "--role",
    type=click.Choice([Role.ADMINISTRATOR.value, Role.PRINCIPAL.value]),
    default=Role.ADMINISTRATOR.value,
    show_default=True,
)
@click.option("--timezone", default="Europe/London", show_default=True, help="Where the firm's days end.")
@click.option("--language", type=click.Choice(["en", "cy"]), default="en", show_default=True)
@address_option
@json_option
def create(
    name: str,
    profile: Profile,
    admin: str,
    admin_name: str,
    role: str,
    timezone: str,
    language: str,
    address: str,
    json: bool,
) -> None:
    """Make a firm with its first administrator, and print the link where they set a password."""
    try:
        made = create_firm(
            name,
            profile,
            admin_email=admin,
            admin_name=admin_name,
            role=Role(role),
            timezone=timezone,
            language=language,
        )
    except ValueError as problem:
        raise Fault(f"{problem}") from problem
    link = first_link(made.firm, made.member, address)
    if json:
        as_json({"firm": made.firm, "member": made.member, "set_password": link or None})
        return
    line(f"{name.strip()} is there, as firm {made.firm}. Kind of firm: {profile_name(profile)}.")
    line(profile_meaning(profile))
    line("Every setting can be changed later: Manage account, Settings, or `ringfence do settings.change`.")
    if link:
        line(f"{admin} sets a password here, once, within {link_days()} days:")
        line(f"  {link}")
    else:
        page = address.rstrip("/") + reverse("account_login")
        line(f"{admin} signs in with the password they have: {page}")
    if address not in {DEFAULT, os.environ.get("RINGFENCE_ADDRESS", "").rstrip("/")}:
        line(f"Put RINGFENCE_ADDRESS={address} among the settings: later links begin with it then.")
    line("Team and clients come in from lists: `ringfence import --help`, and docs/run.md, The first lists.")


def first_link(firm: int, member: int, address: str) -> str:
    """The address at which the member's user sets a first password; empty where they have one."""
    place = Member.objects.select_related("user").get(firm=firm, number=member)
    if place.user is not None and place.user.has_usable_password():
        return ""
    made = link_by_operator(firm, member, address)
    return made[1] if made is not None else ""


@firm.command("list")
@json_option
def list_(json: bool) -> None:
    """List all firms."""
    firms = list(Firm.objects.order_by("name_key"))
    if json:
        as_json(
            [
                {
                    "firm": each.pk,
                    "name": each.name,
                    "profile": each.settings["profile"],
                    "control": each.settings["control"],
                    "version": each.version,
                }
                for each in firms
            ]
        )
        return
    if not firms:
        line(
            "There is no firm yet: make one with `ringfence firm create NAME --profile agency --admin EMAIL`."
        )
        return
    rows = [
        (
            each.pk,
            each.name,
            each.settings["profile"],
            "on" if each.settings["control"] else "off",
            f"{each.version:,}",
        )
        for each in firms
    ]
    table(("Number", "Firm", "Profile", "Control", "Ledger entries"), rows)
