"""For FastAPI projects: a dependency that lets a path be used only by whom Ringfence allows it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request

from .answers import Decision, Unavailable
from .asynchronous import AsyncRingfence


def needs(
    ringfence: AsyncRingfence,
    user: Callable[..., Any],
    action: str = "view",
    client: str = "reference",
) -> Callable[..., Awaitable[Decision]]:
    """A dependency that gives the decision, where it is a yes: ``Annotated[Decision, Depends(needs(...))]``.

    403 with the reason where Ringfence refuses, 503 where it does not answer. `user`: the dependency that
    says who is signed in. `client`: the path parameter that holds the client reference.
    """

    async def decided(request: Request, signed_in: Annotated[str, Depends(user)]) -> Decision:
        try:
            decision = await ringfence.check(signed_in, request.path_params[client], action)
        except Unavailable as error:
            raise HTTPException(503, "Access cannot be decided at present.") from error
        if not decision:
            raise HTTPException(403, decision.message)
        return decision

    return decided
