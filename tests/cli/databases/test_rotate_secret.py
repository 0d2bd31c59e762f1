"""`ringfence rotate-secret`: every secret is sealed by a new key, and none is lost, whenever it is killed."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import override_settings

from ringfence import secret_keys
from ringfence.access import resealing
from ringfence.firms.models import User, Webhook
from ringfence.firms.sealing import key_id, seal, sealed_by, unseal
from tests.cli.children import COMMAND, child, environment, refused, succeeding
from tests.cli.listing import refuse, succeed

OLD, NEW = "the key of before, long enough to be one at all", "the key of today, long enough to be one at all"
HERE = "https://documents.example/events"
FILES = {"RINGFENCE_SECRET_KEY": ""}
"""In the environment of a child: the key lies in its data folder."""


@pytest.fixture
def sealed(db: None, settings: Any) -> User:
    """A firm with a webhook, and somebody with an app and recovery codes, all sealed by the key of before."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    succeed("firm", "create", "Pike", "--profile", "kyc", "--admin", "owen@pike.example")
    succeed("webhook", "add", HERE)
    succeed("webhook", "rotate", "1")
    user = User.objects.get()
    Authenticator.objects.create(user=user, type="totp", data={"secret": seal("APPKEY", "second step")})
    kept = {
        "seed": seal("5eed", "second step"),
        "used_mask": 3,
        "migrated_codes": [seal("11", "second step")],
    }
    Authenticator.objects.create(user=user, type="recovery_codes", data=kept)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    return user


