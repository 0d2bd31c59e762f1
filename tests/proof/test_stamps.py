"""Time stamps by a real authority of OpenSSL: proved by its certificate, and of nothing else."""

from pathlib import Path

import pytest

from ringfence.access.proof import ask_stamp
from ringfence.proof.stamps import NoStamp, question, read_stamp
from tests.proof.authority import Authority, authority_over_http


def test_an_authoritys_stamp_is_proved_offline_and_of_these_bytes_alone(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    stamp, roots = authority.answer(question(b"a checkpoint").encoded), authority.roots
    assert read_stamp(stamp, b"a checkpoint", roots=roots).proved
    with pytest.raises(NoStamp):
        read_stamp(stamp, b"another", roots=roots)
    with pytest.raises(NoStamp):
        read_stamp(b"no stamp", b"a checkpoint")


def test_an_authority_is_asked_over_http_and_what_is_no_time_stamp_is_none(tmp_path: Path) -> None:
    with authority_over_http(tmp_path) as authority:
        stamp = ask_stamp(authority.address, b"a checkpoint", authority.roots)
        assert read_stamp(stamp, b"a checkpoint", roots=authority.roots).proved
        for says, why in (
            ((200, b"<html>"), "no time stamp"),
            ((200, stamp), "not proved"),  # of the question before
            ((503, b""), "status 503"),
            ((200, b"x" * 200_000), "TooLong"),
        ):
            authority.says = says
            with pytest.raises(NoStamp, match=why):
                ask_stamp(authority.address, b"a checkpoint", authority.roots)
    with pytest.raises(NoStamp, match="did not answer"):
        ask_stamp(authority.address, b"a checkpoint", authority.roots)
