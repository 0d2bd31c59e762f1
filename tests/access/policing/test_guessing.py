"""What may have been meant by names of a policy file that are nobody's: said of the first of them alone."""

from __future__ import annotations

import pytest

from ringfence.access import firm_state
from ringfence.access.policing.naming import GUESSES, PolicyNames
from tests.web.cast import OWEN, make_cast


@pytest.mark.django_db
def test_a_text_of_very_many_unknown_names_is_guessed_at_no_longer() -> None:
    names = PolicyNames(firm_state(make_cast().firm), OWEN)
    found = [names.member("Dily").near for _ in range(GUESSES + 5)]
    found += [names.client("Bakker & Sons").near, names.group("Everyon").near]
    assert found == ["Dilys"] * GUESSES + [""] * 7
