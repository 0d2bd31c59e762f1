"""Access reviews: started with their numbers, decided with a preview, closed; seen by who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from ringfence.access import Actor, Committed, StateUnavailable, execute, firm_state
from ringfence.access.door import Beside
from ringfence.access.reviews import closing
from ringfence.access.reviews.closing import close_due
from ringfence.access.reviews.rows import review_row
from ringfence.core.commands.definitions import CloseReview, ExtendReview, On, SetGrant, StartReview
from ringfence.core.review_values import ReviewScope
from ringfence.core.terms import Level, Target, member_subject
from ringfence.firms.models import Review
from ringfence.wording.times import until_text
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, Cast, do, grouped
from tests.web.reading import checked, document, errors, link, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

DAY = 86_400_000_000


def address(route: str, cast: Cast, *rest: int | str) -> str:
    return reverse(route, args=[cast.firm, *rest])


@pytest.fixture
def reviewed(cast: Cast) -> Cast:
    """Dilys owns Fortune 500, to which Cai has access; a review of everything is open."""
    owner = (member_subject(DILYS),)
    do(cast.firm, SetGrant(to=owner, on=On.client(FORTUNE), level=Level.OWNER))
    do(
        cast.firm,
        SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR, reason="cover"),
    )
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.EDITOR))
    due = firm_state(cast.firm).now + 30 * DAY
    do(cast.firm, StartReview(name="Yearly", scope=ReviewScope(kind="all"), due=due))  # type: ignore[arg-type]
    return cast


def item_on(cast: Cast, client: int, member: int) -> int:
    """The number of the member's grant on the client in the review."""
    row = review_row(cast.firm, 1)
    assert row is not None
    for first, run in row.terms.runs():
        if run.subject == member_subject(member) and run.kind == "client" and client in run.targets:
            return first + list(run.targets).index(client)
    raise AssertionError(client)


ANSWERS = (
    ("name", {"name": "Yearly"}),
    ("scope", {"scope": "all"}),
    ("reviewers", {"who": "owners"}),
    ("repeats", {"repeats": "once"}),
    ("due", {"until-day": "31", "until-month": "12", "until-year": "2099"}),
    ("undecided", {"undecided": "keep"}),
)


def answered(cast: Cast, client: PageClient, **other: dict[str, str]) -> str:
    """What the check says after these answers, each to its own question; `other` takes the place of some."""
    place = address("start-review", cast)
    for question, fields in ANSWERS:
        assert place.endswith("/start" if question == "name" else f"/start/{question}")
        response = client.post(place, other.get(question, fields))
        assert response.status_code == 302, text(response)
        place = response["Location"]
    return text(client.get(place))


def test_a_review_begun_before_is_said_and_can_be_discarded(cast: Cast, owen: PageClient) -> None:
    owen.post(address("start-review", cast), {"name": "Begun before"})
    begun = owen.get(address("start-review", cast))
    assert "You have begun to start the review Begun before." in text(begun)
    assert link(begun, "Go on with it") == address("start-review", cast) + "/scope"
    fresh = owen.post(address("start-review", cast), {"go": "discard"}, follow=True)
    assert "You have begun" not in text(fresh)
    assert value(fresh, "name") == ""


