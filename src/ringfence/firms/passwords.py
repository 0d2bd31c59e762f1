"""How passwords are kept and checked: Django's PBKDF2, worked out beside the pages.

Working one out takes the processor for half a second on purpose. Each process does one at a time, in a thread
that the system lets others go before: whoever reads a page hardly notices how many sign in.
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.exceptions import ValidationError

from .yielding import yield_to_others


class PasswordHasher(PBKDF2PasswordHasher):
    """Stored values are Django's own; only where they are worked out differs."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """The value to be stored."""
        work = _bench(os.getpid()).submit(super().encode, password, salt, iterations)
        return work.result()


@cache
def _bench(process: int) -> ThreadPoolExecutor:
    # By process, since a fork takes no thread along.
    return ThreadPoolExecutor(1, thread_name_prefix="passwords", initializer=yield_to_others)


PRODUCT = "ringfence"
SHORTEST_WORD = 4
"""Letters under which a word of a firm's name is no word that anybody would guess by."""
LEFT = 8
"""Characters that a password must have besides the words that are guessed first."""


class NoWordsOfHere:
    """Refuses a password that is little more than the product's name, the firm's or the address's domain."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises `ValidationError` with the code ``password_of_here``."""
        left = password.casefold()
        for word in sorted(_words_about(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < LEFT and left != password.casefold():
            raise ValidationError("The password is made of words of here.", code="password_of_here")

    def get_help_text(self) -> str:
        """Nobody is shown it: the pages have words of their own."""
        return ""


def _words_about(user: AbstractBaseUser | None) -> set[str]:
    # Models are not there yet when the settings name this module.
    from .models import Firm, Member

    texts = [PRODUCT]
    if user is not None:
        texts.append(str(getattr(user, "email", "")).partition("@")[2].rpartition(".")[0])
        if user.pk is not None:
            firms = Member.objects.filter(user=user.pk).values("firm")
            texts += Firm.objects.filter(pk__in=firms).values_list("name", flat=True)
    words = {word for text in texts for word in re.findall(r"\w+", text.casefold())}
    return {word for word in words if len(word) >= SHORTEST_WORD}
