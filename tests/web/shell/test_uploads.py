"""What is sent is held in memory and written nowhere; what is too large is told so, with the limit."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ringfence.web.shell.refusing import REFUSAL
from tests.web.reading import errors, link, text

if TYPE_CHECKING:
    from tests.web.cast import Cast
    from tests.web.checks import PageClient


def test_a_file_that_no_page_asked_for_is_written_to_no_folder(visitor: PageClient) -> None:
    large = SimpleUploadedFile("large.bin", bytes(3 * 2**20))
    with patch("django.core.files.temp.NamedTemporaryFile") as written:
        response = visitor.post(reverse("account_login"), {"login": "", "password": "", "file": large})
    assert written.mock_calls == []
    assert errors(response) != []


def test_a_file_beyond_its_limit_is_told_the_limit_and_where_to_choose_another(
    owen: PageClient, cast: Cast
) -> None:
    address = reverse("add-list", args=[cast.firm, "clients"])
    told: Any = {REFUSAL: HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
    response = owen.post(address, **told)
    assert response.status_code == 413
    assert "The file is larger than 20 MB. Split the list into several files." in text(response)
    assert link(response, "Choose another file") == address
