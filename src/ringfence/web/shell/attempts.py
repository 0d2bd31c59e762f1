"""The cache in which attempts to sign in are counted: what cannot be counted is an error.

Django's cache in the database passes over writes that fail; an attempt would then count as one too many.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, IntegrityError, connections, router, transaction


class Attempts(DatabaseCache):
    """Raises `django.db.DatabaseError` where the database cannot write."""

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        database = router.db_for_write(self.cache_model_class)
        failed: list[DatabaseError] = []

        def watch(execute: Callable[..., Any], *arguments: Any) -> Any:
            try:
                return execute(*arguments)
            except IntegrityError:
                # Somebody else was quicker, which is an answer.
                raise
            except DatabaseError as error:
                failed.append(error)
                raise

        # Django's own transaction lies within ours, so that what fails in the end fails here.
        with transaction.atomic(using=database), connections[database].execute_wrapper(watch):
            done: bool = super()._base_set(mode, key, value, timeout)  # type: ignore[misc]  # its stub is short
            if failed:
                raise failed[0]
        return done
