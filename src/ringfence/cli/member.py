"""`ringfence member link`: the address at which a member sets a password, for whoever mail does not reach."""

import click

from ringfence.access import firm_state
from ringfence.access.password_links import link_days, password_link
from ringfence.core.terms import Capability, Thing
from ringfence.firms.models import Member

from .faults import Fault
from .finding import FirmNames, find_firm
from .options import address_option, firm_option, json_option
from .show import as_json, line


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
    """
    found = find_firm(firm)
    number = FirmNames(found).need(Thing.MEMBER, who)
    place = Member.objects.select_related("user").get(firm=found, number=number)
    if not firm_state(found.pk).may(number, Capability.MEMBER):
        raise Fault(
            f"{place.name} is not an active member of {found.name}: "
            f"`ringfence do member.reactivate member=#{number}` makes them one again."
        )
    if place.user is None:
        raise Fault(
            f"{place.name} has no address to sign in with: "
            f"`ringfence do member.change member=#{number} email=…` gives them one."
        )
    where = password_link(place.user, address)
    if json:
        as_json({"firm": found.pk, "member": number, "set_password": where})
        return
    line(f"{place.name} ({place.user.email}) sets a password here, once, within {link_days()} days:")
    line(f"  {where}")
