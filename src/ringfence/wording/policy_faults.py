"""What is wrong with a policy file, and what to do: a sentence for each code of `access.policing.faults`."""

from collections.abc import Mapping

from .saying import LazyText, gettext_lazy
from .saying import gettext as _

FAULTS: dict[str, LazyText] = {
    "not_utf8": gettext_lazy("This is not text in UTF-8. Save the file as UTF-8 and try again."),
    "not_yaml": gettext_lazy("This is not YAML (%(problem)s). Check indents, colons and brackets."),
    "empty": gettext_lazy("There is no policy in the file. Write at least a name and statements."),
    "too_long": gettext_lazy("This is longer than %(limit)s characters. Split it into several."),
    "too_many": gettext_lazy("There are more than %(limit)s. Split them into several files or policies."),
    "control": gettext_lazy("This holds characters that cannot be shown. Type it again without them."),
    "too_deep": gettext_lazy("This is nested too deeply. A statement needs no more than lists of names."),
    "anchor": gettext_lazy("Anchors and aliases (%(anchor)s) are not read. Write it out each time."),
    "tag": gettext_lazy("The tag %(tag)s is not read. Leave it out."),
    "not_a_policy": gettext_lazy(
        "A policy has a name and statements, each with a colon. Begin with “name: …”."
    ),
    "policy_too_long": gettext_lazy(
        "This policy is longer than %(limit)s characters. Name many [members] by [a group] of theirs and many"
        " [clients] by a service, or split it into several policies."
    ),
    "unknown_key": gettext_lazy("“%(key)s” is not known here. These are: %(keys)s."),
    "key_twice": gettext_lazy("“%(key)s” is there twice. Keep one of the two."),
    "key_missing": gettext_lazy("This is missing: %(key)s. Add it."),
    "no_text": gettext_lazy(
        "One word or text belongs here. Write it after the colon, in quotation marks if need be."
    ),
    "name_empty": gettext_lazy("The policy has no name. Give it one, such as “Audit keeps out of Tax”."),
    "name_too_long": gettext_lazy("The name is longer than %(limit)s characters. Shorten it."),
    "name_control": gettext_lazy(
        "The name holds characters that cannot be shown. Type it again without them."
    ),
    "name_twice": gettext_lazy(
        "A policy called “%(name)s” begins in line %(line)s too. Give this one another name."
    ),
    "no_mode": gettext_lazy("There is no mode “%(word)s”. Write one of these: %(modes)s."),
    "no_statements": gettext_lazy("Statements are a list with at least one of them. Begin each with a dash."),
    "no_statement": gettext_lazy("No statement has these keys. These are the forms: %(forms)s."),
    "no_members": gettext_lazy("This names no [members]. Write a list of names, or one of these: %(forms)s."),
    "no_clients": gettext_lazy("This names no [clients]. Write a list of names, or one of these: %(forms)s."),
    "nobody": gettext_lazy("The list is empty. Name at least one."),
    "twice_named": gettext_lazy("“%(name)s” is named twice. Name it once."),
    "no_number": gettext_lazy("“%(word)s” is no whole number. Write it in digits, such as 2."),
    "number_range": gettext_lazy("The number is not between %(least)s and %(most)s. Write one that is."),
    "no_level": gettext_lazy("“%(word)s” cannot be a level here. Write one of these: %(levels)s."),
    "no_role": gettext_lazy("There is no role “%(word)s”. Write one of these: %(roles)s."),
    "no_reason": gettext_lazy("There is no reason “%(word)s”. Write one of these: %(reasons)s."),
    "unknown_member": gettext_lazy(
        "There is no [member] “%(name)s”. Write a name or address as the firm has it."
    ),
    "unknown_group": gettext_lazy("There is no [group] “%(name)s”. Write a name as the firm has it."),
    "unknown_client": gettext_lazy(
        "There is no [client] “%(name)s”. Write a name or reference as the firm has it."
    ),
    "unknown_service": gettext_lazy("There is no service “%(name)s”. Write a name as the firm has it."),
    "client_without_service": gettext_lazy(
        "The [client] does not have this service. Leave it out, or name another."
    ),
    "several_members": gettext_lazy(
        "Several [members] are called “%(name)s”. Write one of these: %(several)s."
    ),
    "several_clients": gettext_lazy(
        "Several [clients] are called “%(name)s”. Write one of these: %(several)s."
    ),
    "contradicts": gettext_lazy(
        "This cannot hold together with statement %(number)s of the policy “%(policy)s”: %(why)s Change one "
        "of the two."
    ),
}


def policy_fault_text(code: str, values: Mapping[str, object], near: str = "") -> str:
    """What is wrong and what to do, with what may have been meant."""
    told = {key: f"{value:,}" if isinstance(value, int) else value for key, value in values.items()}
    text = str(FAULTS[code]) % told
    if not near:
        return text
    meant = _("Did you mean “%(near)s”?") % {"near": near}
    return f"{text} {meant}"
