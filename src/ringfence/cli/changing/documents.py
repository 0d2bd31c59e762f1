"""`ringfence document …`: notes, plans and application forms, read and written as a member (rules.md 5).

Nobody but a member reads or writes one, here as on the pages: each command says as whom. What it shows opens
the client's record, which the ledger notes.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

import click

from ringfence.access import FirmNow, Refused, firm_state
from ringfence.access.applications import (
    ApplicationForm,
    FormFault,
    FormRefused,
    finalise,
    form_for,
    mark_of,
    remove_form,
    terms_of,
    write_form,
)
from ringfence.access.documents import (
    DocumentKind,
    DocumentOvertaken,
    Version,
    Written,
    document_for,
    headings_on,
    remove_document,
    versions_of,
    write_document,
)
from ringfence.access.ledger.noting import open_record
from ringfence.access.reading import rows_by_number
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import FirmNames, find_firm
from ringfence.cli.options import as_datetime, firm_option, json_option, moment_text
from ringfence.cli.sentences import worded
from ringfence.cli.show import as_json, line, table
from ringfence.core.refusals import Problem, Refusal
from ringfence.core.terms import Thing
from ringfence.firms.models import Firm
from ringfence.wording.money import read_pounds

ALL = tuple(kind.value for kind in DocumentKind)
FORM = DocumentKind.APPLICATION
MOST_VERSIONS = 2**31 - 1
"""What the column of versions holds."""

as_option = click.option("--as", "member", metavar="MEMBER", required=True, help="The member who does it.")
after_option = click.option(
    "--after",
    type=click.IntRange(1, MOST_VERSIONS),
    required=True,
    help="The version that you read: `document show` says it.",
)
title_option = click.option("--title", metavar="TEXT", help="The title; of an application form, the product.")
file_option = click.argument("file", metavar="[FILE]", type=click.File("rb"), required=False)
amount_option = click.option("--amount", metavar="POUNDS", help="Of an application form: 1250 or 1250.50.")
day_option = click.option("--day", metavar="DAY", help="Of an application form: 2026-11-29.")

FAULTS = {
    FormFault.AMOUNT: "Give an amount from 0.01 to 999999999.99 with --amount.",
    FormFault.FINAL: "This application form is finalised. Nothing of it can be changed.",
    FormFault.NO_LINES: "Nobody has a fee split above zero on this client. Give somebody one first.",
    FormFault.LINES_CHANGED: "The fee splits changed meanwhile. Look at the lines again.",
}


class Asking(NamedTuple):
    """A member at the firm's documents."""

    firm: Firm
    names: FirmNames
    member: int
    now: FirmNow

    def opening(self, client: int) -> "Asking":
        """The same with the client's record opened, which is noted first."""
        return self._replace(now=open_record(self.now, member=self.member, client=client))

    def author(self, number: int) -> str:
        found = rows_by_number(self.firm.pk, Thing.MEMBER, ("name",), "number", [number])
        return found[0][0] if found else ""


@click.group()
def document() -> None:
    """Read and write notes, plans and application forms as a member."""


@document.command("list")
@click.argument("client", metavar="CLIENT")
@as_option
@firm_option
@json_option
def list_documents(client: str, member: str, firm: str | None, json: bool) -> None:
    """List the documents on CLIENT that the member may read, the latest first."""
    asking = _asking(firm, member)
    number = asking.names.need(Thing.CLIENT, client)
    asking = asking.opening(number)
    seen = [each for each in asking.now.engagements_of(number) if asking.now.can(asking.member, each)]
    services = dict(
        rows_by_number(asking.firm.pk, Thing.SERVICE, ("number", "name"), "number", asking.now.services)
    )
    found = [
        {
            "document": str(each.id),
            "kind": kind.value,
            "service": services.get(asking.now.service_of(each.engagement), ""),
            "title": each.title,
            "by": each.author,
            "at": as_datetime(each.at).isoformat(),
        }
        for kind in DocumentKind
        for each in headings_on(asking.firm.pk, seen, kind)
    ]
    if json:
        as_json({"firm": asking.firm.pk, "documents": found})
    elif found:
        table(["Document", "Kind", "Service", "Title", "By", "At"], [list(each.values()) for each in found])
    else:
        line("There is no document that they may read.")


