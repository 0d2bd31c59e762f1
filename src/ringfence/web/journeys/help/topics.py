"""The questions people have, and answers true for a firm with its settings (rules.md 2, 3 and 5). Those of
every day are answered in `every_day`, those about documents in `documents`.

Where a page says the same, it links here (`web.shell.addresses.help_link`) and does not say it again.
"""

from __future__ import annotations

from ringfence.core.settings import Settings
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import gettext_lazy

from . import documents, every_day, firm_settings
from .answers import HelpText, Topic


def _what_it_is(settings: Settings) -> HelpText:
    return HelpText(
        paragraphs=(
            _(
                "Without [access control], everybody in the firm who uses client records can open every "
                "[client]. For some [clients] that is too many people."
            ),
            _(
                "With [access control] you choose who in the firm can open which [client]. You put [members] "
                "and [clients] into [a group]: its [members] can open its [clients]."
            ),
        ),
    )


def _who_it_is_for(settings: Settings) -> HelpText:
    return HelpText(
        paragraphs=(
            _("For firms of any size: it works with ten [clients] as with a million."),
            _(
                "Administrators set it up. Everybody else keeps working as before, and sees the [clients] "
                "that they can open."
            ),
        ),
    )


def _what_it_does(settings: Settings) -> HelpText:
    unassigned = (
        _("[A client] that nobody was given access to can be opened by nobody.")
        if settings.unassigned == "none"
        else _(
            "[A client] that nobody was given access to stays open to everybody who uses client records, "
            "unless it is marked confidential."
        )
    )
    administrators = (
        _("Administrators can open every [client].")
        if settings.administrators == "unrestricted"
        else _(
            "Administrators manage every [group], but they open only the [clients] that they were given "
            "access to, as everybody else."
        )
    )
    return HelpText(
        paragraphs=(
            _(
                "Administrators create [groups], and choose the [clients] and the [members] of each. From "
                "then on only the [members] of its [groups] can open [a client], look at its records and "
                "work on it."
            ),
        ),
        points=(
            unassigned,
            administrators,
            _("[A client] can be in several [groups], and [a group] can hold single services of [a client]."),
            _("Every change says what it will do before it is made, and takes effect at once."),
            _("Every decision can be explained: who can open [a client], by what, and who can change it."),
        ),
    )


def _what_it_does_not(settings: Settings) -> HelpText:
    levels = (
        _(
            "Whoever can open [a client] can look at it and work on it. Looking without changing cannot be "
            "given while the firm shows one level of access; an administrator can let it show four."
        )
        if settings.levels == "single"
        else _(
            "It knows four levels: Reader looks, Editor changes and submits, Owner also removes the [client] "
            "and shares it, Blocked keeps somebody out. There is none between them, such as only submitting."
        )
    )
    return HelpText(
        paragraphs=(
            levels,
            _("It does not tell your [clients] anything, and changes nothing in what you do for them."),
            _("It does not keep anybody from what they have already downloaded or printed."),
        ),
    )


def _not_used(settings: Settings) -> HelpText:
    return HelpText(
        paragraphs=(
            _(
                "Then do nothing. While [access control is] turned off, everybody who uses client records "
                "can go on opening every [client]."
            ),
            _("An administrator can turn it on at any time, on the page Manage account."),
        ),
    )


def _change_of_mind(settings: Settings) -> HelpText:
    return HelpText(
        paragraphs=(
            _(
                "An administrator can turn [access control] off and on again at any time, under Manage "
                "account."
            ),
            _(
                "Your [groups] are kept while it is turned off, with their [clients] and [members]. When it "
                "is turned on again, they count again."
            ),
            _(
                "Turning off opens every [client] to everybody who uses client records, confidential ones "
                "too. So the page names these first, and asks for the name of the firm."
            ),
        ),
    )


def _by_accident(settings: Settings) -> HelpText:
    nothing = (
        _(
            "No [client] is then open to those who were given no access to it: turn it off again, or create "
            "[a group]."
        )
        if settings.unassigned == "none"
        else _(
            "Where there are no [groups] yet, everybody can go on opening every [client] that is not marked "
            "confidential. Only the pages of Manage account look different. You can turn it off again."
        )
    )
    return HelpText(
        paragraphs=(
            _("All administrators are told by e-mail when it is turned on or off, if the firm sends e-mail."),
        ),
        points=(
            _("Turned on by accident: %(what)s") % {"what": nothing},
            _(
                "Turned off by accident: turn it on again. [Groups] that were finished are all there, with "
                "their [members] and [clients]."
            ),
            _("[A group] that somebody was still creating is lost when it is turned off. Create it again."),
        ),
    )


def _to_do_now(settings: Settings) -> HelpText:
    return HelpText(
        paragraphs=(
            _("Find out who the administrators of your firm are: they alone can set it up."),
            _("Then, as an administrator:"),
        ),
        points=(
            _("check that all [clients] and [members] are there, or add them from a list"),
            _(
                "create [groups] while [access control is] still turned off: nothing counts until it is "
                "turned on"
            ),
            _("look at who will be able to open what, and turn it on"),
        ),
        names_people=True,
    )


def _unassigned(settings: Settings) -> HelpText:
    meaning = (
        _("In this firm nobody can open them until somebody is given access.")
        if settings.unassigned == "none"
        else _(
            "In this firm everybody who uses client records can open them, but for those marked "
            "confidential: these can be opened by nobody."
        )
    )
    return HelpText(
        paragraphs=(
            _("[Clients] that nobody was given access to are unassigned. %(meaning)s") % {"meaning": meaning},
            _(
                "Access that gives nothing, such as that of somebody who left or that has expired, still "
                "keeps [a client] closed. Only taking it away makes the [client] unassigned."
            ),
        ),
    )


