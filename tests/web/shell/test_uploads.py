"""What is sent to a page that takes no files is held in memory, and written nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.web.reading import errors

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def test_a_file_that_no_page_asked_for_is_written_to_no_folder(visitor: PageClient) -> None:
    large = SimpleUploadedFile("large.bin", bytes(3 * 2**20))
    with patch("django.core.files.temp.NamedTemporaryFile") as written:
        response = visitor.post(reverse("account_login"), {"login": "", "password": "", "file": large})
    assert written.mock_calls == []
    assert errors(response) != []
