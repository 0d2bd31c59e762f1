"""Questions of every day: giving, asking for, passing on and taking away access (rules.md 2, 3, 5).

Each is asked only in firms whose settings make it one. What access control is at all: `topics`.
"""

from __future__ import annotations

from ringfence.core.settings import Settings
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .answers import HelpText


def give(settings: Settings) -> HelpText:
    """How to give somebody access, and who may."""
    match settings.sharing:
        case "administrators":
            who = _("In this firm only administrators give access, and whoever manages access for them.")
        case "owners":
            who = _(
                "In this firm its [owners] give access to [a client], and administrators to every [client]."
            )
        case _:
            who = _(
                "In this firm everybody who was given access to [a client] can give it to others, and "
                "administrators to every [client]."
            )
    return HelpText(
        paragraphs=(
            who,
            _(
                "Open the [client] and choose [Sharing options]. Choose [a member], [a group] or everybody "
                "in the firm, until when, and look at what it will do. Then say yes."
            ),
        ),
        points=(
            _("Nobody gives more than they have themselves, unless they manage access for the firm."),
            _("Access with a last day ends by itself at the close of that day."),
            _(
                "To give one person all [clients] at once, an administrator opens their page under Manage "
                "account, [Members]."
            ),
        ),
    )


def take_away(settings: Settings) -> HelpText:
    """How to take access away, from one client or by a group."""
    points = [
        _("From one [client]: open its [Sharing options], choose whom, and remove their access."),
        _(
            "From one person everywhere: their page under Manage account lists all they reach and by what, "
            "and each can be removed there."
        ),
        _(
            "From all [members] of [a group]: remove the [group], or take [a member] out of it. The page "
            "names first what they lose."
        ),
    ]
    if settings.owner_required:
        points.append(_("The last [owner] of [a client] cannot go: give it another one first."))
    return HelpText(
        paragraphs=(_("It ends at once, on every page. You see who loses what before you say yes."),),
        points=tuple(points),
    )


def ask(settings: Settings) -> HelpText:
    """How to ask for access; where the firm has it off, whom to speak to instead."""
    if not settings.requests:
        return HelpText(
            paragraphs=(
                _("In this firm access is not asked for on the pages. Speak to somebody who can give it."),
                _("The page of [a client] that you cannot open names the people and [groups] with access.")
                if settings.inaccessible == "named"
                else _("Your administrators are named below."),
            ),
            names_people=True,
        )
    seen = (
        _("Open the [client] in your list, choose [Sharing options], then Request access.")
        if settings.inaccessible == "named"
        else _(
            "[Clients] of which you see nothing are not shown to you, so you cannot ask for them here. Of "
            "[a client] that you see in part, open it and choose Request access."
        )
    )
    return HelpText(
        paragraphs=(
            seen,
            _("Say why, and until when you need it. Everybody who may give you access is told by e-mail."),
        ),
        points=(
            _("They give you what you asked for, or less, or decline and say why. You are told by e-mail."),
            _("After two days they are reminded. What nobody has answered after 14 days lapses."),
            _("Your requests, under Your account, shows how each of them stands."),
        ),
    )


def levels(settings: Settings) -> HelpText:
    """The four levels, and which of several counts."""
    return HelpText(
        paragraphs=(
            _(
                "What somebody has of their own beats what their [groups] have, in both directions: it can "
                "give more, and it can give less."
            ),
            _(
                "Of several [groups] the highest counts: Reader, Editor, Owner, Blocked, from the lowest to "
                "the highest. So one [group] that is Blocked keeps its [members] out."
            ),
        ),
        points=(
            _("Reader: looks at everything and changes nothing."),
            _("Editor: looks, changes and submits."),
            _("Owner: all that, removes the [client] and decides who else has access."),
            _("Blocked: cannot open the [client]."),
        ),
    )


def new_client(settings: Settings) -> HelpText:
    """Who gets access to a client that is added."""
    points = []
    if settings.creator_owns:
        points.append(_("Whoever adds [a client] is its [owner]."))
    if settings.everyone_level and settings.everyone_may_be_granted:
        points.append(_("Everybody in the firm gets access, as the administrators have set."))
    if settings.personal_defaults:
        points.append(
            _(
                "Whoever adds it can have people and [groups] of their own added each time, under Your "
                "account. For the same person or [group], theirs counts."
            )
        )
    if not points:
        points.append(_("Nobody is given access by itself."))
    return HelpText(
        paragraphs=(
            _(
                "The page shows who will get access before the [client] is saved, and it can be changed "
                "there. What is set up for new [clients] never changes those that are there already."
            ),
        ),
        points=tuple(points),
    )


