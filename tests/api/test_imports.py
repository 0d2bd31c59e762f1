"""Lists brought in over the API: sent, previewed in the background, saved as previewed."""

from __future__ import annotations

import pytest

from ringfence.access import OPERATOR, clock, entries, firm_state
from ringfence.access.tokens import make_token
from ringfence.core.commands.definitions import AddService, ChangeMember
from ringfence.core.events import ByToken
from ringfence.core.terms import Instant, Role, Scope
from ringfence.firms.models import ListUpload
from ringfence.jobs import list_stages
from tests.api.caller import Answer, Caller
from tests.support.jobs import do_waiting, waiting
from tests.web.cast import CAI, OWEN, Cast, do, grouped

LIST = b"Client,Client reference,VAT\nAcme Ltd,ACM001,GB 111 2222 33\nBorth Farm,BOR001,\n"


def sent(caller: Caller, content: bytes = LIST, query: str = "kind=clients&file=new.csv") -> Answer:
    return caller.post(f"/imports?{query}", content, content_type="text/csv")


def test_a_list_is_sent_previewed_and_saved(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    begun = sent(owen)
    assert (begun.status, begun.body["stage"]) == (201, "checking")
    here = begun.headers["Location"].removeprefix("/api/v1")
    do_waiting()
    found = owen.get(here).body
    assert (found["stage"], found["rows"], found["faults"]) == ("ready", 2, [])
    assert {"what": "clients", "added": 2, "changed": 0, "unchanged": 0} in found["counts"]
    assert found["effect"]["gains"] == 3
    clients = len(firm_state(cast.firm).clients)
    assert owen.post(f"{here}/save", {"turn": found["turn"]}).body["stage"] == "saving"
    do_waiting()
    saved = owen.get(here).body
    assert saved["stage"] == "saved"
    assert len(firm_state(cast.firm).clients) == clients + 2
    assert list(entries(cast.firm))[-1].number == saved["version"]


def test_nobody_brings_in_more_lists_than_are_worked_on(
    cast: Cast, owen: Caller, cai: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_stages, "MOST_AT_WORK", 2)
    monkeypatch.setattr(list_stages, "MOST_OF_MEMBER", 3)
    monkeypatch.setattr(list_stages, "MOST_OF_FIRM", 4)
    assert [sent(owen).status for _ in range(3)] == [201, 201, 409]
    assert "being worked on" in sent(owen).body["detail"]
    do_waiting()
    last = sent(owen)
    do_waiting()
    assert (last.status, sent(owen).status) == (201, 409)
    assert "take them back" in sent(owen).body["detail"]
    assert [sent(cai).status for _ in range(2)] == [201, 409]
    do_waiting()
    assert owen.delete(f"/imports/{last.body['id']}").status == 200
    assert sent(owen).status == 201


def test_lists_with_nothing_to_save_take_no_place_from_others(
    cast: Cast, owen: Caller, cai: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_stages, "MOST_OF_MEMBER", 1)
    monkeypatch.setattr(list_stages, "MOST_OF_FIRM", 2)
    for _ in range(3):
        begun = sent(owen, b"Client,Client reference\n")
        do_waiting()
        assert owen.get(f"/imports/{begun.body['id']}").body["stage"] == "nothing"
    assert sent(cai).status == 201


def test_what_is_wrong_is_said_row_by_row(cast: Cast, owen: Caller) -> None:
    begun = sent(owen, b"Client,Client reference,Payroll\nAcme,ACM001,x\n,ACM002,\n")
    do_waiting()
    found = owen.get(f"/imports/{begun.body['id']}").body
    assert found["stage"] == "faulty"
    assert any(3 in each["first"] for each in found["faults"])
    saved = owen.post(f"/imports/{begun.body['id']}/save", {"turn": found["turn"]})
    assert (saved.status, saved.code) == (409, "conflict")
    assert "mend it" in saved.body["detail"]


def test_a_missing_service_is_added_where_that_is_said(cast: Cast, owen: Caller) -> None:
    begun = sent(owen, b"Client,Client reference,Service\nAcme,ACM001,Payroll\n")
    here = f"/imports/{begun.body['id']}"
    do_waiting()
    assert owen.get(here).body["missing_services"] == {"Payroll": 1}
    assert owen.post(f"{here}/read", {"add_services": ["Payroll"]}).status == 200
    do_waiting()
    assert owen.get(here).body["stage"] == "ready"


def test_a_list_is_previewed_anew_where_the_firm_has_changed(cast: Cast, owen: Caller) -> None:
    here = f"/imports/{sent(owen).body['id']}"
    do_waiting()
    turn = owen.get(here).body["turn"]
    do(cast.firm, AddService(name="Audit"))
    assert owen.post(f"{here}/save", {"turn": turn}).status == 200
    do_waiting()
    assert owen.get(here).body["stage"] == "ready"
    assert owen.get("/clients?reference=ACM001").body["total"] == 0


def test_a_list_is_its_members_alone(cast: Cast, owen: Caller, cai: Caller) -> None:
    theirs, own = sent(owen).body["id"], sent(cai).body["id"]
    do_waiting()
    assert cai.get(f"/imports/{theirs}").body == cai.get("/imports/999").body
    assert [each["id"] for each in cai.get("/imports").body["items"]] == [own]
    assert owen.get("/imports").body["total"] == 2
    assert owen.post(f"/imports/{own}/save", {"turn": 1}).code == "not_permitted"
    assert owen.delete(f"/imports/{own}").status == 200
    assert cai.get(f"/imports/{own}").status == 404


def test_what_a_list_does_is_told_while_its_member_may_be_told_of_it(cast: Cast, cai: Caller) -> None:
    do(cast.firm, ChangeMember(member=CAI, role=Role.ADMINISTRATOR))
    here = f"/imports/{sent(cai).body['id']}"
    do_waiting()
    assert cai.get(here).body["effect"] is not None
    do(cast.firm, ChangeMember(member=CAI, role=Role.STANDARD))
    found = cai.get(here).body
    assert (found["own"], found["effect"], found["counts"], found["faults"]) == (True, None, [], [])


def test_who_may_not_bring_in_a_list_is_told(cast: Cast, cai: Caller, ada: Caller) -> None:
    assert sent(cai, query="kind=members").code == "not_permitted"
    assert sent(ada).code == "not_permitted"


def test_a_file_that_is_none_is_said(owen: Caller) -> None:
    assert sent(owen, b"").code == "unreadable"
    assert sent(owen, query="kind=things").code == "unreadable"
    assert sent(owen, b"x" * (20 * 2**20 + 1)).code == "invalid"


def test_a_form_around_a_file_is_said_to_be_one(owen: Caller) -> None:
    form = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        + LIST
        + b"\r\n--b--\r\n"
    )
    found = owen.post("/imports?kind=clients", form, content_type="multipart/form-data; boundary=b")
    assert (found.status, found.code) == (415, "not_json")
    assert "--data-binary" in found.body["detail"]


