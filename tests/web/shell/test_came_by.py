"""What a session keeps of the provider that began it; the walks over the real one are `single_sign_on`'s."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from ringfence.web.shell.came_by import came_by, keep_token, note_came_by, token_kept

TOKEN = "eyJhbGciOiJSUzI1NiJ9"


@pytest.fixture
def request_with_session(rf: RequestFactory) -> Any:
    request: Any = rf.get("/")
    request.session = {}
    note_came_by(request, 3, 1, TOKEN)
    return request


def test_the_token_is_sealed_and_can_be_opened(request_with_session: Any) -> None:
    assert TOKEN not in str(request_with_session.session)
    found = came_by(request_with_session)
    assert found is not None
    assert (found.firm, found.number, found.token) == (3, 1, TOKEN)


@pytest.mark.parametrize(("firm", "number", "given"), [(3, 1, TOKEN), (3, 2, ""), (4, 1, "")])
def test_the_token_is_given_to_the_provider_that_made_it_and_once(
    request_with_session: Any, firm: int, number: int, given: str
) -> None:
    came = came_by(request_with_session)
    assert came is not None
    keep_token(request_with_session, came)
    assert token_kept(request_with_session, firm, number) == given
    assert token_kept(request_with_session, 3, 1) == ""
