"""What every test shares: the database under test, the browser, and the markers that follow from using them.

A test that uses a database runs on SQLite. Where its subject is something in which databases may differ, its
module says `pytestmark = pytest.mark.both_databases`, and it runs on PostgreSQL too (tests/README.md).

Nothing of the product is imported here: `pytest tests/core` loads neither Django's settings nor a database.
Each folder of tests keeps its own fixtures in a conftest beside them.
"""

import gc
import os
import sys
from collections.abc import Generator, Iterator
from copy import deepcopy
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

from tests.support.databases import Databases, Engine
from tests.support.postgres import PostgresServer
from tests.support.seed import SEED
from tests.support.seed import VARIABLE as SEED_VARIABLE

pytest_plugins = ["tests.support.browser", "tests.support.middleware"]

ENGINE_VARIABLE = "RINGFENCE_TEST_DATABASE"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "empty_database", "migrated_database"}

# How long an example takes says how busy the machine is, and nothing of a rule.
hypothesis.settings.register_profile(
    "ringfence", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("ringfence")

_databases = pytest.StashKey[Databases]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the database before pytest-django reads the settings, at the end of configuring."""
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the tests choose their own database")
    chosen = os.environ.get(ENGINE_VARIABLE, Engine.SQLITE)
    if chosen not in list(Engine):
        raise pytest.UsageError(f"{ENGINE_VARIABLE} is {chosen!r}; it must be one of: {', '.join(Engine)}")
    databases = config.stash[_databases] = Databases(Engine(chosen))
    # The developer's own settings must not reach a test.
    for name in [name for name in os.environ if name.startswith("RINGFENCE_")]:
        if not name.startswith("RINGFENCE_TEST_") and name != SEED_VARIABLE:
            del os.environ[name]
    os.environ["RINGFENCE_DATA"] = str(databases.folder)
    os.environ["RINGFENCE_SECRET_KEY"] = "known-to-everybody-and-used-by-tests-only"
    os.environ["RINGFENCE_DATABASE"] = databases.empty()
    os.environ["RINGFENCE_LOG_FORMAT"] = "console"
    if not _only_core(config):
        os.environ["DJANGO_SETTINGS_MODULE"] = "ringfence.settings"
        settings.LANGUAGE_CODE  # noqa: B018  # the first use loads them; pytest-django then sets Django up
        # A worker of pytest-xdist inherits the environment, and must choose its own database first.
        del os.environ["DJANGO_SETTINGS_MODULE"]


def _only_core(config: pytest.Config) -> bool:
    # `pytest tests/core` shows that the core works without Django, also while the rest is in pieces.
    core = Path(__file__).parent / "core"
    asked = [(config.invocation_params.dir / argument.split("::")[0]).resolve() for argument in config.args]
    return all(path.is_relative_to(core) for path in asked)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind; absent where configuring itself failed."""
    databases = config.stash.get(_databases, None)
    if databases is not None:
        databases.close()


def pytest_report_header(config: pytest.Config) -> str:
    """Say at the top which database answers, and with which seed the random tests run."""
    return f"database: {config.stash[_databases].engine}, {SEED_VARIABLE}={SEED}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses a database or the browser, before `-m` selects."""
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        if used & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)
        if "browser" in used:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the collector of garbage pass over fifteen thousand tests: they live as long as the process.

    What tests themselves leave behind is collected as ever.
    """
    gc.disable()
    try:
        collected = yield
    finally:
        gc.enable()
    gc.freeze()
    # One pass over what is new in place of seventy: a test that takes memory is a process of its own.
    gc.set_threshold(50_000)
    return collected


@pytest.fixture(autouse=True)
def nothing_has_failed_yet() -> None:
    """What a process remembers of failures (`access.security_log`) is of one test alone."""
    log = vars(sys.modules.get("ringfence.access.security_log", sys))
    if "_Often" in log:
        log["_OFTEN"] = log["_Often"]()


@pytest.fixture(autouse=True)
def the_connection_is_opened_as_before() -> Iterator[None]:
    """What a test sets for connections of Django (read-only, say) is of that test alone."""
    before = _options_of_connections()
    yield
    assert _options_of_connections() == before, "this test leaves connections to be opened in another way"


def _options_of_connections() -> object:
    if not settings.configured or "django.db" not in sys.modules:
        return None
    return deepcopy(sys.modules["django.db"].connections.settings["default"]["OPTIONS"])


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config) -> Databases:
    """The maker of databases on the engine under test."""
    return pytestconfig.stash[_databases]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, databases: Databases) -> None:
    """Give the database that RINGFENCE_DATABASE names its tables, instead of Django's renamed copy.

    So Django, the plain drivers of `ringfence.store` and child processes all open the very same one.
    """
    databases.fill(os.environ["RINGFENCE_DATABASE"])


@pytest.fixture
def db(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database under test: what a test writes is rolled back at its end, and no state is kept before it.

    Ids come again after a rollback: what is kept of another test's firm would be loaded over and over.
    """
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    from ringfence.access.door import STATES

    monkeypatch.setattr(STATES, "_places", type(STATES)()._places)
    # A password is slow to work out on purpose (tests/firms/test_passwords.py); nobody guesses these.
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1_000)


@pytest.fixture
def empty_database(databases: Databases) -> str:
    """The address of a database without a table, for this test alone."""
    return databases.empty()


@pytest.fixture
def migrated_database(databases: Databases) -> str:
    """The address of a database with all tables, for this test alone and for the processes it starts."""
    return databases.migrated()


@pytest.fixture
def durable_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this test alone that keeps every commit, to be stopped, crashed and started."""
    with PostgresServer(fsync=True) as server:
        yield server