@document.command("show")
@click.argument("mark", metavar="DOCUMENT", type=click.UUID)
@as_option
@firm_option
@click.option("--version", "number", type=click.IntRange(1, MOST_VERSIONS), help="An earlier version.")
@click.option("--versions", is_flag=True, help="List its versions instead.")
@json_option
def show_document(
    mark: uuid.UUID, member: str, firm: str | None, number: int | None, versions: bool, json: bool
) -> None:
    """Show a DOCUMENT, named as `document list` does."""
    asking = _asking(firm, member)
    written = _found(asking, mark, number)
    asking = asking.opening(asking.now.client_of(written.engagement))
    if versions:
        _show_versions(asking, written, json)
        return
    version = written.present if number is None else written.version(number)
    if version is None:
        raise Fault(f"It has no version {number}: `document show --versions` lists them.")
    if written.kind is FORM and version is written.present:
        _show_form(asking, form_for(asking.now, asking.member, mark), json)
        return
    text = _form_text(version) if written.kind is FORM else version.text
    if json:
        as_json({**_head(asking, written, version), "text": text})
        return
    line(version.title)
    line(f"Version {version.number}, {_signed(asking, version)}")
    line()
    line(text)


@document.command("add")
@click.argument("kind", type=click.Choice(ALL))
@click.argument("client", metavar="CLIENT")
@file_option
@as_option
@firm_option
@click.option("--service", metavar="SERVICE", help="May be left out where the client has one service.")
@title_option
@amount_option
@day_option
def add(kind: str, client: str, file: Any, member: str, firm: str | None, **given: str | None) -> None:
    """Add a document to CLIENT: its text is in FILE, `-` for standard input.

    \b
    ringfence document add plan ACM001 plan.txt --service VAT --title "Year end" --as susan@example.org
    ringfence document add application ACM001 --title Pension --amount 1250 --day 2026-11-29 --as Susan
    """
    asking = _asking(firm, member)
    number = asking.names.need(Thing.CLIENT, client)
    place = {"engagement": _engagement(asking, number, given["service"])}
    mark = _write(asking, DocumentKind(kind), file, given, place)
    line(f"Done: the {kind} is document {mark}, version 1.")


@document.command("save")
@click.argument("mark", metavar="DOCUMENT", type=click.UUID)
@file_option
@as_option
@firm_option
@after_option
@title_option
@amount_option
@day_option
def save(mark: uuid.UUID, file: Any, member: str, firm: str | None, after: int, **given: str | None) -> None:
    """Save a new version of a DOCUMENT that was read at version --after; what is not given stays.

    Where somebody else saved meanwhile nothing is saved.
    """
    asking = _asking(firm, member)
    written = _found(asking, mark)
    _write(asking, written.kind, file, given, {"document": mark, "after": after}, written)
    present = _found(_asking(firm, member), mark).present
    line(f"Done: it is at version {present.number}.")


@document.command("finalise")
@click.argument("mark", metavar="DOCUMENT", type=click.UUID)
@as_option
@firm_option
@after_option
@click.option("--preview", "only_preview", is_flag=True, help="Show the lines; change nothing.")
def finalise_form(mark: uuid.UUID, member: str, firm: str | None, after: int, only_preview: bool) -> None:
    """Freeze an application form with the lines that the fee splits make of it now. It cannot be undone."""
    asking = _asking(firm, member)
    asking = asking.opening(asking.now.client_of(_found(asking, mark).engagement))
    with _saying(asking):
        form = form_for(asking.now, asking.member, mark)
        _show_lines(form)
        if only_preview:
            line("Nothing was changed.")
            return
        finalise(asking.firm.pk, member=asking.member, document=mark, after=after, agreed=mark_of(form.lines))
    line("Done: it is finalised.")


@document.command("remove")
@click.argument("mark", metavar="DOCUMENT", type=click.UUID)
@as_option
@firm_option
@after_option
def remove(mark: uuid.UUID, member: str, firm: str | None, after: int) -> None:
    """Remove a plan, or the draft of an application form: nobody reads it any more."""
    asking = _asking(firm, member)
    written = _found(asking, mark)
    with _saying(asking):
        if written.kind is FORM:
            remove_form(asking.firm.pk, member=asking.member, document=mark, after=after)
        else:
            remove_document(
                asking.firm.pk, member=asking.member, document=mark, after=after, kind=written.kind
            )
    line("Done: it is removed.")


# --- Finding


def _asking(firm: str | None, member: str) -> Asking:
    found = find_firm(firm)
    names = FirmNames(found)
    return Asking(found, names, names.need(Thing.MEMBER, member), firm_state(found.pk))


def _found(asking: Asking, mark: uuid.UUID, number: int | None = None) -> Written:
    """The document where the member may read it, of whatever kind; to others it is not there."""
    for kind in DocumentKind:
        try:
            return document_for(asking.now, asking.member, mark, kind, numbers=[number] if number else [])
        except Refused:
            continue
    raise Fault(
        f"There is no document {mark} that they may read: `document list CLIENT` lists what there is."
    )


