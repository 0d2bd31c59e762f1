"""A client's details: who reads and writes them, their versions, and the fields that the firm names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import OPERATOR, Refused, erase_client
from ringfence.access.client_details import details_of, name_fields, named_fields, versions_of, write_details
from ringfence.core.commands.definitions import On, RemoveClient, SetGrant, TurnOn
from ringfence.core.terms import Level, member_subject
from ringfence.firms.models import ClientDetails
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, Cast, do, grouped
from tests.web.reading import errors, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

GIVEN = {
    "contact": "Jo Fortune",
    "email": "jo@fortune.example",
    "telephone": "01234 567890",
    "address": "1 Road\nTown",
}


def form(cast: Cast, client: int = FORTUNE) -> str:
    return reverse("change-details", args=[cast.firm, client])


def record(cast: Cast, client: PageClient) -> Any:
    return client.get(reverse("client", args=[cast.firm, FORTUNE]))


def test_an_editor_writes_the_details_and_the_record_shows_them(cast: Cast, cai: PageClient) -> None:
    cai.post(form(cast), {**GIVEN, "version": "0"})
    shown = text(record(cast, cai))
    assert all(part in shown for part in ("Jo Fortune", "jo@fortune.example", "01234 567890", "1 Road"))


def test_a_reader_reads_the_details_and_writes_none(cast: Cast, cai: PageClient) -> None:
    write_details(cast.firm, member=CAI, client=FORTUNE, values=GIVEN, after=0)
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.READER))
    assert "Jo Fortune" in text(record(cast, cai))
    assert cai.get(form(cast)).status_code == 403
    assert cai.post(form(cast), {**GIVEN, "version": "1"}).status_code == 403


def test_whoever_became_a_reader_meanwhile_writes_nothing(cast: Cast) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.READER))
    with pytest.raises(Refused):
        write_details(cast.firm, member=CAI, client=FORTUNE, values=GIVEN, after=0)
    assert not ClientDetails.objects.exists()


def test_who_edits_a_part_of_the_client_writes_no_details_of_the_whole(cast: Cast, dilys: PageClient) -> None:
    grouped(cast.firm)
    assert record(cast, dilys).status_code == 200
    assert dilys.post(form(cast), {**GIVEN, "version": "0"}).status_code == 403
    assert not ClientDetails.objects.exists()


def test_a_hidden_clients_details_are_not_found(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    for route in ("change-details", "details-history", "client-history", "client-openings"):
        assert dilys.get(reverse(route, args=[cast.firm, FORTUNE])).status_code == 404


def test_an_administrator_who_cannot_open_it_does_not_read_the_details(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    write_details(cast.firm, member=CAI, client=FORTUNE, values=GIVEN, after=0)
    assert owen.get(reverse("details-history", args=[cast.firm, FORTUNE])).status_code == 404
    assert "Jo Fortune" not in owen.get(reverse("client-access", args=[cast.firm, FORTUNE])).content.decode()


def test_the_later_of_two_writers_is_told_and_what_they_typed_is_kept(cast: Cast, cai: PageClient) -> None:
    write_details(cast.firm, member=DILYS, client=FORTUNE, values={"contact": "Theirs"}, after=0)
    page = cai.post(form(cast), {**GIVEN, "contact": "Mine", "version": "0"})
    told = "Somebody changed the details while you were writing: put yours together with theirs"
    assert errors(page) == [(told, "#contact")]
    assert "Theirs" in text(page)
    assert (value(page, "contact"), value(page, "version")) == ("Mine", "1")
    assert details_of(cast.firm, FORTUNE).values == {"contact": "Theirs"}


def test_every_version_is_read_with_who_wrote_it(cast: Cast, cai: PageClient) -> None:
    cai.post(form(cast), {"contact": "First", "version": "0"})
    cai.post(form(cast), {"contact": "Second", "version": "1"})
    shown = text(cai.get(reverse("details-history", args=[cast.firm, FORTUNE])))
    assert shown.index("Second") < shown.index("First")
    assert "by Cai" in shown


def test_what_is_as_it_was_makes_no_version(cast: Cast) -> None:
    for after in (0, 1):
        write_details(cast.firm, member=CAI, client=FORTUNE, values=GIVEN, after=after)
    assert len(versions_of(cast.firm, FORTUNE)) == 1


@pytest.mark.parametrize(
    ("field", "typed"), [("email", "jo at fortune"), ("telephone", "1" * 51), ("address", "x" * 501)]
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_saved(
    field: str, typed: str, cast: Cast, cai: PageClient
) -> None:
    page = cai.post(form(cast), {**GIVEN, field: typed, "version": "0"})
    assert [href for _text, href in errors(page)] == [f"#{field}"]
    assert value(page, "contact") == "Jo Fortune"
    assert not ClientDetails.objects.exists()


def test_erasing_a_client_takes_its_details_with_it(cast: Cast) -> None:
    for client in (FORTUNE, BAKER):
        write_details(cast.firm, member=CAI, client=client, values=GIVEN, after=0)
    do(cast.firm, RemoveClient(client=FORTUNE))
    erase_client(cast.firm, FORTUNE, actor=OPERATOR)
    assert [row.client for row in ClientDetails.objects.all()] == [BAKER]


# --- The firm's own fields


def fields(cast: Cast, client: PageClient, **names: str) -> Any:
    address = reverse("client-fields", args=[cast.firm])
    version = value(client.get(address), "version")
    return client.post(address, {"version": version, **names})


def test_a_field_that_the_firm_names_stands_in_every_record(
    cast: Cast, owen: PageClient, cai: PageClient
) -> None:
    fields(cast, owen, **{"new-1": "Year end"})
    cai.post(form(cast), {"field-1": "31 March", "version": "0"})
    shown = text(record(cast, cai))
    assert "Year end 31 March" in shown


def test_a_field_that_ends_is_shown_no_more_and_its_number_is_not_used_again(
    cast: Cast, owen: PageClient, cai: PageClient
) -> None:
    fields(cast, owen, **{"new-1": "Year end"})
    write_details(cast.firm, member=CAI, client=FORTUNE, values={"field-1": "31 March"}, after=0)
    fields(cast, owen, **{"field-1": "", "new-1": "Software"})
    assert [(field.number, field.name) for field in named_fields(cast.firm)] == [(2, "Software")]
    assert "31 March" not in text(record(cast, cai))


def test_two_fields_have_two_names(cast: Cast, owen: PageClient) -> None:
    page = fields(cast, owen, **{"new-1": "Region", "new-2": "region "})
    assert errors(page) == [("Another field has this name already: choose another", "#new-2")]
    assert named_fields(cast.firm) == []


def test_the_later_of_two_administrators_is_told(cast: Cast, owen: PageClient) -> None:
    name_fields(cast.firm, member=OWEN, names={}, new=["Region"], after=0)
    page = owen.post(reverse("client-fields", args=[cast.firm]), {"version": "0", "new-1": "Software"})
    assert [text for text, _href in errors(page)] == [
        "Somebody changed the fields meanwhile: these are they now"
    ]
    assert [field.name for field in named_fields(cast.firm)] == ["Region"]
