"""`ringfence member …`: for members whom mail does not reach, or who lost what they sign in with."""

import click
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F

from ringfence.access import firm_state
from ringfence.access.password_links import link_by_operator, link_days
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import FirmNames, find_firm
from ringfence.cli.options import address_option, firm_option, json_option
from ringfence.cli.show import as_json, line
from ringfence.core.terms import Capability, Thing
from ringfence.firms.models import Firm, Member, SignIn, User


@click.group()
def member() -> None:
    """Let members sign in."""


@member.command("link")
@click.argument("who", metavar="MEMBER")
@firm_option
@address_option
@json_option
def link(who: str, firm: str | None, address: str, json: bool) -> None:
    """Print a link at which MEMBER sets a new password, once. A password they have stays until then.

    MEMBER is an e-mail address, a name that only one has, or #NUMBER. Whoever has the link can sign in as
    them: hand it to nobody else.

    Somebody whom another firm's administrator let in by a link shown without mail is given the place here
    first; they cannot sign in anywhere then until they have used this link.
    """
    found, number, place = _place(firm, who)
    if not firm_state(found.pk).may(number, Capability.MEMBER):
        raise Fault(
            f"{place.name} is not an active member of {found.name}: "
            f"`ringfence do member.reactivate member=#{number}` makes them one again."
        )
    made = link_by_operator(found.pk, number, address)
    if made is None:
        raise Fault(
            f"{place.name} has no address to sign in with: "
            f"`ringfence do member.change member=#{number} email=…` gives them one."
        )
    user, where = made
    if json:
        as_json({"firm": found.pk, "member": number, "set_password": where})
        return
    line(f"{place.name} ({user.email}) sets a password here, once, within {link_days()} days:")
    line(f"  {where}")


@member.command("drop-second-step")
@click.argument("who", metavar="MEMBER")
@firm_option
@click.option("--yes", is_flag=True, help="Do not ask first.")
@json_option
def drop_second_step(who: str, firm: str | None, yes: bool, json: bool) -> None:
    """Let MEMBER sign in with the password alone: for who has lost app, passkeys and recovery codes.

    MEMBER is an e-mail address, a name that only one has, or #NUMBER. Make sure first that they ask:
    whoever knows the password gets in then. They are signed out everywhere.
    """
    found, number, place = _place(firm, who)
    if place.user is None or not Authenticator.objects.filter(user=place.user).exists():
        raise Fault(f"{place.name} signs in without a second step already.")
    if not yes:
        click.confirm(
            f"Take the second step of {place.name} ({place.user.email}) away?", abort=True, err=True
        )
    with transaction.atomic():
        Authenticator.objects.filter(user=place.user).delete()
        User.objects.filter(pk=place.user.pk).update(sessions_ended=F("sessions_ended") + 1)
        SignIn.objects.filter(user=place.user).delete()
    if json:
        as_json({"firm": found.pk, "member": number})
        return
    line(f"{place.name} ({place.user.email}) signs in with the password alone, and is signed out everywhere.")


def _place(firm: str | None, who: str) -> tuple[Firm, int, Member]:
    """The firm, and the member's number and row."""
    found = find_firm(firm)
    number = FirmNames(found).need(Thing.MEMBER, who)
    return found, number, Member.objects.select_related("user").get(firm=found, number=number)
