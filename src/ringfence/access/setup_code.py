"""The code with which an empty installation is set up in the browser: known to who sees the server start.

It is worked out from the secret key and from when this database was made, so every process knows it and none
keeps it. It is good as long as there is no firm (`founding.create_first_firm`).
"""

from __future__ import annotations

from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import constant_time_compare, salted_hmac

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels: no code is a word."""
LENGTH, PART = 16, 4


def setup_code() -> str:
    """Such as ``BCDF-GHJK-LMNP-QRST``."""
    made = MigrationRecorder.Migration.objects.filter(app="firms").earliest("applied").applied
    rest = int(salted_hmac("setup code", made.isoformat(), algorithm="sha256").hexdigest(), 16)
    letters = ""
    for _each in range(LENGTH):
        rest, place = divmod(rest, len(LETTERS))
        letters += LETTERS[place]
    return "-".join(letters[start : start + PART] for start in range(0, LENGTH, PART))


def is_setup_code(text: str) -> bool:
    """Whether somebody typed the code, in whatever case and with whatever between its letters."""
    return constant_time_compare(_letters(text), _letters(setup_code()))


def _letters(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter in LETTERS)
