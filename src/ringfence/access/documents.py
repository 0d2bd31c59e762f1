"""Documents on engagements: the engagement's level says who reads and writes, each time (rules.md 1, 5).

They keep a history of their own in versions and stand outside the ledger (rules.md 7). The words are stored
as they were written.
"""

import uuid
from collections.abc import Iterable

import msgspec
from django.db import transaction

from ringfence.core.commands import Refused
from ringfence.core.decision.moment import at
from ringfence.core.directory import shows
from ringfence.core.refusals import Problem, Refusal
from ringfence.core.terms import Instant, Level
from ringfence.core.texts import clean, clean_optional
from ringfence.firms.models import Document, DocumentVersion

from .clock import instant_of
from .connection import answering, plain
from .door import STATES, lock
from .firm_now import FirmNow
from .writing.tables.bulk import among_numbers, numbers_parameter, rows_of

TITLE = 200
TEXT = 20_000
NOTE = "note"


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What a document said from `at` on. `author` is a member's number."""

    number: int
    title: str
    text: str
    author: int
    at: Instant


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A document with its versions, the present one first."""

    id: uuid.UUID
    engagement: int
    versions: tuple[Version, ...]

    @property
    def present(self) -> Version:
        return self.versions[0]


class NoteOvertaken(Exception):
    """Somebody else changed the document after `version` was read. Nothing was saved."""

    def __init__(self, present: Version) -> None:
        super().__init__(f"the document is at version {present.number}")
        self.present = present


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """What a list says of a document: its present title, and who wrote that when. `author` is a name."""

    id: uuid.UUID
    engagement: int
    title: str
    author: str
    at: Instant


_HEADINGS = (
    "SELECT d.id, d.engagement, v.title, m.name, v.at FROM firms_document d"
    " JOIN firms_documentversion v ON v.document_id = d.id"
    " LEFT JOIN firms_member m ON m.firm_id = d.firm_id AND m.number = v.author"
    " WHERE d.firm_id = %s AND {among} AND d.removed_at IS NULL"
    " AND v.number = (SELECT MAX(number) FROM firms_documentversion WHERE document_id = d.id)"
    " ORDER BY v.at DESC"
)


def headings_on(firm: int, engagements: Iterable[int]) -> list[Heading]:
    """The documents of these engagements by their present titles, the latest first: one question.

    Whoever asks has made sure that the engagements may be seen.
    """
    asked = _HEADINGS.format(among=among_numbers("d.engagement"))
    return [
        Heading(id=_uuid(id), engagement=engagement, title=title, author=author or "", at=Instant(at))
        for id, engagement, title, author, at in rows_of(asked, firm, numbers_parameter(engagements))
    ]


def _uuid(value: object) -> uuid.UUID:
    """PostgreSQL has a type for it, SQLite the letters."""
    return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))


def document_for(firm_now: FirmNow, member: int, document: uuid.UUID) -> Written:
    """A document that the member may read, with all its versions; raises `Refused` as if it did not exist."""
    row = Document.objects.filter(firm=firm_now.firm, id=document, removed_at=None).first()
    if row is None or not firm_now.moment.can(member, row.engagement):
        raise Refused(Refusal.NOT_FOUND, Problem.UNKNOWN_ENGAGEMENT, "document")
    return _written(row)


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
) -> uuid.UUID:
    """Add a note to an engagement, or a version to a document that was read at version `after`.

    `token` is the id that a new note is to have: the same words sent again with it are the same note.
    Needs Editor of the engagement at the moment of writing (rules.md 5). Raises `Refused`, `NoteOvertaken`,
    `FirmUnknown`, `StateUnavailable`; then nothing is saved.
    """
    with answering(), transaction.atomic(durable=True):
        lock(firm)
        known = STATES.current(plain(), firm)
        now = instant_of(firm, known.at)
        firm_now = FirmNow(firm=firm, version=known.version, moment=at(known.state, now))
        row = None
        if document is not None:
            row = Document.objects.filter(firm=firm, id=document, removed_at=None).first()
            engagement = row.engagement if row is not None else 0
        _need_editor(firm_now, member, engagement)
        title = clean(title, "title", most=TITLE)
        text = _clean_text(text)
        number = 1
        if row is None:
            mark = token or uuid.uuid4()
            twin = Document.objects.filter(id=mark).first()
            if twin is not None and _sent_before(twin, firm, engagement, (member, title, text)):
                return twin.id
            fresh = mark if twin is None else uuid.uuid4()
            row = Document.objects.create(id=fresh, firm_id=firm, engagement=engagement, kind=NOTE)
        else:
            present = _written(row).present
            if present.number != after:
                raise NoteOvertaken(present)
            if (present.title, present.text) == (title, text):
                return row.id
            number = present.number + 1
        DocumentVersion.objects.create(
            document=row, number=number, title=title, text=text, author=member, at=now
        )
    return row.id


def _sent_before(row: Document, firm: int, engagement: int, sent: tuple[int, str, str]) -> bool:
    first = DocumentVersion.objects.filter(document=row, number=1).values_list("author", "title", "text")
    return (row.firm_id, row.engagement) == (firm, engagement) and first.first() == sent


def _need_editor(firm_now: FirmNow, member: int, engagement: int) -> None:
    if not firm_now.moment.can(member, engagement):
        raise Refused(Refusal.NOT_FOUND, Problem.UNKNOWN_ENGAGEMENT, "engagement")
    if firm_now.moment.level(member, engagement) < Level.EDITOR:
        raise Refused(Refusal.NOT_PERMITTED, Problem.ONLY_EDITORS)


def _clean_text(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    for line in lines.split("\n"):
        clean_optional(line.replace("\t", " "), "text", most=TEXT)
    if not shows(lines):
        raise Refused(Refusal.INVALID, Problem.TEXT_EMPTY, "text")
    if len(lines) > TEXT:
        raise Refused(Refusal.INVALID, Problem.TEXT_TOO_LONG, "text", limit=TEXT)
    return lines


def _written(row: Document) -> Written:
    versions = DocumentVersion.objects.filter(document=row).order_by("-number")
    return Written(
        id=row.id, engagement=row.engagement, versions=tuple(_version(version) for version in versions)
    )


def _version(row: DocumentVersion) -> Version:
    return Version(number=row.number, title=row.title, text=row.text, author=row.author, at=Instant(row.at))
