"""The first firm of an installation and its first principal: code, firm, profile, place, person, check, done.

All of it is there only while there is no firm, and behind the code that `ringfence serve` prints.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from ringfence.access import Refused
from ringfence.access.founding import (
    FirmsThere,
    clean_firm_name,
    create_first_firm,
    no_firm_yet,
    timezones,
)
from ringfence.access.setup_code import is_setup_code
from ringfence.core.settings import PROFILES, Profile
from ringfence.core.texts import MEMBER_NAME, clean, clean_email
from ringfence.firms.models import User
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.new_passwords import NewPassword, read_new_password
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Guarded, open_to
from ringfence.wording.saying import gettext as _
from ringfence.wording.settings_text import profile_name

from .answers import MADE, STEPS, Answers
from .words import Offer, language_name, languages, profiles


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage(Page):
    code: str
    code_error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmPage(Page):
    caption: str
    name: str
    name_error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePage(Page):
    caption: str
    choices: tuple[Offer, ...]
    chosen: str
    choice_error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePage(Page):
    caption: str
    timezone: str
    timezones: tuple[str, ...]
    timezone_error: str = ""
    languages: tuple[Offer, ...]
    language: str
    language_error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YouPage(Page):
    caption: str
    name: str
    name_error: str = ""
    email: str
    email_error: str = ""
    password: NewPassword


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One answer, with where it is changed."""

    key: str
    value: str
    href: str
    about: str
    """What is changed there, for who hears the link alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage(Page):
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundedPage(Page):
    firm: str


Step = Callable[[HttpRequest, Answers], HttpResponse]


def _step(view: Step) -> Guarded:
    """For who has given the code, while there is no firm."""

    @open_to(Audience.ANYONE, READS_AND_SENDS)
    @wraps(view)
    def stepped(request: HttpRequest) -> HttpResponse:
        if not no_firm_yet():
            return _there_already(request)
        answers = Answers.of(request)
        return redirect("first-run") if answers is None else view(request, answers)

    return stepped


def _there_already(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Ringfence is set up already. Sign in with the e-mail address you were given."))
    return redirect("account_login")


@open_to(Audience.ANYONE, READS_AND_SENDS)
def code(request: HttpRequest) -> HttpResponse:
    """The code that the server printed, so that no stranger makes a fresh installation theirs."""
    if not no_firm_yet():
        return _there_already(request)
    if request.method != "POST":
        return _code_page(request)
    if not ratelimit.consume(request, action="first_run"):
        return _code_page(request, _("There were too many attempts. Try again in a few minutes"))
    given = request.POST.get("code", "")
    if not is_setup_code(given):
        error = (
            _("This is not the code: look where Ringfence was started, it prints the code there")
            if given.strip()
            else _("Enter the code")
        )
        return _code_page(request, error)
    request.session.cycle_key()
    answers = Answers.of(request) or Answers()
    answers.keep(request)
    return redirect(answers.next)


def _code_page(request: HttpRequest, error: str = "") -> HttpResponse:
    page = CodePage(
        frame=outer_frame(request),
        title=_("Set up Ringfence"),
        errors=(ErrorLine(text=error, href="#code"),) if error else (),
        code=showable(request.POST.get("code", "")),
        code_error=error,
    )
    return show(request, "first_run/code.html", page)


def _go_on(request: HttpRequest, answers: Answers) -> HttpResponse:
    answers.keep(request)
    return redirect(answers.next)


def _caption(route: str) -> str:
    return _("Set up Ringfence: step %(step)s of %(steps)s") % {
        "step": STEPS.index(route) + 1,
        "steps": len(STEPS) + 1,
    }


def _back(route: str) -> str:
    """The question before, the code's page before the first."""
    return reverse(("first-run", *STEPS)[STEPS.index(route)])


@_step
def firm(request: HttpRequest, answers: Answers) -> HttpResponse:
    """The firm's name."""
    name, error = answers.firm, ""
    if request.method == "POST":
        name = request.POST.get("name", "")
        try:
            answers.firm = clean_firm_name(name)
            return _go_on(request, answers)
        except Refused as refused:
            empty = refused.problem.value == "text_empty"
            error = _("Enter the name of the firm") if empty else problem_sentence(refused)
    page = FirmPage(
        frame=outer_frame(request),
        title=_("What is the firm called?"),
        back=_back("first-run-firm"),
        errors=(ErrorLine(text=error, href="#name"),) if error else (),
        caption=_caption("first-run-firm"),
        name=showable(name),
        name_error=error,
    )
    return show(request, "first_run/firm.html", page)


@_step
def profile(request: HttpRequest, answers: Answers) -> HttpResponse:
    """What the firm's settings and words start from (rules.md 3)."""
    error = ""
    if request.method == "POST":
        chosen = request.POST.get("profile", "")
        if chosen in PROFILES:
            answers.profile = chosen
            return _go_on(request, answers)
        error = _("Select what kind of firm it is")
    page = ProfilePage(
        frame=outer_frame(request),
        title=_("What kind of firm is it?"),
        back=_back("first-run-profile"),
        errors=(ErrorLine(text=error, href="#profile"),) if error else (),
        caption=_caption("first-run-profile"),
        choices=profiles(),
        chosen=answers.profile,
        choice_error=error,
    )
    return show(request, "first_run/profile.html", page)


