"""Each setting of rules.md 3 in plain words: what it is called, its value in a few words, what that means.

Which settings there are, and what each does, is said in `core`. What a profile is called stands here too.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ringfence.core.settings import PROFILES, Profile
from ringfence.core.terms import Level

from .levels_and_roles import level_name
from .saying import LazyText, in_words_of, ngettext
from .saying import gettext_lazy as _

Value = str | bool | int


class ValueText(NamedTuple):
    """A value in a few words, and what holds with it, in a sentence or two."""

    name: LazyText
    meaning: LazyText


class SettingText(NamedTuple):
    """What a setting is called, and what is said of each of its values, in the order they are offered."""

    title: LazyText
    values: dict[Value, ValueText]


ALLOWED, NOT_ALLOWED = _("Allowed"), _("Not allowed")

PROFILE = SettingText(
    _("Kind of firm"),
    {
        "agency": ValueText(
            _("Tax agency"),
            _(
                "[Members] open every [client] until you turn on [access control]. After that, only the "
                "[members] of [a group] open what is in it, and to others it does not show."
            ),
        ),
        "kyc": ValueText(
            _("Company with know-your-customer checks (KYC)"),
            _(
                "[Members] see the name of every [client] and open those that are shared with them. At first "
                "all are; administrators and [owners] then narrow them one by one."
            ),
        ),
        "planning": ValueText(
            _("Tax planners"),
            _(
                "[Members] see only [clients] that they were given access to: to read, to edit or to own. "
                "Whoever adds [a client] owns it and shares it."
            ),
        ),
        "practice": ValueText(
            _("Practice that gives financial advice"),
            _(
                "[Members] open [a client] until somebody is linked to it. Then it is open to those who are "
                "linked and to those they delegate to, and others see its name."
            ),
        ),
    },
)

SETTING_TEXTS: dict[str, SettingText] = {
    "profile": PROFILE,
    "control": SettingText(
        _("[Access control]"),
        {
            True: ValueText(
                _("Turned on"),
                _("[A client] opens for those who were given access, and as the settings here say."),
            ),
            False: ValueText(
                _("Turned off"),
                _(
                    "Everybody who uses client records can open every [client], but for those whom a wall "
                    "keeps from it."
                ),
            ),
        },
    ),
    "unassigned": SettingText(
        _("[Clients] that nobody was given access to"),
        {
            "none": ValueText(_("Closed"), _("They stay closed until somebody is given access.")),
            **{
                level: ValueText(
                    _("Open to everybody: %(level)s"),
                    _(
                        "Everybody who uses client records opens them, until somebody is given access. "
                        "Confidential ones stay closed."
                    ),
                )
                for level in ("reader", "editor", "owner")
            },
        },
    ),
    "on_activation": SettingText(
        _("Turning on [access control]"),
        {
            "leave": ValueText(_("Shares nothing"), _("Turning it on shares no [client] with anybody.")),
            "share": ValueText(
                _("Shares what is there with everybody"),
                _(
                    "The first time, every [client] is shared with everybody, so that nobody loses any. "
                    "Later, only [clients] that nobody was given access to and that are not confidential."
                ),
            ),
        },
    ),
    "creator_owns": SettingText(
        _("Whoever adds [a client]"),
        {
            True: ValueText(
                _("Becomes its [owner]"), _("They can open it, change it, share it and remove it.")
            ),
            False: ValueText(_("Gets no access by that"), _("Adding [a client] gives nobody access to it.")),
        },
    ),
    "owner_required": SettingText(
        _("[A owner] for every [client]"),
        {
            True: ValueText(
                _("Required"),
                _(
                    "The last [owner] of [a client] cannot be removed, lowered or deactivated before there "
                    "is another."
                ),
            ),
            False: ValueText(_("Not required"), _("[A client] may be without [a owner].")),
        },
    ),
    "default_everyone": SettingText(
        _("What the [whole firm] gets on new [clients]"),
        {
            "none": ValueText(_("Nothing"), _("Adding [a client] shares it with nobody by itself.")),
            **{
                level: ValueText(
                    _("Everyone: %(level)s"),
                    _(
                        "[A client] that is added is shared with the [group] Everyone. Those that are there "
                        "already do not change."
                    ),
                )
                for level in ("reader", "editor", "owner")
            },
        },
    ),
    "everyone_grants": SettingText(
        _("Sharing [a client] with the [whole firm]"),
        {
            "yes": ValueText(ALLOWED, _("[A client] may be shared with the [group] Everyone.")),
            "with_default": ValueText(
                _("Allowed while the firm gets something on new [clients]"),
                _(
                    "While the [whole firm] gets nothing on new [clients], "
                    "none can be shared with it either. "
                    "Taking such access away is always allowed."
                ),
            ),
            "no": ValueText(
                NOT_ALLOWED,
                _(
                    "No [client] can be shared with the [group] Everyone. What was shared stays so until "
                    "somebody takes it away."
                ),
            ),
        },
    ),
    "personal_defaults": SettingText(
        _("[Members]’ own choice of who gets access to [clients] that they add"),
        {
            True: ValueText(
                ALLOWED, _("Each [member] may choose who else gets access when they add [a client].")
            ),
            False: ValueText(
                NOT_ALLOWED, _("What [members] had chosen for themselves is kept and does not count.")
            ),
        },
    ),
    "levels": SettingText(
        _("Levels that pages offer"),
        {
            "single": ValueText(
                _("One"),
                _("Somebody can view and manage [a client], or not open it. Levels given before are kept."),
            ),
            "four": ValueText(
                _("Four"),
                _("Reader sees, Editor changes too, Owner shares and removes too, Blocked never opens."),
            ),
        },
    ),
    "sharing": SettingText(
        _("Who may share [a client], besides those who may manage access"),
        {
            "administrators": ValueText(
                _("Nobody else"),
                _("Administrators, principals and those who may manage access share [clients]; nobody else."),
            ),
            "owners": ValueText(_("Its [owners]"), _("Each [owner] of [a client] may share it with others.")),
            "anyone_with_access": ValueText(
                _("Everybody who was given access to it"),
                _("They may share it with others, and give no more than they have themselves."),
            ),
        },
    ),
    "requests": SettingText(
        _("Requesting access"),
        {
            True: ValueText(
                ALLOWED,
                _("[Members] may ask for [a client] that they cannot open. Whoever may share it decides."),
            ),
            False: ValueText(
                NOT_ALLOWED, _("Nobody can ask for access here. Requests that are open are kept.")
            ),
        },
    ),
    "inaccessible": SettingText(
        _("[Clients] that somebody cannot open"),
        {
            "hidden": ValueText(
                _("Hidden"),
                _(
                    "They are in no list and no search, as though they were not there. So a request for one "
                    "is answered with “not found”."
                ),
            ),
            "named": ValueText(
                _("Shown by name"),
                _("Their names are in the list, with who has access. Nothing of them can be opened."),
            ),
        },
    ),
    "administrators": SettingText(
        _("What administrators and principals can open"),
        {
            "as_others": ValueText(
                _("The same as others"),
                _(
                    "They manage who has access to every [client], and open what they could open without "
                    "that role."
                ),
            ),
            "unrestricted": ValueText(
                _("Every [client]"),
                _("They can open, change and remove every [client] that no wall keeps from them."),
            ),
        },
    ),
    "delegation": SettingText(
        _("Delegation"),
        {
            True: ValueText(ALLOWED, _("[A member] can let a colleague open what they open themselves.")),
            False: ValueText(NOT_ALLOWED, _("Delegations that were made are kept, and let nobody in.")),
        },
    ),
    "fee_splits": SettingText(
        _("Fee splits"),
        {
            True: ValueText(_("In use"), _("Who is given access to [a client] may have a share of its fee.")),
            False: ValueText(_("Not in use"), _("Fee splits that were entered are kept, and do not count.")),
        },
    ),
    "emergency": SettingText(
        _("Opening [a client] in an emergency"),
        {
            "no": ValueText(NOT_ALLOWED, _("Whoever is refused [a client] has to be given access to it.")),
            **{
                level: ValueText(
                    _("Allowed: %(level)s"),
                    _(
                        "[Members] who are refused only because nobody gave them access may open [a client] "
                        "that is not hidden from them, for some hours and with a reason. [Owners] and "
                        "administrators are told at once."
                    ),
                )
                for level in ("reader", "editor")
            },
        },
    ),
    "emergency_hours": SettingText(
        _("How long emergency access lasts"),
        {
            hours: ValueText(
                _("Some hours"), _("It ends by itself after these hours, and cannot be made longer.")
            )
            for hours in (1, 2, 4, 8, 12, 24, 48, 72)
        },
    ),
    "digest": SettingText(
        _("Daily digest"),
        {
            True: ValueText(
                _("Sent"),
                _("Each [member] gets one e-mail a day about their [clients], unless they turn it off."),
            ),
            False: ValueText(_("Not sent"), _("Nobody gets a daily e-mail about their [clients].")),
        },
    ),
    "policy_mode": SettingText(
        _("New policies"),
        {
            "warn": ValueText(
                _("Warn"), _("A change that would break the policy says so first, and can be made.")
            ),
            "refuse": ValueText(_("Refuse"), _("A change that would break the policy cannot be made.")),
        },
    ),
}
"""By the names of rules.md 3."""


def setting_title(name: str) -> str:
    """What the setting is called."""
    return str(SETTING_TEXTS[name].title)


def value_name(name: str, value: Value) -> str:
    """The value in a few words: `Open to everybody: Editor`."""
    if isinstance(value, int) and not isinstance(value, bool):
        return ngettext("%(hours)s hour", "%(hours)s hours", value) % {"hours": value}
    said = str(SETTING_TEXTS[name].values[value].name)
    return said % {"level": level_name(Level.of(str(value)))} if "%(level)s" in said else said


def value_meaning(name: str, value: Value) -> str:
    """What holds with the value, in a sentence or two."""
    values = SETTING_TEXTS[name].values
    # Of whole numbers the usual ones are offered; all of them mean the same.
    return str((values.get(value) or next(iter(values.values()))).meaning)


def settings_said(values: Iterable[tuple[str, Value]]) -> str:
    """Settings with their values, one after the other: `Requesting access: Allowed; Delegation: Allowed`."""
    return "; ".join(f"{setting_title(name)}: {value_name(name, value)}" for name, value in values)


def profile_name(profile: Profile) -> str:
    """The kind of firm that the profile is for."""
    return str(PROFILE.values[profile].name)


def profile_meaning(profile: Profile) -> str:
    """What a member will see in a firm of that kind, in its own words."""
    with in_words_of(PROFILES[profile]):
        return str(PROFILE.values[profile].meaning)