def many_at_once(settings: Settings) -> HelpText:
    """How many clients are given, or taken away, at once."""
    return HelpText(
        paragraphs=(
            _(
                "Use the permissions wizard, above the list of [clients]: choose whom, what they may do and "
                "which [clients]. You see what it does before it is done."
            ),
        ),
        points=(
            _(
                "Only [clients] that you may share are listed. Whoever you do not choose keeps what they "
                "have."
            ),
            _(
                "It is done on all of them or on none. Where it is refused for some, you are told which, and "
                "can leave them out."
            ),
            _(
                "When you bring in a list of new [clients], its columns Owner, Editor, Reader and Blocked "
                "say who gets access to each."
            ),
        ),
    )


def delegation(settings: Settings) -> HelpText:
    """What a delegation passes on, and what not."""
    return HelpText(
        paragraphs=(
            _(
                "You let a colleague reach what you reach, under Your account, Your delegations. They open "
                "your [clients] as long as you can open them yourself."
            ),
            _(
                "It goes on from them: whom they have delegated to reaches your [clients] too, unless you "
                "say that it ends with them. A picture shows whom it reaches before you save it."
            ),
        ),
        points=(
            _("You can choose what they may do at most, and until when."),
            _(
                "Administrators, and whoever may manage access, set it up for others: for who supports them "
                "in their work, say."
            ),
            _("A wall, or being blocked, keeps a colleague out whatever you pass on."),
            _("Either of you can end it at any time."),
        ),
    )


def fee_split(settings: Settings) -> HelpText:
    """What a fee split has to do with access."""
    return HelpText(
        paragraphs=(
            _(
                "Whoever is linked to [a client] has access to it. Beside it stands their share of the "
                "commission, from nothing up; all shares of [a client] come to a hundred per cent at most."
            ),
            _(
                "A share of nothing gives access and no commission: they have no line on application forms. "
                "To end their access, remove the link itself."
            ),
        ),
    )


def digest(settings: Settings) -> HelpText:
    """When the daily digest comes, and how to stop it."""
    return HelpText(
        paragraphs=(
            _(
                "One e-mail a day, in the morning, with what happened at the [clients] that you can open. It "
                "comes only if something did, and while [access control is] turned on."
            ),
        ),
        points=(
            _("For one [client], untick Receive daily digest in its [Sharing options]."),
            _("For all of them, use the switch under Your account, or the link in the e-mail."),
        ),
    )


def wall(settings: Settings) -> HelpText:
    """What a wall does, and who knows of it."""
    return HelpText(
        paragraphs=(
            _(
                "A wall keeps two sides apart: the [members] of one side can never open the [clients] of the "
                "other, whatever access they were given."
            ),
            _(
                "Administrators raise it under Manage account, and see first who would lose what. Whoever is "
                "on a side is asked to acknowledge it under Your account, and told neither its name nor what "
                "they cannot open."
            ),
        ),
    )


def review(settings: Settings) -> HelpText:
    """What an access review is, and what a reviewer does."""
    return HelpText(
        paragraphs=(
            _(
                "In an access review, people who know the [clients] look at who has access, and keep it, "
                "lower it or remove it. Administrators start one under Manage account, Access reviews, or "
                "let it begin by itself every quarter, half-year or year."
            ),
            _(
                "When access waits for you to decide, an e-mail tells you and your home page leads there. "
                "Each line says who has access, since when, who gave it and why, and when it was last used."
            ),
        ),
        points=(
            _("Tick one line or many, and choose what is done. What takes access away is shown first."),
            _("What you do not know you can hand over to a colleague."),
            _("Nobody reviews access of their own."),
            _("What nobody decides in time is kept and reported, or removed, as the review says."),
        ),
    )


def emergency(settings: Settings) -> HelpText:
    """How a client is opened in an emergency, and who is told."""
    hours = ngettext("%(hours)s hour", "%(hours)s hours", settings.emergency_hours)
    return HelpText(
        paragraphs=(
            _(
                "Where nobody gave you access to [a client] that you know of, its page offers Open in an "
                "emergency. Say why, and you have it for %(hours)s. Then it ends by itself; you may end it "
                "earlier."
            )
            % {"hours": hours % {"hours": settings.emergency_hours}},
        ),
        points=(
            _("Its [owners] and all administrators are told at once, with your reason."),
            _("Every page that you open is recorded."),
            _("Somebody else has to acknowledge it afterwards."),
            _("It does not open what a block or a wall keeps from you."),
        ),
    )


def leaver(settings: Settings) -> HelpText:
    """What to do when a colleague leaves."""
    return HelpText(
        paragraphs=(
            _(
                "An administrator opens their page under Manage account, [Members], and deactivates them. "
                "From that moment they can open nothing and are signed out."
            ),
        ),
        points=(
            _("Before that the page lists all they reach, as a file too, and what they alone reach."),
            _("Their [clients] can be handed to one colleague, or each to another."),
            _("What they had is kept, and counts again if they are made active again."),
        ),
    )