def _by_service(settings: Settings) -> HelpText:
    return HelpText(
        paragraphs=(
            _(
                "[A group] by service holds all [clients] that have the service. A new [client] with that "
                "service joins it by itself."
            ),
            _(
                "Single [clients] can be left out, and put back. What is left out of every [group] is "
                "unassigned: the page says whether that closes it or opens it to everybody."
            ),
        ),
    )


def _confidential(settings: Settings) -> HelpText:
    return HelpText(
        paragraphs=(
            _(
                "[A client] marked confidential is not open to everybody just because nobody was given "
                "access to it. If the last person with access goes, it closes."
            ),
            _("While [access control is] turned off, it is open as every other [client]."),
        ),
    )


def _cannot_open(settings: Settings) -> HelpText:
    hidden = (
        _("[Clients] that you cannot open are not shown to you, and are not found.")
        if settings.inaccessible == "hidden"
        else _(
            "[Clients] that you cannot open are in your list by name. Their page says why, and who can help."
        )
    )
    return HelpText(
        paragraphs=(
            _("Then you were not given access to it, or somebody has taken it away from you."),
            hidden,
            _("Ask an administrator: they can see who has access to which [client], and can change it."),
        ),
        names_people=True,
    )


def _get_help(settings: Settings) -> HelpText:
    return HelpText(
        paragraphs=(
            _("These pages answer the questions that people ask most. Each page of Ringfence leads here."),
            _(
                "For what only your firm can decide, such as who should open [a client], ask an "
                "administrator."
            ),
        ),
        names_people=True,
    )


def _when(settings: Settings) -> HelpText:
    return HelpText(
        paragraphs=(
            _("Now, for every firm, and for all of its [clients]. Nothing is applied for or waited for."),
            _(
                "It works for everybody at the same moment: as soon as an administrator has made a change, "
                "every page follows it."
            ),
        ),
    )


TOPICS: dict[str, Topic] = {
    "what-it-is": Topic(gettext_lazy("What is it, and why is it there?"), _what_it_is),
    "who-it-is-for": Topic(gettext_lazy("Who is it for?"), _who_it_is_for),
    "what-it-does": Topic(gettext_lazy("What does it do?"), _what_it_does),
    "what-it-does-not": Topic(gettext_lazy("What does it not do?"), _what_it_does_not),
    "not-used": Topic(gettext_lazy("What if I do not want to use it?"), _not_used),
    "change-of-mind": Topic(
        gettext_lazy("What if I change my mind and no longer want to use it?"), _change_of_mind
    ),
    "by-accident": Topic(gettext_lazy("What if it is turned on or off by accident?"), _by_accident),
    "to-do-now": Topic(gettext_lazy("What do I need to do now?"), _to_do_now),
    "when": Topic(gettext_lazy("When is it available?"), _when),
    "unassigned": Topic(gettext_lazy("Who can open what nobody was given access to?"), _unassigned),
    "by-service": Topic(gettext_lazy("What is [a group] by service?"), _by_service),
    "confidential": Topic(gettext_lazy("What does confidential mean?"), _confidential),
    "cannot-open": Topic(gettext_lazy("Why can I not open [a client]?"), _cannot_open),
    "give-access": Topic(gettext_lazy("How do I give somebody access to [a client]?"), every_day.give),
    "ask-for-access": Topic(gettext_lazy("How do I ask for access?"), every_day.ask),
    "take-away": Topic(gettext_lazy("How do I take access away?"), every_day.take_away),
    "levels": Topic(
        gettext_lazy("What do the levels mean, and which of several counts?"),
        every_day.levels,
        lambda settings: settings.levels == "four",
    ),
    "many-at-once": Topic(
        gettext_lazy("How do I give many [clients] to somebody at once?"), every_day.many_at_once
    ),
    "new-client": Topic(gettext_lazy("Who gets access to a new [client]?"), every_day.new_client),
    "delegation": Topic(
        gettext_lazy("How do I let a colleague reach my [clients]?"),
        every_day.delegation,
        lambda settings: settings.delegation,
    ),
    "fee-split": Topic(
        gettext_lazy("What has a fee split to do with access?"),
        every_day.fee_split,
        lambda settings: settings.fee_splits,
    ),
    "application-form": Topic(
        gettext_lazy("How does an application form divide a commission?"),
        documents.application_form,
        lambda settings: settings.fee_splits,
    ),
    "plans": Topic(gettext_lazy("What if two people change the same plan?"), documents.plans),
    "removed-client": Topic(gettext_lazy("How do I get a removed [client] back?"), documents.removed_client),
    "digest": Topic(
        gettext_lazy("What is the daily digest?"), every_day.digest, lambda settings: settings.digest
    ),
    "emergency": Topic(
        gettext_lazy("How do I open [a client] in an emergency?"),
        every_day.emergency,
        lambda settings: settings.emergency != "no",
    ),
    "review": Topic(gettext_lazy("What is an access review?"), every_day.review),
    "wall": Topic(gettext_lazy("What is a wall?"), every_day.wall),
    "leaver": Topic(gettext_lazy("What do I do when somebody leaves?"), every_day.leaver),
    "settings": Topic(gettext_lazy("Where do I change how our firm works?"), firm_settings.changing),
    "get-help": Topic(gettext_lazy("Where do I get help and support?"), _get_help),
}
"""By the last part of their address, in the order in which they are listed."""
