"""What a text names and who may do what there are of one version, though the firm changes between the two."""

import pytest

from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, member_subject
from ringfence.decide.texts_kept import TextsKept
from ringfence.store.sources import Source
from tests.decide.asking import Caller, on_clients
from tests.decide.firm_asked import Firm


@pytest.fixture
def changing(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """While a question is answered Ben loses Boots, and Boots takes over the reference that Closed had."""
    firm.cast.grant(member_subject(firm.ben), on_clients(firm.boots), Level.EDITOR)
    original, waiting = TextsKept.client, [True]

    def client(texts: TextsKept, source: Source, text: str) -> int:
        if waiting.pop() if waiting else False:
            firm.cast.do(w.RemoveGrant(to=(member_subject(firm.ben),), on=on_clients(firm.boots)))
            firm.cast.do(w.ChangeClient(client=firm.closed, reference="OLD"))
            firm.cast.do(w.ChangeClient(client=firm.boots, reference="CLOSED-3"))
        return original(texts, source, text)

    monkeypatch.setattr(TextsKept, "client", client)
    return firm


def test_a_reference_that_moves_meanwhile_opens_nothing_that_no_version_opened(
    software: Caller, changing: Firm
) -> None:
    assert software.evaluate(changing.email("ben"), "view", "CLOSED-3")["decision"] is False


def test_the_answer_carries_the_version_that_it_is_of(software: Caller, changing: Firm) -> None:
    answer = software.evaluate(changing.email("ben"), "view", "CLOSED-3")
    assert answer["context"]["version"] == changing.cast.view.version
