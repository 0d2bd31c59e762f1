"""Each kind of line of the security log has its sentence."""

import json

from ringfence.wording.security_log import KINDS, WAYS, happened_text


def test_what_happened_is_told_with_how() -> None:
    details = json.dumps({"by": "password", "second": "app"})
    assert happened_text("sign_in", details) == "Signed in (password, app with codes)"
    assert happened_text("sign_out", "") == "Signed out"


def test_what_was_counted_beyond_the_most_is_told_so() -> None:
    told = happened_text("sign_in_failed", json.dumps({"more": "1"}))
    assert told == "Sign-in failed: wrong password, more of it than is kept one by one"


def test_words_of_details_that_are_not_known_are_left_out() -> None:
    assert happened_text("factor_added", json.dumps({"what": "retina"})) == "Added a way to sign in"
    assert {"password", "app", "code", "passkey", "provider"} <= set(WAYS)
    assert all(str(text) for text in KINDS.values())
