"""Documents on engagements: the engagement's level says who reads and writes, each time (rules.md 1, 5).

They keep a history of their own in versions and stand outside the ledger (rules.md 7). The words are stored
as they were written.
"""

import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum

import msgspec
from django.db import transaction

from ringfence.core.commands import Refused
from ringfence.core.decision.moment import at
from ringfence.core.directory import shows
from ringfence.core.refusals import Problem, Refusal, need
from ringfence.core.terms import Instant, Level
from ringfence.core.texts import clean, clean_optional
from ringfence.firms.models import Document, DocumentVersion

from .actor import Actor
from .clock import instant_of
from .connection import answering, plain
from .door import STATES, lock
from .firm_now import FirmNow
from .sql import among_numbers, numbers_parameter, rows_of


class DocumentKind(StrEnum):
    """What a document is (rules.md 1)."""

    NOTE = "note"
    PLAN = "plan"
    APPLICATION = "application"


TITLE = 200
TEXT = {DocumentKind.NOTE: 20_000, DocumentKind.PLAN: 30_000}
"""Characters, by kind; what an application form says beside its title is no free text."""
LINES = 2_000
"""Lines of a text: they are compared one by one."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What a document said from `at` on. `author` is a member's number."""

    number: int
    title: str
    text: str
    author: int
    at: Instant


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A document with those of its versions that were asked for, the present one first."""

    id: uuid.UUID
    kind: DocumentKind
    engagement: int
    versions: tuple[Version, ...]

    @property
    def present(self) -> Version:
        return self.versions[0]

    def version(self, number: int) -> Version | None:
        """The version of that number, None where it is not among these."""
        return next((each for each in self.versions if each.number == number), None)


class DocumentOvertaken(Exception):
    """Somebody else changed the document after `version` was read. Nothing was saved."""

    def __init__(self, present: Version) -> None:
        super().__init__(f"the document is at version {present.number}")
        self.present = present


class BesideDocument:
    """What is done in a document's transaction, under the firm's lock. What it raises undoes all."""

    actor: Actor | None = None
    """Of software: whose token must stand at that moment."""

    def before(self, now: FirmNow) -> None:
        """Before it is decided whether the document may be written."""

    def after(self, document: uuid.UUID) -> None:
        """Once it is written or removed, before that is committed."""


NOTHING_BESIDE = BesideDocument()


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """What a list says of a document: its present title, and who wrote that when. `author` is a name."""

    id: uuid.UUID
    engagement: int
    number: int
    """Of the present version."""
    member: int
    """Who wrote it."""
    title: str
    text: str
    """Of an application form what it says; of the others, which lists do not show, empty."""
    author: str
    at: Instant


_HEADINGS = (
    "SELECT d.id, d.engagement, v.number, v.author, v.title, {text}, m.name, v.at FROM firms_document d"
    " JOIN firms_documentversion v ON v.document_id = d.id"
    " LEFT JOIN firms_member m ON m.firm_id = d.firm_id AND m.number = v.author"
    " WHERE d.firm_id = %s AND {among} AND d.kind = %s AND d.removed_at IS NULL"
    " AND v.number = (SELECT MAX(number) FROM firms_documentversion WHERE document_id = d.id)"
    " ORDER BY v.at DESC"
)


def headings_on(
    firm: int, engagements: Iterable[int], kind: DocumentKind = DocumentKind.NOTE
) -> list[Heading]:
    """The documents of a kind on these engagements by their present titles, the latest first: one question.

    Whoever asks has made sure that the engagements may be seen.
    """
    text = "v.text" if kind is DocumentKind.APPLICATION else "''"
    asked = _HEADINGS.format(among=among_numbers("d.engagement"), text=text)
    return [
        Heading(
            id=_uuid(id),
            engagement=engagement,
            number=number,
            member=member,
            title=title,
            text=text,
            author=author or "",
            at=Instant(at),
        )
        for id, engagement, number, member, title, text, author, at in rows_of(
            asked, firm, numbers_parameter(engagements), kind.value
        )
    ]


class WrittenSince(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote: one version of a document. `author` is a member's number."""

    document: uuid.UUID
    kind: DocumentKind
    engagement: int
    number: int
    """1: the document was added by it."""
    title: str
    author: int
    at: Instant


_SINCE = (
    "SELECT d.id, d.kind, d.engagement, v.number, v.title, v.author, v.at FROM firms_documentversion v"
    " JOIN firms_document d ON d.id = v.document_id"
    " WHERE v.firm_id = %s AND v.at >= %s AND v.at < %s AND d.removed_at IS NULL ORDER BY v.at, v.id"
)


