"""Application forms: documents on an engagement that divide a commission by the client's fee splits.

A draft follows the splits as they are. Finalised, a form keeps the lines and names that it had, whatever
becomes of the splits. Who reads and writes one is as of every document (rules.md 5); making one needs the
firm's setting `fee_splits` (rules.md 3).
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from hashlib import sha256

import msgspec

from ringfence.core.commands import Refused
from ringfence.core.directory import sort_key
from ringfence.core.refusals import Problem, Refusal, need
from ringfence.core.terms import Instant, Thing
from ringfence.core.texts import clean
from ringfence.firms.models import ApplicationLine, Document

from .commission import divided
from .documents import (
    NOTHING_BESIDE,
    TITLE,
    BesideDocument,
    DocumentKind,
    Version,
    Written,
    add_version,
    change_document,
    document_for,
    document_row,
    headings_on,
    need_editor,
    new_document,
    present_after,
    writing_documents,
)
from .firm_now import FirmNow
from .reading import rows_by_number

FORM = DocumentKind.APPLICATION
MOST = 99_999_999_999
"""Pence."""


class FormTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What an application form says beside its product, as it is stored with each version.

    `client` and `service` are their names when the form was finalised; empty for a draft.
    """

    pence: int
    day: date
    final: bool = False
    client: str = ""
    service: str = ""


class CommissionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a form. `name` is the member's name; `split` in hundredths of a per cent."""

    member: int
    name: str
    split: int
    pence: int


class ApplicationForm(msgspec.Struct, frozen=True, kw_only=True):
    """A form as it stands: a draft by the splits of now, a finalised one by its own lines."""

    written: Written
    terms: FormTerms
    lines: tuple[CommissionLine, ...]

    @property
    def product(self) -> str:
        return self.written.present.title


class FormHeading(msgspec.Struct, frozen=True, kw_only=True):
    """What a list says of a form; who wrote it is named, `at` is when."""

    id: uuid.UUID
    engagement: int
    title: str
    """The product."""
    terms: FormTerms
    author: str
    at: Instant


class FormFault(StrEnum):
    """Why an application form is not written or finalised, besides what refuses every document."""

    AMOUNT = "amount"
    """Not from one penny up to `MOST`."""
    FINAL = "final"
    """It is finalised: nothing of it changes any more."""
    NO_LINES = "no_lines"
    """No fee split above 0 % counts on the client."""
    LINES_CHANGED = "lines_changed"
    """The lines are not those that were agreed to."""


