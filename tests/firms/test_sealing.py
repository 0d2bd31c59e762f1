"""Secrets that lie in the database sealed: what opens them, and what does not."""

from pathlib import Path

import pytest
from django.test import override_settings

from ringfence import secret_keys
from ringfence.firms.fields import SealedField
from ringfence.firms.sealing import Unsealable, is_sealed, key_id, seal, sealed_by, unseal

OLD, NEW = "the secret key of before, which is long enough", "the secret key of today, which is long enough"


def test_what_was_sealed_opens_again_for_its_purpose() -> None:
    sealed = seal("Schlüssel £", "webhook")
    assert unseal(sealed, "webhook") == "Schlüssel £"
    assert is_sealed(sealed)


def test_a_sealed_text_shows_nothing_of_the_secret_and_is_another_each_time() -> None:
    first, second = seal("whsec_abc", "webhook"), seal("whsec_abc", "webhook")
    assert first != second
    assert "whsec" not in first


def test_what_was_sealed_for_one_purpose_opens_for_no_other() -> None:
    with pytest.raises(Unsealable):
        unseal(seal("x", "webhook"), "provider")


def test_a_sealed_text_that_was_changed_anywhere_does_not_open() -> None:
    sealed = seal("a secret", "webhook")
    for place in range(len(sealed)):
        other = "A" if sealed[place] != "A" else "B"
        with pytest.raises(Unsealable):
            unseal(sealed[:place] + other + sealed[place + 1 :], "webhook")


@pytest.mark.parametrize("text", ["", "plain", "s1:", "s1:00000000:", "s1:00000000:@@@", "s2:aa:bb"])
def test_what_is_no_sealed_text_does_not_open(text: str) -> None:
    with pytest.raises(Unsealable):
        unseal(text, "webhook")


def test_a_key_of_before_still_opens_and_the_present_one_seals() -> None:
    with override_settings(SECRET_KEY=OLD, SECRET_KEY_FALLBACKS=[]):
        sealed = seal("kept", "webhook")
    with override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[OLD]):
        assert unseal(sealed, "webhook") == "kept"
        assert sealed_by(seal("kept", "webhook")) == key_id(NEW)
    with override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[]), pytest.raises(Unsealable):
        unseal(sealed, "webhook")


def test_a_column_for_secrets_takes_none_that_is_not_sealed() -> None:
    field = SealedField(purpose="webhook")
    assert field.get_prep_value("") == ""
    assert is_sealed(field.get_prep_value(seal("x", "webhook")))
    with pytest.raises(ValueError, match="not sealed"):
        field.get_prep_value("whsec_plain")


def test_a_secret_key_of_the_environment_leaves_files_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGFENCE_SECRET_KEY", NEW)
    monkeypatch.setenv("RINGFENCE_SECRET_KEY_BEFORE", OLD)
    assert secret_keys.present_key(tmp_path) == NEW
    assert secret_keys.other_keys(tmp_path) == [OLD]
    assert not list(tmp_path.iterdir())