def save_told(caller: Caller) -> str:
    """A list sent, previewed and told to be saved, which nobody has done yet."""
    here = f"/imports/{sent(caller).body['id']}"
    do_waiting()
    assert caller.post(f"{here}/save", {"turn": caller.get(here).body["turn"]}).body["stage"] == "saving"
    return here


def test_what_a_list_changed_names_the_token_that_saved_it(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    here = save_told(owen)
    do_waiting()
    entry = list(entries(cast.firm))[-1]
    assert entry.number == owen.get(here).body["version"]
    (token,) = firm_state(cast.firm).moment.state.tokens
    assert [event.token for event in entry.events if isinstance(event, ByToken)] == [token]


def test_a_list_is_not_saved_with_a_token_that_has_lapsed_meanwhile(
    cast: Cast, owen: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    grouped(cast.firm)
    hour = 3_600_000_000
    lapses = Instant(clock.clock() + hour)
    made = make_token(
        cast.firm, actor=OPERATOR, name="Lapses", scopes=Scope.MANAGE, member=OWEN, expires=lapses
    )
    here = save_told(Caller(made.text))
    monkeypatch.setattr(clock, "clock", lambda: Instant(lapses + hour))
    do_waiting()
    assert owen.get(here).body["stage"] == "ready"
    assert owen.get("/clients?reference=ACM001").body["total"] == 0


def test_a_preview_of_a_list_says_what_it_would_do_and_does_nothing(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    new = sent(owen, query="kind=clients&file=new.csv&preview=true").body
    assert (new["command"], new["stands"]["id"], new["stands"]["stage"]) == (None, 0, "checking")
    assert (ListUpload.objects.count(), waiting()) == (0, [])
    here = f"/imports/{sent(owen).body['id']}"
    do_waiting()
    ready, entry = owen.get(here).body, firm_state(cast.firm).version
    save = owen.post(f"{here}/save?preview=true", {"turn": ready["turn"]}).body
    assert save["stands"] == ready
    assert save["stands"]["effect"]["gains"] == 3
    assert owen.post(f"{here}/read?preview=true", {}).body["stands"]["stage"] == "checking"
    assert owen.delete(f"{here}?preview=true").body["stands"] == ready
    assert (owen.get(here).body, firm_state(cast.firm).version, waiting()) == (ready, entry, [])


def test_a_preview_of_a_list_is_refused_as_the_write_is(cast: Cast, owen: Caller, cai: Caller) -> None:
    assert sent(cai, query="kind=members&preview=true").code == "not_permitted"
    assert sent(owen, b"", "kind=clients&preview=true").code == "unreadable"
    here = f"/imports/{sent(cai).body['id']}"
    do_waiting()
    assert owen.post(f"{here}/save?preview=true", {"turn": 1}).code == "not_permitted"
    assert cai.post(f"{here}/save?preview=true", {"turn": 9}).code == "changed_meanwhile"
    assert cai.delete("/imports/999?preview=true").status == 404