@_step
def place(request: HttpRequest, answers: Answers) -> HttpResponse:
    """The time zone in which the firm's days end, and its language."""
    zone, language = answers.timezone or "Europe/London", answers.language or "en"
    zone_error = language_error = ""
    if request.method == "POST":
        zone, language = request.POST.get("timezone", "").strip(), request.POST.get("language", "")
        if zone not in timezones():
            zone_error = _("Choose a time zone from the list, such as Europe/London")
        if language not in {each.value for each in languages()}:
            language_error = _("Select a language")
        if not (zone_error or language_error):
            answers.timezone, answers.language = zone, language
            return _go_on(request, answers)
    faults = (("#timezone", zone_error), ("#language", language_error))
    page = PlacePage(
        frame=outer_frame(request),
        title=_("Where is the firm?"),
        back=_back("first-run-place"),
        errors=tuple(ErrorLine(text=text, href=href) for href, text in faults if text),
        caption=_caption("first-run-place"),
        timezone=showable(zone),
        timezones=tuple(sorted(each for each in timezones() if "/" in each and not each.startswith("Etc/"))),
        timezone_error=zone_error,
        languages=languages(),
        language=language,
        language_error=language_error,
    )
    return show(request, "first_run/place.html", page)


def _you(request: HttpRequest, answers: Answers) -> HttpResponse:
    """Who the first principal is, and the password that they sign in with."""
    name, email = answers.name, answers.email
    name_error = email_error = ""
    password = NewPassword()
    if request.method == "POST":
        name, email = request.POST.get("name", ""), request.POST.get("email", "")
        try:
            name = clean(name, "name", most=MEMBER_NAME)
        except Refused as refused:
            empty = refused.problem.value == "text_empty"
            name_error = _("Enter your name") if empty else problem_sentence(refused)
        try:
            email = clean_email(email)
        except Refused:
            email = showable(email.strip())
            email_error = _("Enter your e-mail address, like name@example.com")
        if not email:
            email_error = _("Enter your e-mail address, like name@example.com")
        password = read_new_password(request, User(email=email, name=name))
        if password.good and not (name_error or email_error):
            answers.name, answers.email = name, email
            answers.password = make_password(password.value)
            return _go_on(request, answers)
    faults = (("#name", name_error), ("#email", email_error))
    page = YouPage(
        frame=outer_frame(request),
        title=_("Who are you?"),
        back=_back("first-run-you"),
        errors=(*(ErrorLine(text=text, href=href) for href, text in faults if text), *password.errors),
        caption=_caption("first-run-you"),
        name=showable(name),
        name_error=name_error,
        email=email,
        email_error=email_error,
        password=password,
    )
    return show(request, "first_run/you.html", page)


you = in_lane(Lane.PASSWORDS, "POST")(sensitive_post_parameters("password1", "password2")(_step(_you)))


@_step
def check(request: HttpRequest, answers: Answers) -> HttpResponse:
    """All answers, and the button that makes the firm."""
    if answers.next != "first-run-check":
        return redirect(answers.next)
    if request.method != "POST":
        return _check_page(request, answers)
    try:
        create_first_firm(
            answers.firm,
            cast(Profile, answers.profile),
            admin_email=answers.email,
            admin_name=answers.name,
            password=answers.password,
            timezone=answers.timezone,
            language=answers.language,
        )
    except FirmsThere:
        return _there_already(request)
    request.session.flush()
    request.session[MADE] = answers.firm
    return redirect("first-run-done")


def _check_page(request: HttpRequest, answers: Answers) -> HttpResponse:
    page = AnswersPage(
        frame=outer_frame(request),
        title=_("Check your answers"),
        back=_back("first-run-you"),
        rows=(
            _row(_("Name of the firm"), answers.firm, "first-run-firm"),
            _row(_("Kind of firm"), profile_name(cast(Profile, answers.profile)), "first-run-profile"),
            _row(_("Time zone"), answers.timezone, "first-run-place"),
            _row(_("Language"), language_name(answers.language), "first-run-place"),
            _row(_("Your name"), answers.name, "first-run-you"),
            _row(_("Your e-mail address"), answers.email, "first-run-you"),
            _row(_("Your password"), _("Set"), "first-run-you"),
        ),
    )
    return show(request, "first_run/check.html", page)


def _row(key: str, value: str, route: str) -> AnswerRow:
    return AnswerRow(key=key, value=value, href=reverse(route), about=key)


@open_to(Audience.ANYONE)
def done(request: HttpRequest) -> HttpResponse:
    """The firm is there: told to who made it."""
    made = request.session.get(MADE)
    if made is None:
        return redirect("choose-firm")
    page = FoundedPage(
        frame=outer_frame(request), title=_("%(firm)s is set up") % {"firm": made}, firm=str(made)
    )
    return show(request, "first_run/done.html", page)
