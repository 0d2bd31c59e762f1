"""A group that the firm's directory keeps: its page says so, and offers no change of who is in it."""

from __future__ import annotations

from django.urls import reverse

from ringfence.access import OPERATOR, execute
from ringfence.core.commands import definitions as w
from tests.web.cast import CAI, Cast
from tests.web.checks import PageClient


def test_who_is_in_a_group_of_the_directory_s_is_not_changed_here(cast: Cast, owen: PageClient) -> None:
    made = w.CreateGroup(name="Tax North", members=frozenset({CAI}), directory=True)
    execute(cast.firm, made, actor=OPERATOR)
    page = owen.get(reverse("group-members", args=[cast.firm, 2])).content.decode()
    assert "The firm’s directory says who is in this" in page
    assert "Kept by the directory" in page
    for offer in ("Add team members", "Take team members out", "Take out", "Rename"):
        assert offer not in page
    assert "Delete" in page
