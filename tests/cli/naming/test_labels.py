"""Names by number: read together, kept, and those of a past moment."""

from typing import Any

from ringfence.cli.naming.labels import Labels
from ringfence.core.terms import Thing
from ringfence.firms.models import Firm
from tests.cli.listing import succeed


def test_names_that_are_learnt_together_take_one_question(
    agency: str, django_assert_num_queries: Any
) -> None:
    labels = Labels(Firm.objects.get())
    with django_assert_num_queries(1):
        labels.learn(Thing.CLIENT, [1, 2, 99])
        assert [labels.client(number) for number in (1, 2, 99)] == [
            "Fortune 500",
            "Vala Subsid A Ltd.",
            "client 99",
        ]


def test_what_was_learnt_is_not_asked_again(agency: str, django_assert_num_queries: Any) -> None:
    labels = Labels(Firm.objects.get())
    labels.member(2)
    with django_assert_num_queries(0):
        assert (labels.member(2), labels.text(Thing.MEMBER, 2, "email")) == ("Beth", "beth@ace.example")


def test_a_group_that_is_gone_keeps_the_name_of_its_time(agency: str) -> None:
    firm = Firm.objects.get()
    succeed("do", "group.delete", "group=Big")
    assert Labels(firm).group(2) == "group 2"
    assert Labels(firm, firm.version).group(2) == "Big"
