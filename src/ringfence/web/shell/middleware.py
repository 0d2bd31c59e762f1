"""Around every page: the language of its sentences."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from ringfence.wording.catalogue import in_language

Answer = Callable[[HttpRequest], HttpResponse]


class SpeakTheReadersLanguage:
    """Says our sentences in the language of the request, which `LocaleMiddleware` has chosen before it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with in_language(get_language()):
            return self.answer(request)
