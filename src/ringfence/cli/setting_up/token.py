"""`ringfence token …`: tokens with which a firm's other software asks and acts."""

from zoneinfo import ZoneInfo

import click

from ringfence.access import OPERATOR, Refused, execute, firm_state
from ringfence.access.tokens import make_token
from ringfence.cli.changing.values import firm_time
from ringfence.cli.faults import Fault, refusal_text
from ringfence.cli.naming.finding import FirmNames, find_firm
from ringfence.cli.options import firm_option, json_option, moment_text
from ringfence.cli.show import as_json, line, table
from ringfence.core.commands.arguments import Arguments
from ringfence.core.commands.definitions import RevokeToken
from ringfence.core.terms import Capability, Instant, Scope, Thing
from ringfence.firms.models import Firm, Member, Token


@click.group()
def token() -> None:
    """Make, list and revoke tokens for the firm's other software."""


@token.command("add")
@click.argument("name")
@firm_option
@click.option(
    "--scope",
    "scopes",
    required=True,
    metavar="SCOPES",
    help="decide, explain, search, manage, changes, provision, request.",
)
@click.option("--for", "member", metavar="MEMBER", help="Whom it acts for: what they may, it may.")
@click.option("--expires", metavar="TIME", help="2026-12-31 (the close of the firm's day) or a time.")
@click.option(
    "--address", "addresses", multiple=True, metavar="IP", help="Take it from 203.0.113.0/24 alone."
)
@json_option
def add(
    name: str,
    firm: str | None,
    scopes: str,
    member: str | None,
    expires: str | None,
    addresses: tuple[str, ...],
    json: bool,
) -> None:
    """Make a token called NAME and print it, alone, on standard output: it is shown this once.

    SCOPES has commas between. Without --for it acts for the firm's first administrator or principal; one that
    manages the firm says for whom.
    """
    found = find_firm(firm)
    names = FirmNames(found)
    until = None if expires is None else firm_time(expires, names)
    said = Arguments({"scope": _split([scopes]), "expires": until, "address": _split(addresses)}, names)
    allowed = said.scopes("scope")
    number = names.need(Thing.MEMBER, member) if member is not None else _first(found, allowed)
    try:
        made = make_token(
            found.pk,
            actor=OPERATOR,
            name=name,
            scopes=allowed,
            member=number,
            expires=said.when("expires"),
            addresses=said.texts("address"),
        )
    except Refused as refused:
        raise Fault(refusal_text(refused)) from refused
    if json:
        version = made.committed.version
        as_json({"firm": found.pk, "token": made.number, "version": version, "text": made.text})
        return
    place = Member.objects.get(firm=found, number=number)
    click.echo(f"Token #{made.number} acts for {place.name}. Keep it safe: it is not shown again.", err=True)
    line(made.text)


def _split(words: "list[str] | tuple[str, ...]") -> list[str]:
    return [part.strip() for word in words for part in word.split(",") if part.strip()]


def _first(firm: Firm, scopes: Scope) -> int:
    """The first active administrator or principal. Raises `Fault` for what is to be nobody's by chance."""
    if scopes & (Scope.MANAGE | Scope.PROVISION):
        raise Fault("A token that changes the firm acts for a member: say for whom with --for MEMBER.")
    now = firm_state(firm.pk)
    found = [each for each in now.moment.state.members if now.may(each, Capability.MANAGE)]
    if not found:
        raise Fault(f"{firm.name} has no active administrator: say for whom with --for MEMBER.")
    return min(found)


@token.command("list")
@firm_option
@click.option("--all", "everything", is_flag=True, help="Those that were revoked as well.")
@json_option
def list_(firm: str | None, everything: bool, json: bool) -> None:
    """List the firm's tokens: what each may, until when, from where, and when it was used last."""
    found = find_firm(firm)
    rows = Token.objects.filter(firm=found).order_by("number")
    if not everything:
        rows = rows.filter(revoked=None)
    members = dict(Member.objects.filter(firm=found).values_list("number", "name"))
    zone = ZoneInfo(found.timezone)
    if json:
        as_json([_record(row) for row in rows])
        return
    table(
        ("#", "Name", "Begins", "For", "Scopes", "From", "Expires", "Last used", "Revoked"),
        [
            (
                row.number,
                row.name,
                f"{row.beginning}…",
                members.get(row.member, ""),
                ", ".join(Scope(row.scopes).words),
                row.addresses or "anywhere",
                _moment(row.expires, zone) or "never",
                _moment(row.used, zone) or "never",
                _moment(row.revoked, zone),
            )
            for row in rows
        ],
    )


def _moment(at: int | None, zone: ZoneInfo) -> str:
    return "" if at is None else moment_text(Instant(at), zone)


def _record(row: Token) -> dict[str, object]:
    """Times in microseconds since 1970 UTC."""
    return {
        "token": row.number,
        "name": row.name,
        "beginning": row.beginning,
        "member": row.member,
        "scopes": Scope(row.scopes).words,
        "addresses": row.addresses.split(),
        "made": row.made,
        "expires": row.expires,
        "used": row.used,
        "revoked": row.revoked,
    }


@token.command("revoke")
@click.argument("which", metavar="TOKEN")
@firm_option
@json_option
def revoke(which: str, firm: str | None, json: bool) -> None:
    """Revoke TOKEN, a name or #NUMBER: from now on nothing is answered or done with it. For good."""
    found = find_firm(firm)
    number = FirmNames(found).need(Thing.TOKEN, f"#{which}" if which.isdecimal() else which)
    try:
        done = execute(found.pk, RevokeToken(token=number), actor=OPERATOR)
    except Refused as refused:
        raise Fault(refusal_text(refused)) from refused
    if json:
        as_json({"firm": found.pk, "token": number, "version": done.version})
        return
    line(f"Token #{number} is revoked: entry {done.version} in the ledger of {found.name}.")
