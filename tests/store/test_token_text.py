"""The text of a token: known by its looks, and a slip of the pen told without a database."""

import hashlib

from ringfence.store.token_text import PATTERN, bearer_digest, new_token_text, token_digest


def test_a_new_text_is_a_token_and_known_by_its_looks() -> None:
    for _ in range(200):
        text = new_token_text()
        assert PATTERN.fullmatch(text)
        assert token_digest(text) == hashlib.sha256(text.encode()).digest()


def test_no_two_texts_are_alike() -> None:
    assert len({new_token_text() for _ in range(200)}) == 200


def test_a_text_with_one_letter_changed_is_no_token() -> None:
    text = new_token_text()
    for place in range(len(text)):
        other = "x" if text[place] != "x" else "y"
        assert token_digest(text[:place] + other + text[place + 1 :]) is None


def test_two_letters_that_changed_places_are_no_token() -> None:
    text = new_token_text()
    for place in range(len(text) - 1):
        swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        assert swapped == text or token_digest(swapped) is None


def test_what_is_no_token_has_no_digest() -> None:
    text = new_token_text()
    for other in ("", "ringfence_", text[:-1], f"{text} ", text.upper(), "é" * 59, f"{text}\n"):
        assert token_digest(other) is None


def test_a_header_is_read_as_the_bearer_scheme_says() -> None:
    text = new_token_text()
    assert bearer_digest(f"Bearer {text}") == bearer_digest(f"bearer  {text} ") == token_digest(text)
    for other in ("", text, f"Basic {text}", "Bearer", f"Bearer {text} {text}"):
        assert bearer_digest(other) is None
