"""Setting Django up, once, for the commands that need the database."""

import atexit
import gc
import os

from .faults import Fault


def set_up() -> None:
    """Load settings and models; a setting that makes no sense is the caller's mistake, told as such."""
    import django
    from django.apps import apps
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    if apps.ready:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ringfence.settings")
    try:
        settings.DATABASES  # noqa: B018  # the first use reads the environment
        django.setup()
        atexit.register(_end)
    except ImproperlyConfigured as problem:
        raise Fault(str(problem)) from problem
    except OSError as problem:
        raise Fault(
            f"The data folder cannot be used: {problem}. Make it writable, or name another in RINGFENCE_DATA."
        ) from problem


def _end() -> None:
    """End without the interpreter's last look through a large firm for what nobody needs."""
    from django.db import connections

    # Nothing else closes them then, and a file of SQLite would keep its log beside it.
    connections.close_all()
    gc.freeze()
