"""Checkpoints while others do the same: a key replaced meanwhile, one folder for several."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringfence.access import OPERATOR, create_firm
from ringfence.access.proof import keys, rotate_key, sign_now, signing
from ringfence.firms.models import FirmKey, SignedCheckpoint
from ringfence.jobs.publishing import _written
from ringfence.proof.signed_checkpoints import open_checkpoint


@pytest.mark.django_db
def test_a_key_replaced_while_the_firm_is_waited_for_signs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    firm = create_firm("Pike", "kyc", admin_email="owen@pike.example", admin_name="Owen").firm
    asked: list[int] = []

    def replaced_once_read(of: int) -> object:
        found = keys.signing_key(of)
        if not asked:
            rotate_key(of, actor=OPERATOR)
        asked.append(of)
        return found

    monkeypatch.setattr(signing, "signing_key", replaced_once_read)
    note = sign_now(firm).note
    (number,) = SignedCheckpoint.objects.values_list("key", flat=True)
    assert number == FirmKey.objects.count() == 2
    assert open_checkpoint(note, [keys.keys_of(firm)[0].verifier]).entry > 0


def test_two_processes_of_one_number_share_no_half_written_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As two containers have it that share a folder, each with its own count of processes."""
    halves: list[Path] = []
    replace = Path.replace

    def noted(half: Path, target: Path) -> Path:
        halves.append(half)
        return replace(half, target)

    monkeypatch.setattr(Path, "replace", noted)
    for content in (b"first", b"second"):
        _written(tmp_path / "7.checkpoint", content)
    assert len(set(halves)) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["7.checkpoint"]
    assert (tmp_path / "7.checkpoint").read_bytes() == b"second"