def test_a_review_is_started_once_its_numbers_were_shown(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    assert "Accesses to look at 1" in answered(cast, owen)
    response = owen.post(address("start-review-check", cast))
    assert response["Location"] == address("review", cast, 1)
    assert "Yearly" in text(owen.get(address("reviews", cast)))


def test_the_check_says_why_more_review_than_were_named(cast: Cast, owen: PageClient) -> None:
    for member in (CAI, DILYS):
        do(cast.firm, SetGrant(to=(member_subject(member),), on=On.client(FORTUNE), level=Level.EDITOR))
    named = {"who": "named", "reviewers": cast.users["Cai"].email}
    said = answered(cast, owen, reviewers=named)
    assert "What is reviewed All clients" in said
    assert "People who review 2: administrators too, as nobody reviews their own access" in said


@pytest.mark.parametrize(
    ("question", "sent", "words"),
    [
        ("name", {}, "Enter a name for the review"),
        ("scope", {}, "Select what is reviewed"),
        ("scope", {"scope": "service"}, "Select the service"),
        ("reviewers", {"who": "named"}, "Enter the e-mail addresses of those who review"),
        ("repeats", {"repeats": "daily"}, "Select how often it begins"),
        ("days", {"days": "90"}, "Enter a whole number of days from 1 to 89"),
        ("due", {"until-day": "1"}, "Enter a real day"),
        ("undecided", {}, "Select what happens to what nobody decides"),
    ],
)
def test_a_question_without_an_answer_says_so(
    question: str, sent: dict[str, str], words: str, cast: Cast, owen: PageClient
) -> None:
    owen.post(address("start-review", cast), {"name": "Yearly"})
    place = address("start-review", cast) + (f"/{question}" if question != "name" else "")
    assert words in text(owen.post(place, sent))


def test_a_review_of_nothing_is_not_started(cast: Cast, owen: PageClient) -> None:
    assert "there is nothing to review" in answered(cast, owen, scope={"scope": "confidential"})
    owen.post(address("start-review-check", cast))
    assert not Review.objects.exists()


def test_a_refused_check_says_what_was_answered(cast: Cast, owen: PageClient) -> None:
    said = answered(
        cast,
        owen,
        scope={"scope": "confidential"},
        reviewers={"who": "named", "reviewers": f"{cast.users['Cai'].email}\n{cast.users['Dilys'].email}"},
    )
    assert "What is reviewed Confidential clients" in said
    assert "Who reviews Cai, Dilys" in said
    assert "Due Until the end of 31 December 2099" in said
    assert "What nobody decides is Kept and reported" in said


def test_whoever_is_asked_to_review_and_is_not_there_is_named_at_the_question(
    cast: Cast, owen: PageClient
) -> None:
    owen.post(address("start-review", cast), {"name": "Yearly"})
    lines = f"{cast.users['Cai'].email}\nnobody@pike.example\nno body"
    response = owen.post(
        address("start-review-question", cast, "reviewers"), {"who": "named", "reviewers": lines}
    )
    for word in ("nobody@pike.example", "no body"):
        assert f"Nobody in the firm has the e-mail address {word}. Correct it." in text(response)
    assert document(response).find(".//textarea").text.strip() == lines


def test_a_member_who_is_not_there_reaches_nothing_to_review(cast: Cast, owen: PageClient) -> None:
    owen.post(address("start-review", cast), {"name": "Yearly"})
    sent = {"scope": "member", "member": "gone@pike.example"}
    response = owen.post(address("start-review-question", cast, "scope"), sent)
    assert "Nobody in the firm has the e-mail address gone@pike.example. Correct it." in text(response)
    assert value(response, "member") == "gone@pike.example"


def test_a_reviewer_sees_who_on_what_by_whom_and_why(reviewed: Cast, dilys: PageClient) -> None:
    page = text(dilys.get(address("review", reviewed, 1)))
    assert "1 access waits for you" in page
    assert "Fortune 500" in page
    assert "cover" in page
    assert "Baker" not in page


def test_what_is_kept_waits_no_more(reviewed: Cast, dilys: PageClient) -> None:
    item = item_on(reviewed, FORTUNE, CAI)
    dilys.post(address("decide-review", reviewed, 1), {"item": [item], "decision": "keep"})
    assert "Nothing waits for you here" in text(dilys.get(address("review", reviewed, 1)))
    assert firm_state(reviewed.firm).sees(CAI, FORTUNE)


def test_what_is_removed_is_previewed_first(reviewed: Cast, owen: PageClient) -> None:
    item = item_on(reviewed, BAKER, CAI)
    decide = address("decide-review", reviewed, 1)
    page = owen.post(decide, {"item": [item], "decision": "remove"})
    assert "Do you want to do it?" in text(page)
    held = member_subject(CAI)
    assert firm_state(reviewed.firm).moment.state.held_by(held).level_on(Target("client", BAKER))
    sent = {name: value(page, name) for name in ("version", "agreed", "items", "decision")}
    owen.post(decide, {**sent, "answer": "yes"})
    assert not firm_state(reviewed.firm).moment.state.held_by(held).level_on(Target("client", BAKER))


def test_all_that_waits_is_decided_at_once(reviewed: Cast, owen: PageClient) -> None:
    assert "2 accesses wait for you" in text(owen.get(address("review", reviewed, 1)))
    owen.post(address("decide-review", reviewed, 1), {"all": "yes", "decision": "keep"})
    page = text(owen.get(address("review", reviewed, 1)))
    assert "Nothing waits for you here" in page
    assert "Kept 2" in page


def test_a_box_for_all_stands_where_there_is_more_than_one(
    reviewed: Cast, owen: PageClient, dilys: PageClient
) -> None:
    assert "All that waits for me" in text(owen.get(address("review", reviewed, 1)))
    assert "All that waits for me" not in text(dilys.get(address("review", reviewed, 1)))


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("", "Enter the e-mail address of who takes over"),
        ("nobody@ace.example", "Nobody in the firm has the e-mail address nobody@ace.example."),
    ],
)
def test_access_is_handed_over_to_somebody_of_the_firm_alone(
    reviewed: Cast, dilys: PageClient, to: str, said: str
) -> None:
    item = item_on(reviewed, FORTUNE, CAI)
    sent = {"item": str(item), "decision": "hand-over", "to": to}
    page = dilys.post(address("decide-review", reviewed, 1), sent)
    ((told, field),) = errors(page)
    assert told.startswith(said)
    assert field == "#to"
    # What was ticked and typed is still there.
    assert (checked(page), decided(page), value(page, "to")) == ([str(item)], ["hand-over"], to)


