"""The first firm of an installation: one alone, by who knows the code, with a principal."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from ringfence import access
from ringfence.access.founding import FirmsThere, create_first_firm, no_firm_yet
from ringfence.access.setup_code import is_setup_code, setup_code
from ringfence.core.terms import Role
from ringfence.firms.models import Firm, Member, User
from tests.access.cast import found

pytestmark = pytest.mark.both_databases

PASSWORD = "pbkdf2_sha256$1$salt$hash"
"""As it is stored."""


def create(name: str = "Ward & Sons") -> access.Founded:
    return create_first_firm(
        name,
        "agency",
        admin_email="ann@ward.example",
        admin_name="Ann",
        password=PASSWORD,
        timezone="Europe/London",
        language="cy",
    )


def test_the_first_firm_has_a_principal_with_a_password(db: None) -> None:
    made = create()
    place = Member.objects.select_related("user", "firm").get(firm=made.firm, number=made.member)
    assert place.user is not None
    assert (place.role, place.name, place.user.email, place.user.password) == (
        Role.PRINCIPAL.value,
        "Ann",
        "ann@ward.example",
        PASSWORD,
    )
    assert place.firm.language == "cy"
    assert access.verify(made.firm).problems == ()


def test_there_is_one_first_firm(db: None) -> None:
    assert no_firm_yet()
    create()
    assert not no_firm_yet()
    with pytest.raises(FirmsThere):
        create("Other")
    assert Firm.objects.count() == 1


def test_a_firm_of_the_command_line_comes_first_too(db: None) -> None:
    found()
    with pytest.raises(FirmsThere):
        create()
    assert not User.objects.filter(email="ann@ward.example").exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_who_try_at_once_one_makes_the_first_firm() -> None:
    begin, made, refused = threading.Barrier(4), [], []

    def attempt(name: str) -> None:
        begin.wait(30)
        try:
            made.append(create(name))
        except FirmsThere:
            refused.append(name)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(f"Firm {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(made), len(refused), Firm.objects.count()) == (1, 3, 1)


def test_the_code_is_known_by_its_letters(db: None) -> None:
    code = setup_code()
    assert code == setup_code()
    assert is_setup_code(code)
    assert is_setup_code(f" {code.replace('-', ' ').lower()} ")
    assert not is_setup_code(code[:-1])
    assert not is_setup_code("")
    assert len(code) == 19


def test_another_secret_key_has_another_code(db: None, settings: Any) -> None:
    code = setup_code()
    settings.SECRET_KEY = "another that is known to everybody and used by tests"
    assert setup_code() != code