class FormRefused(Exception):
    """An application form that is not written. Nothing was saved."""

    def __init__(self, fault: FormFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def form_for(firm_now: FirmNow, member: int, document: uuid.UUID) -> ApplicationForm:
    """A form that the member may read, with all its versions; raises `Refused` as if it did not exist."""
    written = document_for(firm_now, member, document, FORM)
    terms = terms_of(written.present)
    lines = _kept_lines(firm_now.firm, document) if terms.final else lines_now(firm_now, written, terms.pence)
    return ApplicationForm(written=written, terms=terms, lines=lines)


def terms_of(version: Version) -> FormTerms:
    """What a version of a form says."""
    return msgspec.json.decode(version.text, type=FormTerms)


def forms_on(firm: int, engagements: Iterable[int]) -> list[FormHeading]:
    """The forms on these engagements, the latest first. Whoever asks has made sure that they may be seen."""
    return [
        FormHeading(
            id=each.id,
            engagement=each.engagement,
            title=each.title,
            terms=msgspec.json.decode(each.text, type=FormTerms),
            author=each.author,
            at=each.at,
        )
        for each in headings_on(firm, engagements, FORM)
    ]


def lines_now(firm_now: FirmNow, written: Written, pence: int) -> tuple[CommissionLine, ...]:
    """What the splits that count on the form's client make of the pence, in the order of the names."""
    return _lines(firm_now, firm_now.client_of(written.engagement), pence)


def write_form(
    firm: int,
    *,
    member: int,
    product: str,
    pence: int,
    day: date,
    engagement: int = 0,
    document: uuid.UUID | None = None,
    after: int = 0,
    token: uuid.UUID | None = None,
    beside: BesideDocument = NOTHING_BESIDE,
) -> uuid.UUID:
    """Add a draft to an engagement, or a version to one that was read at version `after`.

    Raises `Refused`, `FormRefused`, `DocumentOvertaken`, `FirmUnknown`, `StateUnavailable`; then nothing is
    saved.
    """
    with writing_documents(firm, beside) as firm_now:
        row = document_row(firm, document, FORM) if document is not None else None
        _need_right(firm_now, member, row.engagement if row is not None else engagement)
        title = clean(product, "title", most=TITLE)
        if not 0 < pence <= MOST:
            raise FormRefused(FormFault.AMOUNT)
        words = (member, title, _stored(FormTerms(pence=pence, day=day)))
        if row is None:
            row = new_document(firm_now, FORM, engagement, words, token=token)
        else:
            change_document(firm_now, row, _draft_after(row, after), words)
        beside.after(row.id)
    return row.id


def mark_of(lines: Sequence[CommissionLine]) -> str:
    """The same for the same lines, names included: by it who agrees to a form says to which lines."""
    return sha256(msgspec.json.encode(tuple(lines))).hexdigest()[:16]


def finalise(
    firm: int,
    *,
    member: int,
    document: uuid.UUID,
    after: int,
    agreed: str,
    beside: BesideDocument = NOTHING_BESIDE,
) -> None:
    """Freeze a draft that was read at version `after` with the lines that have the mark `agreed`.

    Raises likewise.
    """
    with writing_documents(firm, beside) as firm_now:
        row = document_row(firm, document, FORM)
        _need_right(firm_now, member, row.engagement)
        present = _draft_after(row, after)
        terms, client = terms_of(present), firm_now.client_of(row.engagement)
        lines = _lines(firm_now, client, terms.pence)
        if not lines:
            raise FormRefused(FormFault.NO_LINES)
        if mark_of(lines) != agreed:
            raise FormRefused(FormFault.LINES_CHANGED)
        frozen = msgspec.structs.replace(
            terms,
            final=True,
            client=_name(firm, Thing.CLIENT, client),
            service=_name(firm, Thing.SERVICE, firm_now.service_of(row.engagement)),
        )
        add_version(firm_now, row, present.number + 1, (member, present.title, _stored(frozen)))
        ApplicationLine.objects.bulk_create(
            ApplicationLine(
                firm_id=firm,
                document=row,
                place=place,
                member=line.member,
                name=line.name,
                split=line.split,
                commission=line.pence,
            )
            for place, line in enumerate(lines, start=1)
        )
        beside.after(row.id)


def remove_form(
    firm: int,
    *,
    member: int,
    document: uuid.UUID,
    after: int,
    beside: BesideDocument = NOTHING_BESIDE,
) -> None:
    """Remove a draft that was read at version `after`. A finalised form stays. Raises likewise."""
    with writing_documents(firm, beside) as firm_now:
        row = document_row(firm, document, FORM)
        need_editor(firm_now, member, row.engagement)
        _draft_after(row, after)
        Document.objects.filter(id=row.id).update(removed_at=firm_now.now, removed_by=member)
        beside.after(row.id)


def refused_making(firm_now: FirmNow) -> Refused | None:
    """How making, changing and finalising a form is refused at present, whoever asks (rules.md 3)."""
    if firm_now.settings.fee_splits:
        return None
    return Refused(Refusal.SETTING_OFF, Problem.FEE_SPLIT_SETTING, "fee_split")


def _need_right(firm_now: FirmNow, member: int, engagement: int) -> None:
    need_editor(firm_now, member, engagement)
    need(refused_making(firm_now))


def _draft_after(row: Document, after: int) -> Version:
    present = present_after(row, after)
    if terms_of(present).final:
        raise FormRefused(FormFault.FINAL)
    return present


def _lines(firm_now: FirmNow, client: int, pence: int) -> tuple[CommissionLine, ...]:
    splits = firm_now.fee_splits_on(client)
    named = rows_by_number(firm_now.firm, Thing.MEMBER, ("number", "name"), "number", splits)
    named.sort(key=lambda row: (sort_key(row[1]), row[0]))
    shares = divided(pence, [splits[number] for number, _name in named])
    return tuple(
        CommissionLine(member=number, name=name, split=splits[number], pence=share)
        for (number, name), share in zip(named, shares, strict=True)
    )


def _kept_lines(firm: int, document: uuid.UUID) -> tuple[CommissionLine, ...]:
    rows = ApplicationLine.objects.filter(firm=firm, document=document).order_by("place")
    return tuple(
        CommissionLine(member=row.member, name=row.name, split=row.split, pence=row.commission)
        for row in rows
    )


def _name(firm: int, thing: Thing, number: int) -> str:
    found = rows_by_number(firm, thing, ("name",), "number", [number])
    return str(found[0][0]) if found else ""


def _stored(terms: FormTerms) -> str:
    return msgspec.json.encode(terms).decode()
