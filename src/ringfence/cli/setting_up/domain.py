"""`ringfence domain …`: which domains of e-mail addresses are a firm's, from the command line."""

from zoneinfo import ZoneInfo

import click
from django.conf import settings

from ringfence.access import OPERATOR
from ringfence.access.domains import (
    DomainNotTaken,
    KeptDomain,
    RecordFound,
    UnfitDomain,
    WhyNotYet,
    WhyUnfitDomain,
    add_domain,
    check_domain,
    domain_of,
    domains_of,
    remove_domain,
    vouch_for_domain,
)
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import find_firm
from ringfence.cli.options import firm_option, json_option, moment_text
from ringfence.cli.show import as_json, line, table
from ringfence.firms.models import Firm

UNFIT = {
    WhyUnfitDomain.MALFORMED: "is no domain of e-mail addresses: write one such as example.com",
    WhyUnfitDomain.SUFFIX: "is no firm's: anybody can have a domain under it",
    WhyUnfitDomain.PUBLIC: "is no firm's: anybody can have an address in it",
    WhyUnfitDomain.LOOKS_LIKE_PUBLIC: "looks like a domain in which anybody can have an address",
    WhyUnfitDomain.MIXED: "has letters that look like others, so that nobody can tell it apart",
    WhyUnfitDomain.LOOKS_LIKE_ANOTHERS: "looks like a domain that another firm has proved",
}
NOT_TAKEN = {
    WhyNotYet.ENOUGH: "the firm has as many domains as a firm may have: remove one first",
    WhyNotYet.THERE: "the firm has it already",
    WhyNotYet.ANOTHERS: "another firm has proved it: remove it there first",
}
FOUND = {
    RecordFound.ABSENT: "there is no such record yet",
    RecordFound.OTHER: "the record says something else",
    RecordFound.NO_ANSWER: "no name server answered, so nothing is known",
}


@click.group()
def domain() -> None:
    """Say or prove which domains of e-mail addresses are a firm's."""


@domain.command("add")
@click.argument("name", metavar="DOMAIN")
@firm_option
def add(name: str, firm: str | None) -> None:
    """Say that DOMAIN is the firm's; prints the TXT record that proves it."""
    found = find_firm(firm)
    try:
        made = add_domain(found.pk, name, actor=OPERATOR)
    except (UnfitDomain, DomainNotTaken) as refused:
        raise _fault(name, refused) from refused
    line(f'{made.record_name} TXT "{made.record_text}"')


@domain.command("check")
@click.argument("name", metavar="DOMAIN")
@firm_option
def check(name: str, firm: str | None) -> None:
    """Look for the record of DOMAIN now, and prove it by that."""
    found, kept = _one(firm, name)
    try:
        looked = check_domain(found.pk, kept.number, actor=OPERATOR, asked=settings.DNS_SERVERS)
    except DomainNotTaken as refused:
        raise _fault(name, refused) from refused
    if looked.found is not RecordFound.THERE:
        said = f" It says: {', '.join(looked.records)}." if looked.records else ""
        raise Fault(f"{kept.record_name}: {FOUND[looked.found]}.{said}")
    line(f"{kept.text} is proved to be {found.name}'s.")


@domain.command("vouch")
@click.argument("name", metavar="DOMAIN")
@firm_option
def vouch(name: str, firm: str | None) -> None:
    """Say yourself that DOMAIN is the firm's: no record is asked for, now or later."""
    found = find_firm(firm)
    try:
        kept = vouch_for_domain(found.pk, name)
    except (UnfitDomain, DomainNotTaken) as refused:
        raise _fault(name, refused) from refused
    line(f"{kept.text} is {found.name}'s by your word.")


@domain.command("list")
@firm_option
@json_option
def list_(firm: str | None, json: bool) -> None:
    """List a firm's domains, with how each stands."""
    found = find_firm(firm)
    kept = domains_of(found.pk)
    if json:
        as_json([_plain(each) for each in kept])
        return
    zone = ZoneInfo(found.timezone)
    rows = [
        (each.text, _standing(each), moment_text(each.proved_at, zone) if each.proved else "")
        for each in kept
    ]
    table(("Domain", "How it stands", "Since"), rows)


@domain.command("remove")
@click.argument("name", metavar="DOMAIN")
@firm_option
def remove(name: str, firm: str | None) -> None:
    """Let DOMAIN be the firm's no more; another one may prove it then."""
    found, kept = _one(firm, name)
    remove_domain(found.pk, kept.number, actor=OPERATOR)
    line(f"{kept.text} is removed.")


def _one(firm: str | None, name: str) -> tuple[Firm, KeptDomain]:
    found = find_firm(firm)
    key = domain_of(f"somebody@{name.removeprefix('@')}")
    for each in domains_of(found.pk):
        if each.key == key:
            return found, each
    raise Fault(f"{found.name} has no domain {name!r}: `ringfence domain list` lists them.")


def _fault(name: str, refused: UnfitDomain | DomainNotTaken) -> Fault:
    if isinstance(refused, UnfitDomain):
        return Fault(f"{name!r} {UNFIT[refused.why]}.")
    return Fault(f"{name!r}: {NOT_TAKEN[refused.why]}.")


def _standing(each: KeptDomain) -> str:
    if not each.proved:
        return "not proved"
    if each.vouched:
        return "by the operator's word"
    return "record missing" if each.missing_since else "proved by its record"


def _plain(each: KeptDomain) -> dict[str, object]:
    return {
        "domain": each.key,
        "proved": each.proved,
        "vouched": each.vouched,
        "missing": bool(each.missing_since),
        "record": {"name": each.record_name, "type": "TXT", "value": each.record_text},
    }
