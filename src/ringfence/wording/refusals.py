"""One sentence per refusal, and per problem behind it: what was wrong and what to do (rules.md 7)."""

from ringfence.core.commands import Problem
from ringfence.core.refusals import Refusal, Refused

from .saying import LazyText, four_levels, gettext
from .saying import gettext_lazy as _

P = Problem

REFUSALS: dict[Refusal, LazyText] = {
    Refusal.NOT_FOUND: _("What you named is not there, or you may not know of it."),
    Refusal.NOT_PERMITTED: _("You may not do this."),
    Refusal.SETTING_OFF: _("A setting of the firm is turned off that this needs."),
    Refusal.INVALID: _("Something in what you entered cannot be."),
    Refusal.NAME_TAKEN: _("The name or reference is taken."),
    Refusal.CONFLICT: _("This would change nothing, or goes against what is there."),
    Refusal.ABOVE_OWN_LEVEL: _("You may not give or take more access than you have yourself."),
    Refusal.LAST_ADMINISTRATOR: _("The firm would be left with nobody to manage it."),
    Refusal.LAST_OWNER: _("[A client] would be left without an Owner."),
    Refusal.POLICY: _("A policy of the firm would no longer hold."),
}

PROBLEMS: dict[Problem, LazyText] = {
    P.UNKNOWN_CLIENT: _("There is no such [client]. Choose one from the list of [clients]."),
    P.UNKNOWN_ENGAGEMENT: _(
        "The [client] does not have this service. Choose one of the [client]’s services."
    ),
    P.UNKNOWN_MEMBER: _("There is no such [member]. Choose one from the list of [members]."),
    P.UNKNOWN_GROUP: _("There is no such [group]. Choose one from the list of [groups]."),
    P.UNKNOWN_SERVICE: _("There is no such service. Choose one of the firm’s services, or add it first."),
    P.UNKNOWN_WALL: _("There is no such wall. Choose one from the list of walls."),
    P.UNKNOWN_POLICY: _("There is no such policy. Choose one from the list of policies."),
    P.EMPTY_STATEMENT: _(
        "A statement says nothing: it names nobody or nothing, or holds whatever happens. Complete it, or "
        "leave it out."
    ),
    P.POLICY_CONTRADICTS: _(
        "A statement cannot hold together with another one. Change one of the two, or remove the other "
        "policy."
    ),
    P.UNKNOWN_GRANT: _(
        "This access has not been given, so it cannot be changed. Look at who has access now."
    ),
    P.UNKNOWN_DELEGATION: _("There is no such delegation. Look at the delegations that there are now."),
    P.UNKNOWN_REQUEST: _("There is no such request. It may have been answered or withdrawn already."),
    P.UNKNOWN_EMERGENCY: _(
        "There is no such emergency access. It may have ended, or been acknowledged already."
    ),
    P.TOO_LATE_TO_RESTORE: _(
        "[A client] can be restored for 30 days after it was removed, and these are over. Add it again."
    ),
    P.UNKNOWN_TOKEN: _("There is no such token, or it was revoked. Choose one from the list."),
    P.UNKNOWN_SCHEDULE: _("No such review is scheduled. Choose one from the list of access reviews."),
    P.UNKNOWN_REVIEW: _("There is no such access review, or it is closed. Choose one from the list."),
    P.UNKNOWN_ITEM: _("This is not among what you review. Open the review again to see what is."),
    P.INACTIVE_ACTOR: _(
        "You are not an active [member] of this firm. Ask an administrator to reactivate you."
    ),
    P.ONLY_ADMINISTRATORS: _("Only administrators and principals can do this. Ask one of them."),
    P.ONLY_PRINCIPALS: _("Only a principal can make or unmake a principal. Ask a principal."),
    P.ONLY_SHARERS: _("You may not share this [client]. Ask an administrator, or an Owner of the [client]."),
    P.ONLY_EDITORS: _("You need to be an Editor of the whole [client] to do this. Ask who shares it."),
    P.ONLY_OWNERS: _(
        "You need to be an Owner of the whole [client] to do this. Ask an Owner or administrator."
    ),
    P.ONLY_WITH_ACCESS: _("You need the permission to use client records. Ask an administrator for it."),
    P.ONLY_DELEGATOR: _("Only the [member] themselves can delegate. Ask them, or an administrator."),
    P.OWN_WALL: _(
        "You are on a wall that stands in the way. Ask an administrator or principal who is not on it."
    ),
    P.OWN_EMERGENCY: _("Nobody acknowledges emergency access of their own. Ask somebody else to."),
    P.EMERGENCY_BARRED: _(
        "This [client] cannot be opened in an emergency: more than missing access keeps you from it. "
        "Ask an administrator."
    ),
    P.EVERYONE_SETTING: _(
        "The firm’s settings do not let Everyone be given access. Choose [groups] or [members] instead."
    ),
    P.FEE_SPLIT_SETTING: _(
        "Fee splits are turned off. Leave the fee split out, or ask an administrator to turn them on."
    ),
    P.ONLY_REVIEWERS: _("Others review this. Hand it over to yourself first, or ask them."),
    P.ONLY_ONESELF: _(
        "A token that changes the firm is made by the [member] whom it acts for. Leave changing out, or "
        "make it for yourself."
    ),
    P.TOKEN_ENDED: _("This token was revoked, has expired, or may not do this. Make another one."),
    P.DELEGATION_SETTING: _("Delegation is turned off. Ask an administrator to turn it on."),
    P.REQUESTS_SETTING: _("Requests are turned off. Ask an administrator for access instead."),
    P.EMERGENCY_SETTING: _(
        "The firm’s settings let nobody open [a client] in an emergency. Ask an administrator for access."
    ),
    P.DEFAULTS_SETTING: _("Personal defaults are turned off. Ask an administrator to turn them on."),
    P.NO_SUCH_SETTING: _(
        "There is no such setting, or it cannot have this value. Choose one of those offered."
    ),
    P.TEXT_EMPTY: _("This is empty. Enter some text."),
    P.TEXT_TOO_LONG: _("This is too long. Enter %(limit)s characters or fewer."),
    P.TEXT_CONTROL: _("This contains characters that cannot be shown. Type it again without them."),
    P.NOTHING_NAMED: _("Nothing is chosen. Choose at least one."),
    P.NAMED_TWICE: _("Something is named twice. Name it once."),
    P.EXPIRY_PASSED: _("This time has passed. Enter one in the future."),
    P.LEVEL_UNKNOWN: _("This level cannot be given here. Choose one of the levels offered."),
    P.CAP_BLOCKED: _("A delegation cannot be limited to Blocked. Choose Reader, Editor or Owner."),
    P.TO_ONESELF: _("The two are the same [member]. Choose two different [members]."),
    P.AUDITOR_PERMISSIONS: _(
        "An auditor can have neither permission. Choose another role, or leave the permissions out."
    ),
    P.EVERYONE_FIXED: _("The [group] Everyone cannot be changed. Choose another [group], or create one."),
    P.DIRECTORY_KEPT: _(
        "The firm’s directory keeps this [group]: its name and who is in it are changed there. "
        "To change them here, take the [group] back first."
    ),
    P.DIRECTORY_NOT_KEPT: _(
        "This [group] is kept in Ringfence and not by the firm’s directory. "
        "An administrator can hand it to the directory on its page first."
    ),
    P.BUILT_IN_SERVICE: _("The service General is built in and cannot be removed."),
    P.SERVICE_IN_USE: _(
        "[Clients] have this service, or had it when they were removed in the last 30 days, or access was "
        "given to it. Remove these first, then the service."
    ),
    P.LAST_ENGAGEMENT: _("This is the [client]’s last service. Add another first, or remove the [client]."),
    P.FEE_SPLIT_PLACE: _("Only [a member]’s access to a whole [client] can have a fee split. Leave it out."),
    P.FEE_SPLIT_RANGE: _(
        "A fee split is from 0 to 100 per cent, with at most two decimals. Enter such a number."
    ),
    P.FEE_SPLIT_SUM: _("The fee splits on this [client] would add up to more than 100 per cent. Enter less."),
    P.EXCLUSION_PLACE: _(
        "Only [a group]’s access to a service can leave [clients] out. Choose [a group] and a service."
    ),
    P.EMPTY_WALL: _(
        "The wall would keep nobody from anything. Put [members] on one side and [clients] on the other."
    ),
    P.SUCCESSOR: _(
        "The successor must be another active [member] with the permission to use client records."
    ),
    P.ENDS_BEFORE_START: _("The wall would end before it begins. Choose an end after its start."),
    P.NOT_ASKED: _(
        "Nobody asks you to acknowledge this wall. It asks who is on a side of it, until it ends."
    ),
    P.NOTHING_TO_REVIEW: _("No access stands there, so there is nothing to review. Choose more [clients]."),
    P.REVIEWER_LEFT: _("A reviewer must be an active [member] of the firm. Choose somebody else."),
    P.CANNOT_REVIEW: _(
        "They may not review all of it: nobody reviews their own access, or [a client] that they may not "
        "know of. Choose somebody else."
    ),
    P.REVIEW_DAYS: _("A review takes between 1 and %(limit)s days. Enter a whole number of days."),
    P.FIRST_DAY_PASSED: _("The first day must be still to come. Choose a later day."),
    P.DUE_PASSED: _("That date has passed. Give a day that is still to come."),
    P.NO_MEMBER_ACTING: _("This is [a member]’s own affair. Say which [member] it is for."),
    P.TOKEN_OF_NOBODY: _("A token acts for an active [member]. Choose one, or reactivate this one first."),
    P.ADDRESS_MALFORMED: _(
        "This is not an IP address or network. Enter one like 203.0.113.7 or 203.0.113.0/24."
    ),
    P.TOO_MANY: _("These are too many. Enter %(limit)s or fewer."),
    P.DIGEST_MALFORMED: _("This is no SHA-256. Enter the 64 hexadecimal digits of one."),
    P.EMAIL_MALFORMED: _("This is not an e-mail address. Enter one like name@example.com."),
    P.NAME_IN_USE: _("This name is taken. Enter another one."),
    P.EMAIL_IN_USE: _("Another [member] has this e-mail address. Enter another one."),
    P.EXTERNAL_IN_USE: _("Another [member] is called so in other software. Enter another name, or none."),
    P.USER_NAME_IN_USE: _("The firm’s directory calls another [member] so. Enter another name, or none."),
    P.REFERENCE_IN_USE: _(
        "Another [client] has this client reference, or had it when it was removed in the last 30 days. "
        "Enter another one, or leave it empty."
    ),
    P.TAX_REFERENCE_IN_USE: _(
        "Another [client] has this reference for the same service, or had it when it was removed in the last "
        "30 days. Check it, or leave it empty."
    ),
    P.NOTHING_CHANGES: _("It is so already. There is nothing to change."),
    P.ACKNOWLEDGED: _("You have acknowledged this already. Nothing was changed."),
    P.ASKED_ALREADY: _(
        "You have asked for this [client] already. Wait for the answer, or withdraw the request."
    ),
    P.HAS_ACCESS_ALREADY: _("You have this access already. There is no need to ask."),
    P.ACKNOWLEDGED_ALREADY: _("This has been acknowledged already. There is nothing left to do."),
    P.MORE_THAN_ASKED: _("This is more than was asked for. Grant what was asked for, or less."),
    P.STANDS_OTHERWISE: _(
        "Other access of their own stands, and one grant cannot be both. Change that one, and decline this."
    ),
    P.NOT_YET_DUE: _("The day of this review has not come yet. It begins by itself."),
    P.MOVED_ON: _(
        "This access was changed or removed since the review began. Nothing need be decided about it."
    ),
    P.SERVICE_ALREADY: _("The [client] has this service already. Choose another service."),
    P.ABOVE_OWN_LEVEL: _(
        "This is above your own level. Choose a level that you have, or ask an administrator."
    ),
    P.OPENS_TO_ALL: _("This would open the [client] to everybody. Ask an administrator."),
    P.OUTLASTS_OWN_ACCESS: _("This would last longer than your own access. Enter an earlier end."),
    P.OWN_GRANT: _(
        "You may not raise, extend or renew your own access. Ask somebody else who shares the [client]."
    ),
    P.LAST_ADMINISTRATOR: _(
        "This is the last active administrator or principal. Make somebody else an administrator first."
    ),
    P.LAST_PRINCIPAL: _("This is the last active principal. Make somebody else a principal first."),
    P.POLICY_BROKEN: _(
        "A policy of the firm holds now and would not hold after this. Change something else, or ask an "
        "administrator to change the policy."
    ),
    P.LAST_OWNER: _(
        "Every [client] needs a person as Owner, and this would take the last one away. Make another "
        "[member] its Owner first, or name a successor."
    ),
}


