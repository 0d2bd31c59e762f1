"""Proof for outsiders and auditor's packs, as an administrator and an auditor walk them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from ringfence.access import Actor, entries, execute, firm_state
from ringfence.access.proof import HowPublished, how_published, keys_of, sign_now
from ringfence.core.commands.definitions import (
    AcknowledgeEmergency,
    ChangeSettings,
    CloseReview,
    On,
    OpenEmergency,
    RemoveGrant,
    RemovePolicy,
    SetGrant,
    SetPolicy,
    StartReview,
    TurnOn,
)
from ringfence.core.events import ExportTaken
from ringfence.core.review_values import ReviewScope
from ringfence.core.statements import AtMost, ClientsMeant
from ringfence.core.terms import EVERYONE, Export, Instant, Level, group_subject, member_subject
from tests.support.jobs import do_waiting
from tests.web.cast import BAKER, CAI, DILYS, OWEN, Cast, do, make_cast
from tests.web.reading import errors, heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

DAY = 86_400_000_000


def address(route: str, cast: Cast, *rest: int) -> str:
    return reverse(route, args=[cast.firm, *rest])


def test_an_auditor_reads_the_key_and_takes_the_checkpoints(cast: Cast, ada: PageClient) -> None:
    signed = sign_now(cast.firm)
    page = ada.get(address("proof", cast))
    assert str(keys_of(cast.firm)[0].verifier) in text(page)
    assert "Publish a checkpoint now" not in text(page)
    taken = ada.get(address("proof-checkpoint", cast, signed.entry))
    assert (taken.content.decode(), taken.status_code) == (signed.note, 200)
    assert ada.post(address("proof", cast), {}).status_code == 403
    assert len(keys_of(cast.firm)) == 1


def test_a_checkpoint_is_published_when_somebody_says_so(cast: Cast, owen: PageClient) -> None:
    owen.post(address("proof", cast), {})
    do_waiting()
    assert "1 checkpoint" in text(owen.get(address("proof", cast)))


def test_the_key_is_replaced_after_a_yes(cast: Cast, owen: PageClient) -> None:
    sign_now(cast.firm)
    (before,) = keys_of(cast.firm)
    where = address("replace-proof-key", cast)
    assert errors(owen.post(where, {})) == [("Select yes if a new key is to sign from now on", "#answer")]
    owen.post(where, {"answer": "no"})
    assert keys_of(cast.firm) == [before]
    page = owen.post(where, {"answer": "yes"}, follow=True)
    now, then = keys_of(cast.firm)
    assert then.verifier == before.verifier
    assert str(now.verifier) in text(page)


def test_where_it_is_published_is_asked_one_question_a_page(cast: Cast, owen: PageClient) -> None:
    often = address("publish-often", cast)
    nowhere = owen.post(often, {"hours": "24"})
    [(said, field)] = errors(nowhere)
    assert said.startswith("Say first where checkpoints are published: change the folder")
    assert field == "#hours"
    unfit = owen.post(address("publish-mailboxes", cast), {"mails": "nobody"})
    assert errors(unfit)[0][1] == "#mails"
    assert how_published(cast.firm) == HowPublished()
    owen.post(address("publish-mailboxes", cast), {"mails": "auditor@example.com\n\n"})
    owen.post(address("publish-folder", cast), {"answer": "yes"})
    assert owen.post(often, {"hours": "24"}).status_code == 302
    wanted = HowPublished(hours=24, folder=True, mails=("auditor@example.com",))
    assert how_published(cast.firm) == wanted


def test_a_pack_is_asked_for_made_and_taken_by_an_auditor(cast: Cast, ada: PageClient) -> None:
    ask = address("ask-pack", cast)
    wrong = ada.post(ask, {"from": "soon", "to": "", "language": "en"})
    assert errors(wrong) == [("Enter a day, such as 27 3 2026", "#from")]
    early = ada.post(ask, {"from": "", "to": "1 1 2001", "language": "en"})
    assert errors(early) == [("Your firm was not there yet: enter a later day", "#to")]
    waits = ada.post(ask, {"from": "", "to": "", "language": "en"}, follow=True)
    assert "It has been begun." in text(waits)
    assert ada.get(address("pack-file", cast, 1)).status_code == 302
    do_waiting()
    assert "Take the pack" in text(ada.get(address("pack", cast, 1)))
    names = taken(ada, cast, 1).namelist()
    assert {"README.txt", "changes.csv", "policies.csv", "emergency-access.csv"} <= set(names)
    last = list(entries(cast.firm))[-1]
    assert isinstance(last.events[0], ExportTaken)
    assert (last.events[0].what, last.actor.member) == (Export.PACK, firm_member(ada, cast))
    assert heading(ada.get(address("packs", cast))) == "Auditor’s packs"


def test_a_pack_tells_emergencies_policies_and_reviews(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("kyc")
    owen = signed_in(cast, "Owen")
    do(cast.firm, TurnOn())
    do(cast.firm, ChangeSettings(values={"emergency": "reader"}))
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.OWNER))
    do(cast.firm, RemoveGrant(to=(group_subject(EVERYONE),), on=On.client(BAKER)))
    execute(cast.firm, OpenEmergency(client=BAKER, reason="Fire at night"), actor=Actor(DILYS))
    seen = AcknowledgeEmergency(client=BAKER, member=DILYS, reason="Agreed by telephone")
    execute(cast.firm, seen, actor=Actor(OWEN))
    for name, most in (("Nobody sees anything", 0), ("Few see anything", 900), ("Old", 900)):
        said = AtMost(number=most, clients=ClientsMeant(all=True))
        do(cast.firm, SetPolicy(name=name, mode="warn", statements=(said,)))
    do(cast.firm, RemovePolicy(policy=3))
    due = Instant(firm_state(cast.firm).now + 30 * DAY)
    do(cast.firm, StartReview(name="Yearly", scope=ReviewScope(kind="all"), due=due))
    do(cast.firm, CloseReview(review=1))
    owen.post(address("ask-pack", cast), {"from": "", "to": "", "language": "en"})
    do_waiting()
    pack = taken(owen, cast, 1)
    (opening,) = rows(pack, "emergency-access")
    assert (opening["Reason"], opening["Note"]) == ("Fire at night", "Agreed by telephone")
    held = {row["Policy"]: row["It held on the day asked for"] for row in rows(pack, "policies")}
    assert held == {"Nobody sees anything": "no", "Few see anything": "yes", "Old": ""}
    assert "reviews/: " in pack.read("README.txt").decode()
    report = [name for name in pack.namelist() if name.startswith("reviews/review-1-")]
    assert {name.rpartition(".")[2] for name in report} >= {"pdf", "csv", "sig"}


def firm_member(client: PageClient, cast: Cast) -> int:
    """The number of who is signed in."""
    from ringfence.firms.models import Member

    user = client.session["_auth_user_id"]
    return int(Member.objects.get(firm=cast.firm, user=user).number)


def taken(client: PageClient, cast: Cast, number: int) -> zipfile.ZipFile:
    answer: Any = client.get(address("pack-file", cast, number))
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def rows(pack: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(pack.read(f"{name}.csv").decode("utf-8-sig"))))
