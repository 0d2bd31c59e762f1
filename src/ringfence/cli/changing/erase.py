"""`ringfence erase member | client`: a person's words leave the database, every past decision stays.

What is taken out is for `access.ledger.erasing`; here it is said, asked and done.
"""

from collections.abc import Callable

import click

from ringfence.access import OPERATOR, Actor, NotErasable, erase_client, erase_member
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import FirmNames, find_firm
from ringfence.cli.naming.labels import Labels
from ringfence.cli.options import firm_option, json_option
from ringfence.cli.show import as_json, line
from ringfence.core.terms import Thing

Function = Callable[..., None]

_STAYS = (
    "What stays: number {number} in the ledger, so that every past decision still replays and "
    "`ringfence ledger verify` still proves it; reasons that speak of others too; and backups taken before, "
    "which hold the words until you delete them."
)
_MEMBER_GOES = (
    "This takes out for good: the name and e-mail address of {name}, now and in the ledger, the reasons of "
    "what they did and of what was done to them alone, the reasons of their requests, their drafts, the "
    "files of policies that name them, with every version, policies that are half made, what they chose of "
    "the daily digest, and their lines of the security log."
)
_MEMBER_STAYS = (
    " So do the documents they wrote, under that number, and their account to sign in with where they "
    "belong to another firm too."
)
_CLIENT_GOES = (
    "This takes out for good: the name, kind and references of {name}, now and in the ledger, all its "
    "details and documents, the files of policies that name it, with every version, policies that are half "
    "made, and the reasons of what was done to it alone and of requests for it. It cannot be restored."
)


@click.group()
def erase() -> None:
    """Erase a person's or client's words on request; the ledger stays whole."""


def _erasing(command: Function) -> Function:
    """The arguments that both share."""
    for option in (
        json_option,
        click.option("--yes", is_flag=True, help="Do not ask first."),
        click.option("--as", "actor", metavar="MEMBER", help="Who erases; else the operator does."),
        firm_option,
    ):
        command = option(command)
    return command


@erase.command("member")
@click.argument("word", metavar="MEMBER")
@_erasing
def member(word: str, firm: str | None, actor: str | None, yes: bool, json: bool) -> None:
    """Erase the name, address and free texts of a MEMBER who was deactivated.

    MEMBER is an e-mail address, a name that only one has, or #NUMBER.
    """
    remedy = "`ringfence do member.deactivate member=#{number} --firm #{firm}` does that."
    _erase(Thing.MEMBER, word, firm, actor, yes, json, remedy)


@erase.command("client")
@click.argument("word", metavar="CLIENT")
@_erasing
def client(word: str, firm: str | None, actor: str | None, yes: bool, json: bool) -> None:
    """Erase the name, references and documents of a CLIENT that was removed.

    CLIENT is a reference, a name that only one has, or #NUMBER.
    """
    remedy = "`ringfence do client.remove client=#{number} --firm #{firm}` does that."
    _erase(Thing.CLIENT, word, firm, actor, yes, json, remedy)


def _erase(
    thing: Thing, word: str, firm: str | None, by: str | None, yes: bool, json: bool, remedy: str
) -> None:
    """Find, say, ask, erase; `Fault` for what is still in use."""
    found = find_firm(firm)
    names = FirmNames(found)
    actor = OPERATOR if by is None else Actor(names.need(Thing.MEMBER, by))
    number = names.need(thing, word)
    name = Labels(found).name(thing, number)
    if not yes:
        _ask(thing, number, name)
    erasing = erase_member if thing is Thing.MEMBER else erase_client
    try:
        version = erasing(found.pk, number, actor=actor)
    except NotErasable as error:
        raise Fault(f"{error} {remedy.format(number=number, firm=found.pk)}") from error
    if json:
        as_json({"firm": found.pk, thing.value: number, "version": version})
    else:
        line(f"Erased: what was {name} is {thing} {number} without a name. Entry {version} of the ledger.")


def _ask(thing: Thing, number: int, name: str) -> None:
    """Say what goes and what stays, on stderr, and end where the answer is no."""
    goes, more = (_MEMBER_GOES, _MEMBER_STAYS) if thing is Thing.MEMBER else (_CLIENT_GOES, "")
    click.echo(goes.format(name=name), err=True)
    click.echo(_STAYS.format(number=number) + more, err=True)
    click.confirm(f"Erase {name}?", abort=True, err=True)
