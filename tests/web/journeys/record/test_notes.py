"""Notes on an engagement: who reads, who writes, what is said to two who write at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.urls import reverse

from ringfence.access.documents import write_document
from ringfence.core.commands.definitions import On, SetGrant
from ringfence.core.terms import Level, member_subject
from ringfence.firms.models import DocumentVersion
from tests.web.cast import (
    CAI,
    DILYS,
    FORTUNE,
    FORTUNE_INCOME_TAX,
    FORTUNE_VAT,
    Cast,
    do,
    grouped,
)
from tests.web.reading import errors, heading, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def add_address(cast: Cast, engagement: int = FORTUNE_VAT) -> str:
    return reverse("add-note", args=[cast.firm, FORTUNE, engagement])


def note_on_vat(cast: Cast) -> UUID:
    return write_document(
        cast.firm, member=CAI, title="Call", text="First line\nSecond line", engagement=FORTUNE_VAT
    )


def test_a_note_may_hold_lines_that_show_nothing(cast: Cast) -> None:
    write_document(cast.firm, member=CAI, title="Call", text="First\n\u200b\nSecond", engagement=FORTUNE_VAT)
    assert DocumentVersion.objects.get().text == "First\n\u200b\nSecond"


def page_of(client: PageClient, cast: Cast, note: UUID, route: str = "note") -> Any:
    return client.get(reverse(route, args=[cast.firm, FORTUNE, note]))


def read_only(cast: Cast) -> None:
    """Dilys may read Fortune 500 and change nothing."""
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.READER))
    grouped(cast.firm)


def test_an_editor_adds_a_note_which_then_shows_in_the_record(cast: Cast, cai: PageClient) -> None:
    response = cai.post(add_address(cast), {"title": "Call of 3 March", "text": "Rang."}, follow=True)
    assert "The note is saved." in text(response)
    assert "Call of 3 March" in text(response)


def test_a_note_shows_its_text_and_who_wrote_it(cast: Cast, cai: PageClient) -> None:
    response = page_of(cai, cast, note_on_vat(cast))
    assert heading(response) == "Call"
    assert "First line" in text(response)
    assert "by Cai" in text(response)


def test_a_note_without_title_or_text_is_refused(cast: Cast, cai: PageClient) -> None:
    assert errors(cai.post(add_address(cast), {"title": " ", "text": "x"})) == [("Enter a title", "#title")]
    assert errors(cai.post(add_address(cast), {"title": "x", "text": ""})) == [
        ("Enter the text of the note", "#text")
    ]


@pytest.mark.parametrize(
    ("title", "text", "error"),
    [
        ("x" * 201, "text", ("Write at most 200 characters", "#title")),
        ("title", "x" * 20_001, ("Write at most 20000 characters", "#text")),
        ("a\x07b", "text", ("Leave out control characters", "#title")),
        ("title", "a\x07b", ("Leave out control characters", "#text")),
    ],
)
def test_what_cannot_be_stored_is_refused_with_what_to_do(
    title: str, text: str, error: tuple[str, str], cast: Cast, cai: PageClient
) -> None:
    response = cai.post(add_address(cast), {"title": title, "text": text})
    assert errors(response) == [error]
    assert not DocumentVersion.objects.exists()


def test_whoever_does_not_see_the_engagement_sees_no_note_of_it(cast: Cast, dilys: PageClient) -> None:
    note = note_on_vat(cast)
    grouped(cast.firm)
    assert page_of(dilys, cast, note).status_code == 404
    assert "Call" not in text(dilys.get(reverse("client", args=[cast.firm, FORTUNE])))


def test_whoever_does_not_see_the_engagement_adds_nothing_to_it(cast: Cast, dilys: PageClient) -> None:
    grouped(cast.firm)
    assert dilys.post(add_address(cast), {"title": "x", "text": "y"}).status_code == 404
    assert not DocumentVersion.objects.exists()


def test_a_reader_reads_a_note_and_writes_none(cast: Cast, dilys: PageClient) -> None:
    note = note_on_vat(cast)
    read_only(cast)
    assert "Change the note" not in text(page_of(dilys, cast, note))
    assert page_of(dilys, cast, note, "change-note").status_code == 403
    assert dilys.post(add_address(cast), {"title": "x", "text": "y"}).status_code == 403


def test_the_engagement_in_the_address_must_be_the_clients(cast: Cast, cai: PageClient) -> None:
    assert cai.get(reverse("add-note", args=[cast.firm, FORTUNE, 3])).status_code == 404


def test_the_client_in_the_address_must_be_the_notes(cast: Cast, cai: PageClient) -> None:
    note = note_on_vat(cast)
    assert cai.get(reverse("note", args=[cast.firm, FORTUNE + 1, note])).status_code == 404


def test_another_firms_note_is_not_there(cast: Cast, visitor: PageClient) -> None:
    note = note_on_vat(cast)
    visitor.force_login(cast.users["Lena"])
    assert visitor.get(reverse("note", args=[cast.other, FORTUNE, note])).status_code == 404


def test_a_changed_note_keeps_what_it_said_before(cast: Cast, cai: PageClient) -> None:
    note = note_on_vat(cast)
    form = {"title": "Call back", "text": "Done", "version": "1"}
    cai.post(reverse("change-note", args=[cast.firm, FORTUNE, note]), form)
    shown = text(page_of(cai, cast, note))
    assert shown.index("Done") < shown.index("Earlier versions") < shown.index("First line")


def test_two_who_write_at_once_lose_nothing(cast: Cast, cai: PageClient, dilys: PageClient) -> None:
    note = note_on_vat(cast)
    address = reverse("change-note", args=[cast.firm, FORTUNE, note])
    version = value(cai.get(address), "version")
    dilys.post(address, {"title": "Call", "text": "By Dilys", "version": version})
    response = cai.post(address, {"title": "Call", "text": "By Cai", "version": version})
    assert errors(response) == [("Somebody changed this note while you were writing", "#text")]
    assert "By Dilys" in text(response)
    assert "By Cai" in response.content.decode()
    cai.post(address, {"title": "Call", "text": "By both", "version": value(response, "version")})
    assert [each.text for each in DocumentVersion.objects.order_by("number")][1:] == ["By Dilys", "By both"]


def test_sending_the_same_words_again_makes_no_version(cast: Cast, cai: PageClient) -> None:
    note = note_on_vat(cast)
    form = {"title": "Call", "text": "First line\nSecond line", "version": "1"}
    cai.post(reverse("change-note", args=[cast.firm, FORTUNE, note]), form)
    assert DocumentVersion.objects.count() == 1


def test_a_note_stays_with_its_engagement(cast: Cast, dilys: PageClient, cai: PageClient) -> None:
    write_document(cast.firm, member=CAI, title="Tax", text="x", engagement=FORTUNE_INCOME_TAX)
    note_on_vat(cast)
    grouped(cast.firm)
    shown = text(dilys.get(reverse("client", args=[cast.firm, FORTUNE])))
    assert "Tax" in shown
    assert "Call" not in shown


@pytest.mark.parametrize("version", ["", "²", "x", "-1", "9" * 40])
def test_a_version_that_is_none_overwrites_nothing(version: str, cast: Cast, cai: PageClient) -> None:
    note = note_on_vat(cast)
    form = {"title": "Call", "text": "Other", "version": version}
    response = cai.post(reverse("change-note", args=[cast.firm, FORTUNE, note]), form)
    assert response.status_code == 422
    assert DocumentVersion.objects.count() == 1