def written_since(firm: int, since: Instant, until: Instant) -> list[WrittenSince]:
    """All versions written from `since` on, up to and without `until`, in order; of removed documents none.

    Who may be told of one is who sees its engagement (rules.md 5): ask that of the firm before telling.
    """
    return [
        WrittenSince(
            document=_uuid(id),
            kind=DocumentKind(kind),
            engagement=engagement,
            number=number,
            title=title,
            author=author,
            at=Instant(at),
        )
        for id, kind, engagement, number, title, author, at in rows_of(_SINCE, firm, since, until)
    ]


def _uuid(value: object) -> uuid.UUID:
    """PostgreSQL has a type for it, SQLite the letters."""
    return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))


def document_for(
    firm_now: FirmNow,
    member: int,
    document: uuid.UUID,
    kind: DocumentKind | None = DocumentKind.NOTE,
    *,
    numbers: Collection[int] | None = None,
) -> Written:
    """A document of that kind, None for any, that the member may read; raises `Refused` as for none.

    With all its versions, or with the present one and those of the `numbers` that there are.
    """
    rows = Document.objects.filter(firm=firm_now.firm, id=document, removed_at=None)
    row = (rows if kind is None else rows.filter(kind=kind)).first()
    if row is None or not firm_now.moment.can(member, row.engagement):
        raise _not_there()
    return _written(row, numbers)


def removed_document_on(
    firm_now: FirmNow, member: int, document: uuid.UUID, kind: DocumentKind
) -> int | None:
    """The engagement of a document of that kind that was removed, for who sees it; else None."""
    rows = Document.objects.filter(firm=firm_now.firm, id=document, kind=kind, removed_at__isnull=False)
    engagement = rows.values_list("engagement", flat=True).first()
    if engagement is None or not firm_now.moment.can(member, engagement):
        return None
    return int(engagement)


class VersionHeading(msgspec.Struct, frozen=True, kw_only=True):
    """A version in a list of them, without its text. `author` is a member's number."""

    number: int
    title: str
    author: int
    at: Instant


def versions_of(written: Written) -> list[VersionHeading]:
    """All versions of a document that was read, the present one first."""
    rows = DocumentVersion.objects.filter(document=written.id).order_by("-number")
    return [
        VersionHeading(number=number, title=title, author=author, at=Instant(at))
        for number, title, author, at in rows.values_list("number", "title", "author", "at")
    ]


def last_version(document: uuid.UUID) -> int:
    """The number of the present version, of a document that is there or was removed."""
    rows = DocumentVersion.objects.filter(document=document).order_by("-number")
    return int(rows.values_list("number", flat=True)[0])


def write_document(
    firm: int,
    *,
    member: int,
    title: str,
    text: str,
    engagement: int = 0,
    document: uuid.UUID | None = None,
    after: int = 0,
    token: uuid.UUID | None = None,
    kind: DocumentKind = DocumentKind.NOTE,
    beside: BesideDocument = NOTHING_BESIDE,
) -> uuid.UUID:
    """Add a note or plan to an engagement, or a version to one that was read at version `after`.

    `token` is the id that a new document is to have: the same words sent again with it are the same one.
    Needs Editor of the engagement at the moment of writing (rules.md 5). Raises `Refused`,
    `DocumentOvertaken`, `FirmUnknown`, `StateUnavailable`; then nothing is saved.
    """
    with writing_documents(firm, beside) as firm_now:
        row = document_row(firm, document, kind) if document is not None else None
        need_editor(firm_now, member, row.engagement if row is not None else engagement)
        title, text = checked_words(title, text, kind)
        if row is None:
            words = (member, title, text)
            row = new_document(firm_now, kind, engagement, words, token=token)
        else:
            change_document(firm_now, row, present_after(row, after), (member, title, text))
        beside.after(row.id)
    return row.id


def remove_document(
    firm: int,
    *,
    member: int,
    document: uuid.UUID,
    after: int,
    kind: DocumentKind = DocumentKind.PLAN,
    beside: BesideDocument = NOTHING_BESIDE,
) -> None:
    """Remove a document that was read at version `after`: nobody reads it any more.

    Needs Editor of the engagement at that moment. Raises as `write_document`.
    """
    with writing_documents(firm, beside) as firm_now:
        row = document_row(firm, document, kind)
        need_editor(firm_now, member, row.engagement)
        present_after(row, after)
        Document.objects.filter(id=row.id).update(removed_at=firm_now.now, removed_by=member)
        beside.after(row.id)


# --- For the kinds of documents


@contextmanager
def writing_documents(firm: int, beside: BesideDocument = NOTHING_BESIDE) -> Iterator[FirmNow]:
    """One change of documents in one transaction, with the firm locked and as it stands then.

    Whoever makes the change tells `beside` once it is written.
    """
    with answering(), transaction.atomic(durable=True):
        lock(firm)
        known = STATES.current(plain(), firm)
        now = instant_of(firm, known.at)
        moment = at(known.state, now)
        if beside.actor is not None:
            need(beside.actor.refused(moment))
        firm_now = FirmNow(firm=firm, version=known.version, moment=moment)
        beside.before(firm_now)
        yield firm_now