def test_what_was_ticked_is_kept_where_no_decision_was_chosen(reviewed: Cast, dilys: PageClient) -> None:
    item = item_on(reviewed, FORTUNE, CAI)
    page = dilys.post(address("decide-review", reviewed, 1), {"item": [item], "all": "yes"})
    assert errors(page) == [("Select what you decide", "#decision")]
    assert checked(page)[0] == str(item)


def test_what_was_chosen_is_kept_where_nothing_was_ticked(reviewed: Cast, dilys: PageClient) -> None:
    page = dilys.post(address("decide-review", reviewed, 1), {"decision": "keep"})
    item = item_on(reviewed, FORTUNE, CAI)
    assert errors(page) == [("Tick what you decide about", f"#item-{item}")]
    assert decided(page) == ["keep"]


def decided(page: Any) -> list[str]:
    """What is chosen of the decisions."""
    radios = document(page).iter("input")
    return [each.get("value") for each in radios if each.get("type") == "radio" and "checked" in each.attrib]


def test_the_list_and_the_review_name_the_same_last_day(reviewed: Cast, owen: PageClient) -> None:
    row = review_row(reviewed.firm, 1)
    assert row is not None
    said = until_text(row.due, ZoneInfo("Europe/London"))
    assert f"Open {said}" in text(owen.get(address("reviews", reviewed)))


@pytest.mark.parametrize("route", ["your-account", "clients"])
def test_a_reviewer_without_the_control_side_is_led_to_what_waits(
    route: str, reviewed: Cast, dilys: PageClient
) -> None:
    assert f'href="{address("reviews", reviewed)}"' in dilys.get(address(route, reviewed)).content.decode()


def test_each_line_says_what_removing_it_would_do(reviewed: Cast, dilys: PageClient) -> None:
    grouped(reviewed.firm)
    assert "1 team member would lose access" in text(dilys.get(address("review", reviewed, 1)))


def test_the_home_page_says_what_waits(reviewed: Cast, owen: PageClient) -> None:
    assert "for your decision in access reviews" in text(owen.get(address("firm-home", reviewed)))


def test_nobody_else_is_told_of_a_review(reviewed: Cast, cai: PageClient) -> None:
    assert cai.get(address("review", reviewed, 1)).status_code == 404
    assert "Yearly" not in text(cai.get(address("reviews", reviewed)))


def test_the_clock_closes_what_is_due(reviewed: Cast, owen: PageClient) -> None:
    assert close_due() == 0
    Review.objects.update(due=1)
    assert close_due() == 1
    assert close_due() == 0
    assert "Closed on" in text(owen.get(address("reviews", reviewed)))
    assert firm_state(reviewed.firm).sees(CAI, FORTUNE)


def test_a_review_that_is_extended_while_the_clock_closes_others_goes_on(
    reviewed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Review.objects.update(due=1)
    later = firm_state(reviewed.firm).now + 30 * DAY

    def overtaken(firm: int, command: CloseReview, *, actor: Actor, beside: Beside) -> Committed:
        execute(firm, ExtendReview(review=command.review, due=later), actor=Actor(OWEN))  # type: ignore[arg-type]
        return execute(firm, command, actor=actor, beside=beside)

    monkeypatch.setattr(closing, "execute", overtaken)
    assert close_due() == 0
    assert 1 in firm_state(reviewed.firm).moment.state.reviews


def test_a_review_that_cannot_be_closed_keeps_no_other_open(
    reviewed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = firm_state(reviewed.firm).now + DAY
    do(reviewed.firm, StartReview(name="Half-yearly", scope=ReviewScope(kind="all"), due=due))  # type: ignore[arg-type]
    Review.objects.update(due=1)

    def failing(firm: int, command: CloseReview, *, actor: Actor, beside: Beside) -> Committed:
        if command.review == 1:
            raise StateUnavailable
        return execute(firm, command, actor=actor, beside=beside)

    monkeypatch.setattr(closing, "execute", failing)
    with pytest.raises(StateUnavailable):
        close_due()
    assert list(Review.objects.filter(closed=None).values_list("number", flat=True)) == [1]
