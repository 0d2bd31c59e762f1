"""What the tasks of the jobs process are called, and what keeps one from being done."""

from .saying import LazyText, gettext
from .saying import gettext_lazy as _

TASKS: dict[str, LazyText] = {
    "check_list": _("Checking a list"),
    "begin_scheduled_reviews": _("Beginning access reviews that are scheduled"),
    "close_due_reviews": _("Closing access reviews that are due"),
    "drop_lists": _("Letting go of lists that nobody saved"),
    "end_emergencies": _("Ending emergency access that is over"),
    "gather_use": _("Gathering who used what"),
    "hand_out_digests": _("Working out who gets a daily digest"),
    "end_sessions": _("Forgetting sessions that have ended"),
    "keep_checkpoints": _("Keeping the past quick to answer"),
    "look_at_list": _("Reading the first rows of a list"),
    "publish_checkpoint": _("Publishing a checkpoint of the ledger"),
    "send_checkpoint_again": _("Sending a checkpoint of the ledger again"),
    "publish_due": _("Looking for checkpoints to publish"),
    "make_audit_pack": _("Making an auditor’s pack"),
    "prune": _("Forgetting work that is over, and old notices"),
    "recheck_domains": _("Looking again for the records of domains"),
    "recheck_one_domain": _("Looking again for the record of a domain"),
    "remind_of_requests": _("Reminding of requests that wait, and ending old ones"),
    "remind_of_walls": _("Asking to acknowledge that work is kept apart"),
    "remind_reviewers": _("Reminding of access reviews that are due soon"),
    "save_list": _("Saving a list"),
    "send_again": _("Event sent once more"),
    "send_address_link": _("Link to a new e-mail address"),
    "send_address_notice": _("Word of a new e-mail address"),
    "send_new_device": _("Word of a sign-in with a new browser"),
    "send_control_turned": _("Notice of a change, a request, or access that ends"),
    "send_digest": _("Daily digest"),
    "send_invitation": _("Invitation to sign in"),
    "send_notice": _("Notice of a change, a request, or access that ends"),
    "send_password_link": _("Link to set a password"),
    "send_place_given": _("Word of a place in the firm"),
    "send_self_access": _("Notice of a change, a request, or access that ends"),
    "send_test": _("Test of a webhook"),
    "sync_directories": _("Asking the directories of firms"),
    "sync_directory": _("Asking a directory who is in the firm"),
    "tell_kept_password": _("Telling administrators that the kept password was used"),
    "tell_sign_in_only": _("Telling administrators how people may sign in"),
    "warn_of_endings": _("Looking for access that ends soon"),
}
"""By the name of the task's function."""

FAULTS: dict[str, LazyText] = {
    "MailRefused": _("The mail server refused the address, or the mail."),
    "MailServerAway": _("The mail server could not be reached, or did not take the mail then."),
    "ProcessEnded": _("It was broken off."),
    "OperationalError": _("The database did not answer."),
    "StateUnavailable": _("The database did not answer."),
    "FirmClosed": _("The firm was on its way to another database."),
}
"""By the name of what was raised."""


def task_text(task: str) -> str:
    """What the task does, in a few words."""
    return str(TASKS[task]) if task in TASKS else gettext("Other work")


def fault_text(fault: str) -> str:
    """What went wrong, empty where nothing did."""
    if not fault:
        return ""
    return str(FAULTS[fault]) if fault in FAULTS else gettext("Something went wrong; the log says what.")