def _engagement(asking: Asking, client: int, service: str | None) -> int:
    """The engagement meant, of those that the member opens: of others a client has, nothing is told."""
    now = asking.now
    seen = [each for each in now.engagements_of(client) if now.can(asking.member, each)]
    if not seen:
        raise Refused(Refusal.NOT_FOUND, Problem.UNKNOWN_CLIENT, "client")
    wanted = asking.names.need(Thing.SERVICE, service) if service is not None else None
    found = [each for each in seen if wanted in (None, now.service_of(each))]
    if len(found) != 1:
        raise Fault("Say with --service which of the client's services that they may open.")
    return found[0]


# --- Writing


def _write(
    asking: Asking,
    kind: DocumentKind,
    file: Any,
    given: dict[str, str | None],
    place: dict[str, Any],
    was: Written | None = None,
) -> uuid.UUID:
    title = given["title"] or (was.present.title if was is not None else "")
    with _saying(asking):
        if kind is FORM:
            if file is not None:
                raise Fault("An application form has no text: give --title, --amount and --day, and no FILE.")
            terms = terms_of(was.present) if was is not None else None
            pence = _pence(given["amount"]) if given["amount"] else terms.pence if terms is not None else 0
            day = _day(given["day"] or "") if terms is None or given["day"] else terms.day
            return write_form(
                asking.firm.pk, member=asking.member, product=title, pence=pence, day=day, **place
            )
        if given["amount"] or given["day"]:
            raise Fault(f"A {kind.value} has no --amount and no --day: those are for an application form.")
        text = _text(file) if file is not None else was.present.text if was is not None else ""
        return write_document(
            asking.firm.pk, member=asking.member, title=title, text=text, kind=kind, **place
        )


@contextmanager
def _saying(asking: Asking) -> Iterator[None]:
    """Say why nothing was saved."""
    try:
        yield
    except FormRefused as refused:
        raise Fault(f"{FAULTS[refused.fault]} Nothing was changed.") from refused
    except DocumentOvertaken as overtaken:
        present = overtaken.present
        raise Fault(
            f"It is at version {present.number}, saved {_signed(asking, present)}. Nothing was changed: "
            f"read it with `document show`, and save yours with --after {present.number}."
        ) from overtaken


def _text(file: Any) -> str:
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Fault("The text is not UTF-8. Save it as UTF-8 and try again. Nothing was changed.") from fault


def _pence(text: str) -> int:
    found = read_pounds(text)
    if found is None:
        raise Fault(f"--amount {text!r} is no amount in pounds: write 1250 or 1250.50.")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise Fault(f"--day {text!r} is no day: write one like 2026-11-29.") from fault


# --- Showing


def _head(asking: Asking, written: Written, version: Version) -> dict[str, Any]:
    return {
        "document": str(written.id),
        "kind": written.kind.value,
        "version": version.number,
        "title": version.title,
        "by": asking.author(version.author),
        "at": as_datetime(version.at).isoformat(),
    }


def _signed(asking: Asking, version: Version) -> str:
    author = asking.author(version.author) or worded("a former [member]")
    return f"{moment_text(version.at, asking.names.zone)} by {author}"


def _show_versions(asking: Asking, written: Written, json: bool) -> None:
    found = versions_of(written)
    rows = [
        {
            "version": each.number,
            "title": each.title,
            "by": asking.author(each.author),
            "at": as_datetime(each.at),
        }
        for each in found
    ]
    if json:
        as_json({"document": str(written.id), "versions": rows})
        return
    zone = asking.names.zone
    table(
        ["Version", "Title", "By", "At"],
        [
            (*list(row.values())[:3], moment_text(each.at, zone))
            for row, each in zip(rows, found, strict=True)
        ],
    )


def _form_text(version: Version) -> str:
    terms = terms_of(version)
    return f"{terms.pence / 100:,.2f} on {terms.day.isoformat()}{', finalised' if terms.final else ''}"


def _show_form(asking: Asking, form: ApplicationForm, json: bool) -> None:
    version = form.written.present
    if json:
        lines = [
            {"member": each.name, "split": each.split / 100, "pounds": each.pence / 100}
            for each in form.lines
        ]
        terms = {"pounds": form.terms.pence / 100, "day": form.terms.day, "final": form.terms.final}
        as_json({**_head(asking, form.written, version), **terms, "lines": lines})
        return
    line(form.product)
    line(f"Version {version.number}, {_signed(asking, version)}: {_form_text(version)}")
    _show_lines(form)


def _show_lines(form: ApplicationForm) -> None:
    rows = [(each.name, f"{each.split / 100:g}%", f"{each.pence / 100:,.2f}") for each in form.lines]
    if rows:
        table(["Adviser", "Fee split", "Commission"], rows)
    else:
        line("Nobody has a fee split above zero.")
