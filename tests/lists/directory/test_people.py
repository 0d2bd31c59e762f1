"""What a real LDAP server holds, as people and groups: OpenLDAP's own, and as Active Directory has them."""

from collections.abc import Iterator

import pytest

from ringfence.lists.directory.asking import Failure, WhyNoAnswer, session
from ringfence.lists.directory.directory_settings import DirectoryKind, DirectorySettings
from ringfence.lists.directory.people import DirectoryHeld, WhyNotFollowed, dn_key, look_up
from tests.support.directory_server import (
    BASE,
    PASSWORD,
    ROOT,
    DirectoryServer,
    directory_server,
    group,
    person,
    user,
)

MANY = 1_100
"""More than one page holds."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectoryServer]:
    entries = [
        *(person(number) for number in range(MANY)),
        person(2_000, pwdAccountLockedTime="000001010000Z"),
        person(2_001, mail=[]),
        person(2_002, mail="p1@example.com"),
        (f"cn=Smith\\2C Ann,{BASE}", {"objectClass": "inetOrgPerson", "cn": "Smith, Ann", "sn": "Smith"}),
        group("Audit", [f"uid=p1,{BASE}", f"UID=P3, {BASE}", f"cn=Smith\\, Ann,{BASE}"]),
        group("Firm", [f"cn=Audit,{BASE}", f"cn=Ring,{BASE}", f"uid=p5,{BASE}"]),
        group("Ring", [f"cn=Firm,{BASE}", f"uid=p7,{BASE}"]),
        (
            f"cn=posix,{BASE}",
            {"objectClass": "posixGroup", "cn": "posix", "gidNumber": "7", "memberUid": ["p9", "nobody"]},
        ),
        user(1, objectGUID=bytes(range(16))),
        user(2, 514),
        user(3),
        group("Windows", [f"CN=User 1,{BASE}", f"CN=User 2,{BASE}", f"CN=User 3,{BASE}"], "group"),
        (
            f"ou=elsewhere,{BASE}",
            {
                "objectClass": ["referral", "extensibleObject"],
                "ou": "elsewhere",
                "ref": "ldap://far.example/",
            },
        ),
    ]
    with directory_server(tmp_path_factory.mktemp("slapd"), entries) as running:
        yield running


def settings(running: DirectoryServer, **more: object) -> DirectorySettings:
    chosen: dict[str, object] = {
        "kind": DirectoryKind.OPENLDAP,
        "server": running.encrypted,
        "certificates": running.authority,
        "user": ROOT,
        "people_base": BASE,
        "groups_base": BASE,
    }
    return DirectorySettings(**(chosen | more))  # type: ignore[arg-type]


def found(running: DirectoryServer, **more: object) -> DirectoryHeld:
    asked = settings(running, **more)
    with session(asked, PASSWORD) as signed_in:
        return look_up(signed_in, asked)


def why(running: DirectoryServer, password: str = PASSWORD, **more: object) -> WhyNoAnswer:
    asked = settings(running, **more)
    with pytest.raises(Failure) as failed, session(asked, password) as signed_in:
        look_up(signed_in, asked)
    return failed.value.why


def groups_of(everybody: DirectoryHeld) -> dict[str, set[str]]:
    return {
        name: {each.email for each in everybody.people if name in each.groups} for name in everybody.groups
    }


def test_all_pages_are_read(server: DirectoryServer) -> None:
    with session(settings(server), PASSWORD) as signed_in:
        held = [dn for dn, _ in signed_in.search(BASE, "(objectClass=inetOrgPerson)", ["mail"])]
    assert len(held) == len(set(held)) == MANY + 4


def test_people_have_their_name_address_and_id_for_good(server: DirectoryServer) -> None:
    held = {each.external: each for each in found(server).people}["00000000-0000-4000-8000-000000000007"]
    assert (held.name, held.email) == ("Person 7", "p7@example.com")


def test_who_is_locked_for_good_is_switched_off(server: DirectoryServer) -> None:
    held = found(server)
    assert held.switched_off == 1
    assert not [each for each in held.people if each.email == "p2000@example.com"]


def test_two_with_one_address_are_both_left_out_and_spared(server: DirectoryServer) -> None:
    held = found(server)
    twice = [each.name for each in held.left_out if each.why is WhyNotFollowed.EMAIL_TWICE]
    assert sorted(twice) == [f"uid=p1,{BASE}", f"uid=p2002,{BASE}"]
    assert {each.email for each in held.spared} >= {"p1@example.com"}


def test_groups_hold_everybody_within_however_they_are_written(server: DirectoryServer) -> None:
    held = groups_of(found(server))
    assert held["Audit"] == {"p3@example.com", ""}
    assert held["Firm"] == held["Ring"] == {"p3@example.com", "", "p5@example.com", "p7@example.com"}
    assert held["posix"] == {"p9@example.com"}


def test_only_groups_of_the_filter_are_kept_and_nested_ones_need_not_fit_it(
    server: DirectoryServer,
) -> None:
    held = groups_of(found(server, groups_filter="(cn=Firm)"))
    assert held == {"Firm": {"p3@example.com", "", "p5@example.com", "p7@example.com"}}


def test_active_directory_is_read_by_its_own_names(server: DirectoryServer) -> None:
    everybody = found(server, kind=DirectoryKind.ACTIVE_DIRECTORY, people_filter="(objectClass=user)")
    assert everybody.switched_off == 1
    assert groups_of(everybody)["Windows"] == {"u1@example.com", "u3@example.com"}
    ids = {each.email: each.external for each in everybody.people}
    assert ids["u1@example.com"] == "03020100-0504-0706-0809-0a0b0c0d0e0f"


def test_a_referral_is_told_and_not_followed(server: DirectoryServer) -> None:
    with session(settings(server), PASSWORD) as signed_in:
        look_up(signed_in, settings(server))
    assert any("far.example" in each for each in signed_in.referrals)


def test_a_base_that_is_elsewhere_is_told(server: DirectoryServer) -> None:
    assert why(server, people_base=f"ou=elsewhere,{BASE}") is WhyNoAnswer.ELSEWHERE


def test_half_an_answer_is_none(server: DirectoryServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """slapd gives 500 entries to who does not ask by pages, and says that there are more."""
    monkeypatch.setattr("ringfence.lists.directory.asking.PAGE", None)
    assert why(server) is WhyNoAnswer.LIMIT


def test_more_than_are_believed_are_none(server: DirectoryServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.lists.directory.asking.MOST_ENTRIES", 1_050)
    assert why(server) is WhyNoAnswer.TOO_MANY


@pytest.mark.parametrize(
    ("more", "password", "expected"),
    [
        ({}, "wrong", WhyNoAnswer.CREDENTIALS),
        ({}, "", WhyNoAnswer.CREDENTIALS),
        ({"certificates": ""}, PASSWORD, WhyNoAnswer.CERTIFICATE),
        ({"people_base": "dc=nowhere"}, PASSWORD, WhyNoAnswer.NO_BASE),
        ({"server": "ldaps://no.such.host.invalid"}, PASSWORD, WhyNoAnswer.NO_ADDRESS),
        ({"server": "ldap://127.0.0.1:1"}, PASSWORD, WhyNoAnswer.NO_ANSWER),
    ],
)
def test_what_went_wrong_is_told(
    server: DirectoryServer, more: dict[str, object], password: str, expected: WhyNoAnswer
) -> None:
    assert why(server, password, **more) is expected


def test_plain_words_on_a_port_for_tls_are_told(server: DirectoryServer) -> None:
    assert why(server, server=f"ldaps://127.0.0.1:{server.port}") is WhyNoAnswer.TLS


def test_starttls_encrypts_and_verifies(server: DirectoryServer) -> None:
    asked = settings(server, server=f"ldap://localhost:{server.port}", start_tls=True)
    with session(asked, PASSWORD) as signed_in:
        assert signed_in.encrypted_as.startswith("TLS")
    assert why(server, server=server.plain, start_tls=True, certificates="") is WhyNoAnswer.CERTIFICATE


def test_a_private_network_is_the_operators_to_name(server: DirectoryServer) -> None:
    with pytest.raises(Failure) as failed, session(settings(server), PASSWORD, own=()):
        pass
    assert failed.value.why is WhyNoAnswer.PRIVATE


def test_names_of_entries_are_compared_as_they_are_meant() -> None:
    assert dn_key("CN=Smith\\, Ann, OU=Staff,DC=x") == dn_key("cn=smith\\2C ann,ou=staff,dc=X")
    assert dn_key("cn=a,dc=x") != dn_key("cn=b,dc=x")
