"""What a refused command says on a page: the field's own sentence, else that of `ringfence.wording`."""

from ringfence.access import Refused
from ringfence.core.texts import GROUP_NAME
from ringfence.wording.refusals import refused_text
from ringfence.wording.saying import gettext as _


def name_sentence(refused: Refused) -> str:
    """What to do about a group's name (rules.md 5, "Names")."""
    match refused.problem.value:
        case "text_empty":
            return _("Enter a name for the [group]")
        case "text_too_long":
            return _("The name must be %(limit)s characters or fewer") % {"limit": GROUP_NAME}
        case "text_control":
            return _("The name must not contain line breaks or control characters")
        case "name_in_use":
            return _("There is [a group] with this name already: choose another")
        case _:
            return problem_sentence(refused)


def problem_sentence(refused: Refused) -> str:
    """What was wrong and what to do, for any refusal."""
    return refused_text(refused)
