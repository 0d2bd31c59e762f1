"""Test clients share the middleware until a setting changes."""

import pytest
from django.test import Client, override_settings


def chain_of(client: Client) -> object:
    client.get("/sign-in")
    return vars(client.handler)["_middleware_chain"]


def test_clients_share_the_middleware(db: None) -> None:
    assert chain_of(Client()) is chain_of(Client(enforce_csrf_checks=True))


def test_each_keeps_whether_it_is_asked_for_the_forms_token(db: None) -> None:
    statuses = [Client(enforce_csrf_checks=each).post("/sign-in").status_code for each in (True, False)]
    assert statuses == [403, 422]


@pytest.mark.parametrize("secure", [True, False])
def test_a_setting_that_changes_is_heeded(secure: bool, db: None) -> None:
    Client().get("/sign-in")
    with override_settings(SECURE_SSL_REDIRECT=secure):
        assert Client().get("/sign-in").status_code == (301 if secure else 200)
    assert Client().get("/sign-in").status_code == 200
