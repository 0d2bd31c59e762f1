"""Writes `src/ringfence/api/openapi.json` from the API as it is: ``python -m tools.openapi``."""

import os
import tempfile

import django


def main() -> None:
    """Settings are read, and no database is asked."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "ringfence.settings"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RINGFENCE_DATA"] = folder
        django.setup()
        from ringfence.api.description import FILE, written

        FILE.write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()
