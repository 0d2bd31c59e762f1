"""A question that is asked again with an approval in its context (draft AuthZEN profile of access requests).

The approval decides nothing: what was granted is in the firm's state, and that alone is asked. Where the
answer is no all the same, it says whether to ask again, to request anew, or to leave it.
"""

from typing import Any

import msgspec

from ringfence.core.authority.asked import NEEDED
from ringfence.store.requestable import Approval, approval_in, moment_text
from ringfence.store.signing import Ended, NotSigned, signer

from .answering import DecisionAnswer, client_of
from .asking import FirmAsked

RETRY_SECONDS = 1
"""After which another process has the grant too."""

_ENCODE = msgspec.json.Encoder().encode


def reevaluated(asking: FirmAsked, found: DecisionAnswer, said: Any) -> DecisionAnswer:
    """The answer with what it tells of the approval that came along."""
    body = msgspec.json.decode(found.body)
    context: dict[str, Any] = body.pop("context")
    again = "request" if "access_request" in context else "none"
    try:
        approval = _verified(said)
    except Ended:
        told: dict[str, Any] = {"next_action": again}
    except NotSigned:
        told = {"next_action": "none"}
    else:
        told = _told(asking, found, approval, again)
    if found.allowed:
        told.pop("next_action", None)
    # The context comes last, so that the version can be put behind it.
    return found._replace(body=_ENCODE({**body, "context": {**context, **told}}))


def _verified(said: Any) -> Approval:
    """The approval in a question; raises `NotSigned`, `Ended`."""
    key = signer()
    if key is None or not isinstance(said, dict) or not isinstance(said.get("state"), str):
        raise NotSigned
    approval = approval_in(key, said["state"])
    if said.get("id") != approval.id:
        raise NotSigned
    return approval


def _told(asking: FirmAsked, found: DecisionAnswer, approval: Approval, again: str) -> dict[str, Any]:
    about = (asking.kept.texts.firm, found.member, client_of(asking, found.target))
    if about != (approval.firm, approval.member, approval.client):
        return {"next_action": "none"}
    if found.action is None or NEEDED.get(found.action, approval.level) > approval.level:
        return {"next_action": again}
    if found.allowed:
        return {"approval": {"id": approval.id, "approved_until": moment_text(approval.until)}}
    if asking.kept.version < approval.version:
        return {"next_action": "retry", "retry_after": RETRY_SECONDS}
    return {"next_action": again}
