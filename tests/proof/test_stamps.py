"""Time stamps by a real authority of OpenSSL: proved by its certificate, and of nothing else."""

import subprocess
from pathlib import Path

import pytest

from ringfence.proof.stamps import NoStamp, question, read_stamp

CONFIGURATION = """
[tsa]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[extended]
extendedKeyUsage = critical,timeStamping
"""


def run(folder: Path, *arguments: str) -> None:
    subprocess.run(["/usr/bin/openssl", *arguments], cwd=folder, check=True, capture_output=True)


def answer(folder: Path, content: bytes) -> bytes:
    (folder / "conf").write_text(CONFIGURATION)
    (folder / "serial").write_text("01\n")
    (folder / "ask.tsq").write_bytes(question(content).encoded)
    new = ("req", "-newkey", "rsa:2048", "-nodes", "-subj")
    run(folder, *new, "/CN=Root", "-x509", "-keyout", "root.key", "-out", "root.pem", "-days", "9")
    run(folder, *new, "/CN=Authority", "-keyout", "tsa.key", "-out", "tsa.csr")
    signed = ("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-out", "tsa.pem")
    run(folder, *signed, "-CAcreateserial", "-days", "9", "-extfile", "conf", "-extensions", "extended")
    reply = ("ts", "-reply", "-config", "conf", "-section", "tsa", "-queryfile", "ask.tsq")
    run(folder, *reply, "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "answer.tsr")
    return (folder / "answer.tsr").read_bytes()


def test_an_authoritys_stamp_is_proved_offline_and_of_these_bytes_alone(tmp_path: Path) -> None:
    stamp, roots = answer(tmp_path, b"a checkpoint"), tmp_path / "root.pem"
    assert read_stamp(stamp, b"a checkpoint", roots=roots).proved
    with pytest.raises(NoStamp):
        read_stamp(stamp, b"another", roots=roots)
    with pytest.raises(NoStamp):
        read_stamp(b"no stamp", b"a checkpoint")