def need_editor(firm_now: FirmNow, member: int, engagement: int) -> None:
    """Raises `Refused` where the member may not write on the engagement (rules.md 5)."""
    if not firm_now.moment.can(member, engagement):
        raise _not_there()
    if firm_now.moment.level(member, engagement) < Level.EDITOR:
        raise Refused(Refusal.NOT_PERMITTED, Problem.ONLY_EDITORS)


def document_row(firm: int, document: uuid.UUID, kind: DocumentKind) -> Document:
    """The row of a document that is there; raises `Refused`."""
    row = Document.objects.filter(firm=firm, id=document, kind=kind, removed_at=None).first()
    if row is None:
        raise _not_there()
    return row


def present_after(row: Document, after: int) -> Version:
    """The present version, which is `after`; raises `DocumentOvertaken` where it is a later one."""
    present = _written(row, ()).present
    if present.number != after:
        raise DocumentOvertaken(present)
    return present


Words = tuple[int, str, str]
"""Who writes, the title and the text."""


def new_document(
    firm_now: FirmNow, kind: DocumentKind, engagement: int, words: Words, *, token: uuid.UUID | None
) -> Document:
    """A new document with its first version; the one there is where the same words came with the `token`."""
    mark = token or uuid.uuid4()
    twin = Document.objects.filter(id=mark).first()
    if twin is not None and _sent_before(twin, firm_now.firm, kind, engagement, words):
        return twin
    fresh = mark if twin is None else uuid.uuid4()
    row = Document.objects.create(id=fresh, firm_id=firm_now.firm, engagement=engagement, kind=kind)
    add_version(firm_now, row, 1, words)
    return row


def change_document(firm_now: FirmNow, row: Document, present: Version, words: Words) -> None:
    """Have it say these words from now on; nothing is written where it does already."""
    _author, title, text = words
    if (present.title, present.text) != (title, text):
        add_version(firm_now, row, present.number + 1, words)


def add_version(firm_now: FirmNow, row: Document, number: int, words: Words) -> None:
    author, title, text = words
    DocumentVersion.objects.create(
        firm_id=row.firm_id,
        document=row,
        number=number,
        title=title,
        text=text,
        author=author,
        at=firm_now.now,
    )


def plain_lines(text: str) -> str:
    """The text with its lines parted as they are stored, whatever a browser parted them with."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def checked_words(title: str, text: str, kind: DocumentKind) -> tuple[str, str]:
    """Title and text as they are stored; raises `Refused` where they cannot be."""
    return clean(title, "title", most=TITLE), clean_text(text, most=TEXT[kind])


def clean_text(text: str, *, most: int) -> str:
    """The text as it is stored; raises `Refused` where it cannot be, with the field `lines` for too many."""
    lines = plain_lines(text)
    for line in lines.split("\n"):
        clean_optional(line.replace("\t", " "), "text", most=most)
    if not shows(lines):
        raise Refused(Refusal.INVALID, Problem.TEXT_EMPTY, "text")
    if len(lines) > most:
        raise Refused(Refusal.INVALID, Problem.TEXT_TOO_LONG, "text", limit=most)
    if lines.count("\n") >= LINES:
        raise Refused(Refusal.INVALID, Problem.TEXT_TOO_LONG, "lines", limit=LINES)
    return lines


def _not_there() -> Refused:
    return Refused(Refusal.NOT_FOUND, Problem.UNKNOWN_ENGAGEMENT, "document")


def _sent_before(row: Document, firm: int, kind: DocumentKind, engagement: int, words: Words) -> bool:
    same_place = (row.firm_id, row.kind, row.engagement, row.removed_at) == (firm, kind, engagement, None)
    first = DocumentVersion.objects.filter(document=row, number=1).values_list("author", "title", "text")
    return same_place and first.first() == words


def _written(row: Document, numbers: Collection[int] | None) -> Written:
    rows = DocumentVersion.objects.filter(document=row).order_by("-number")
    if numbers is None:
        versions = [_version(each) for each in rows]
    else:
        present = rows[0]
        others = rows.filter(number__in=set(numbers) - {present.number}) if numbers else ()
        versions = [_version(each) for each in (present, *others)]
    return Written(
        id=row.id, kind=DocumentKind(row.kind), engagement=row.engagement, versions=tuple(versions)
    )


def _version(row: DocumentVersion) -> Version:
    return Version(number=row.number, title=row.title, text=row.text, author=row.author, at=Instant(row.at))
