"""Of domains that a restored firm brings: what was proved elsewhere is to be proved again.

Said by whoever runs Ringfence, and takes away only; everything else about domains is in `keeping`.
"""

from collections.abc import Sequence

from ringfence.access.actor import OPERATOR
from ringfence.access.clock import instant_for
from ringfence.access.connection import plain
from ringfence.access.door import STATES, lock
from ringfence.access.writing.recording import record
from ringfence.core.events import NOTED, Change, SignInNoted
from ringfence.core.terms import SignInStep


def doubt_restored(firm: int, domains: Sequence[str]) -> None:
    """Note that these domains are no longer proved, once the firm was put beside others that may have them.

    Inside the caller's transaction; their rows say so already.
    """
    if not domains:
        return
    row = lock(firm)
    record(
        row,
        Change(events=tuple(SignInNoted(did=SignInStep.DOMAIN_LOST, words=(each,)) for each in domains)),
        after=STATES.current(plain(), firm).state,
        command=NOTED[SignInNoted],
        actor=OPERATOR,
        now=instant_for(row),
    )