REFUSALS_SINGLE: dict[Refusal, LazyText] = {
    Refusal.LAST_OWNER: _("[A client] would be left with nobody who may remove it."),
}
PROBLEMS_SINGLE: dict[Problem, LazyText] = {
    P.ONLY_SHARERS: _("You may not share this [client]. Ask an administrator, or somebody who may."),
    P.ONLY_EDITORS: _("You need to be able to manage the whole [client] to do this. Ask who shares it."),
    P.ONLY_OWNERS: _(
        "You need to be able to remove the whole [client] to do this. Ask an administrator, or "
        "somebody who is."
    ),
    P.CAP_BLOCKED: _("A delegation cannot block. Choose what the delegate may do, or end the delegation."),
    P.LAST_OWNER: _(
        "Every [client] needs a person who may remove it, and this would take the last one away. "
        "Give another [member] that access first, or name a successor."
    ),
}
"""What names a level, in the words of screens that know one choice (rules.md 1)."""


def refusal_text(refusal: Refusal) -> str:
    """Why a command was refused, in general."""
    table = REFUSALS if four_levels() else {**REFUSALS, **REFUSALS_SINGLE}
    return str(table[refusal])


def refused_text(refused: Refused) -> str:
    """What exactly was wrong and what to do, with the policies that it is about, for who may know them."""
    text = problem_text(refused.problem, refused.limit)
    if not refused.names:
        return text
    named = gettext("The policies are: %(policies)s.") % {"policies": ", ".join(refused.names)}
    return f"{text} {named}"


def problem_text(problem: Problem, limit: int | None = None) -> str:
    """What exactly was wrong with a command, and what to do; `limit` is the most characters of a text."""
    table = PROBLEMS if four_levels() else {**PROBLEMS, **PROBLEMS_SINGLE}
    sentence = str(table[problem])
    return sentence % {"limit": f"{limit:,}"} if limit is not None else sentence