def test_everything_is_sealed_by_the_new_key_and_opens_by_it_alone(
    sealed: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = Webhook.objects.get()
    secrets = [unseal(text or "", "webhook") for text in (hook.secret, hook.earlier_secret)]
    monkeypatch.setenv("RINGFENCE_SECRET_KEY", NEW)
    monkeypatch.setenv("RINGFENCE_SECRET_KEY_BEFORE", OLD)
    assert "5 secrets sealed" in succeed("rotate-secret")
    assert "0 secrets sealed" in succeed("rotate-secret")
    with override_settings(SECRET_KEY_FALLBACKS=[]):
        hook = Webhook.objects.get()
        assert [unseal(text or "", "webhook") for text in (hook.secret, hook.earlier_secret)] == secrets
        data = dict(Authenticator.objects.values_list("type", "data"))
        assert unseal(data["totp"]["secret"], "second step") == "APPKEY"
        assert unseal(data["recovery_codes"]["seed"], "second step") == "5eed"
        assert unseal(data["recovery_codes"]["migrated_codes"][0], "second step") == "11"
        assert data["recovery_codes"]["used_mask"] == 3


def test_a_secret_that_does_not_open_stops_it_and_nothing_changes(
    sealed: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGFENCE_SECRET_KEY", NEW)
    monkeypatch.setenv("RINGFENCE_SECRET_KEY_BEFORE", OLD)
    Authenticator.objects.filter(type="totp").update(data={"secret": seal("x", "second step", secret="lost")})
    assert "1 of second step" in refuse("rotate-secret")
    assert sealed_by(Webhook.objects.get().secret or "") == key_id(OLD)


def test_without_the_key_of_before_it_says_what_to_do(sealed: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGFENCE_SECRET_KEY", NEW)
    monkeypatch.delenv("RINGFENCE_SECRET_KEY_BEFORE", raising=False)
    assert "RINGFENCE_SECRET_KEY_BEFORE" in refuse("rotate-secret")


def test_the_key_of_before_is_not_forgotten_while_anything_is_sealed_by_it(sealed: User) -> None:
    assert "5 secrets still sealed" in refuse("rotate-secret", "--forget-before")


def test_sessions_of_the_key_of_before_go_on(sealed: User, settings: Any) -> None:
    for ended in (0, 2):
        sealed.sessions_ended = ended
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
        held = sealed.get_session_auth_hash()
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
        assert sealed.get_session_auth_hash() != held
        assert list(sealed.get_session_auth_fallback_hash()) == [held]


def test_every_column_of_sealed_texts_is_known() -> None:
    found = {(model.__name__, field.name) for model, field in resealing.sealed_columns()}
    assert found >= {("Webhook", "secret"), ("Webhook", "earlier_secret")}


@pytest.mark.both_databases
def test_a_key_of_the_data_folder_is_made_anew(migrated_database: str, tmp_path: Path) -> None:
    def ringfence(*arguments: str) -> str:
        return succeeding(migrated_database, tmp_path, *arguments, **FILES)

    ringfence("firm", "create", "Pike", "--profile", "kyc", "--admin", "owen@pike.example")
    secret = ringfence("webhook", "add", HERE)
    old = (tmp_path / "secret-key").read_text()
    assert "1 secret sealed" in ringfence("rotate-secret")
    assert (tmp_path / "secret-key-before").read_text() == old
    assert (tmp_path / "secret-key").read_text() != old
    assert sorted(path.name for path in tmp_path.glob("secret-key*")) == ["secret-key", "secret-key-before"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("secret-key*")} == {0o600}
    assert ringfence("webhook", "secret", "1") == secret
    ringfence("rotate-secret", "--forget-before")
    assert not (tmp_path / "secret-key-before").exists()
    assert ringfence("webhook", "secret", "1") == secret


def test_a_server_that_was_not_started_again_between_two_new_keys_shuts_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(secret_keys.VARIABLE, raising=False)
    secret_keys.write_new(tmp_path / secret_keys.PRESENT, "signs the sessions of now")
    for key in ("a second", "a third"):
        secret_keys.write_new(tmp_path / secret_keys.NEXT, key)
        secret_keys.put_next_in_place(tmp_path)
    assert (tmp_path / secret_keys.PRESENT).read_text() == "a third"
    assert secret_keys.other_keys(tmp_path) == ["a second", "signs the sessions of now"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_going_on_after_a_kill_with_the_keys_half_in_place_names_no_key_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(secret_keys.VARIABLE, raising=False)
    secret_keys.write_new(tmp_path / secret_keys.PRESENT, "the first")
    secret_keys.write_new(tmp_path / secret_keys.BEFORE, "the first\nthe zeroth")
    secret_keys.write_new(tmp_path / secret_keys.NEXT, "the second")
    secret_keys.put_next_in_place(tmp_path)
    assert secret_keys.other_keys(tmp_path) == ["the first", "the zeroth"]


KILLED = """
import os, signal, sys
from ringfence.cli.setup import set_up
set_up()
from ringfence import secret_keys
from ringfence.access import resealing
def die(*_arguments, **_options):
    os.kill(os.getpid(), signal.SIGKILL)
at = sys.argv[1]
if at == "sealing":
    resealing.seal = die
elif at == "in place":
    secret_keys.put_next_in_place = die
elif at == "half in place":
    secret_keys.Path.replace_ = secret_keys.Path.replace
    def replace(path, other):
        done = path.replace_(other)
        die()
        return done
    secret_keys.Path.replace = replace
from ringfence.cli import main
main(["rotate-secret"])
"""


@pytest.mark.parametrize("moment", ["sealing", "in place", "half in place"])
def test_killed_at_any_moment_nothing_is_lost_and_it_goes_on(
    moment: str, migrated_database: str, tmp_path: Path
) -> None:
    def ringfence(*arguments: str) -> str:
        return succeeding(migrated_database, tmp_path, *arguments, **FILES)

    ringfence("firm", "create", "Pike", "--profile", "kyc", "--admin", "owen@pike.example")
    secret = ringfence("webhook", "add", HERE)
    told = environment(migrated_database, tmp_path, **FILES)
    done = subprocess.run([COMMAND[0], "-c", KILLED, moment], env=told, check=False, timeout=120)
    assert done.returncode == -9
    assert ringfence("webhook", "secret", "1") == secret
    ringfence("rotate-secret")
    assert not (tmp_path / "secret-key-next").exists()
    ringfence("rotate-secret", "--forget-before")
    assert ringfence("webhook", "secret", "1") == secret


def test_who_waited_for_another_new_key_makes_none_of_their_own(
    migrated_database: str, tmp_path: Path
) -> None:
    succeeding(
        migrated_database,
        tmp_path,
        "firm",
        "create",
        "P",
        "--profile",
        "kyc",
        "--admin",
        "o@p.example",
        **FILES,
    )
    old = (tmp_path / "secret-key").read_text()
    folder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    told = environment(migrated_database, tmp_path, **FILES)
    waiting = subprocess.Popen([*COMMAND, "rotate-secret"], env=told, stderr=subprocess.PIPE, text=True)
    try:
        give_up = time.monotonic() + 60
        while not waits_for_a_lock(waiting.pid):
            assert waiting.poll() is None
            assert time.monotonic() < give_up
            time.sleep(0.05)
        secret_keys.write_new(tmp_path / secret_keys.NEXT, NEW)
        secret_keys.put_next_in_place(tmp_path)
    finally:
        os.close(folder)
    _, said = waiting.communicate(timeout=120)
    assert waiting.returncode == 2
    assert "Another process" in said
    kept = [(tmp_path / name).read_text() for name in ("secret-key", "secret-key-before")]
    assert kept == [NEW, old]


def waits_for_a_lock(pid: int) -> bool:
    held = Path("/proc/locks").read_text().splitlines()
    return any("->" in each and f" {pid} " in each for each in held)


def test_another_key_is_told_by_the_doctor_and_in_words(migrated_database: str, tmp_path: Path) -> None:
    make = ("firm", "create", "Pike", "--profile", "kyc", "--admin", "owen@pike.example")
    succeeding(migrated_database, tmp_path, *make, RINGFENCE_SECRET_KEY=OLD)
    succeeding(migrated_database, tmp_path, "webhook", "add", HERE, RINGFENCE_SECRET_KEY=OLD)
    said = refused(migrated_database, tmp_path, "webhook", "secret", "1", RINGFENCE_SECRET_KEY=NEW)
    assert "RINGFENCE_SECRET_KEY_BEFORE" in said
    both = {"RINGFENCE_SECRET_KEY": NEW, "RINGFENCE_SECRET_KEY_BEFORE": OLD}
    verdicts = []
    for keys in ({"RINGFENCE_SECRET_KEY": NEW}, both, {"RINGFENCE_SECRET_KEY": OLD}):
        found = json.loads(child(migrated_database, tmp_path, "doctor", "--json", **keys).stdout)
        verdicts += [each["verdict"] for each in found if each["what"] == "Secrets"]
    assert verdicts == ["wrong", "look at", "good"]
