"""The same document store in FastAPI:

    pip install fastapi granian ./clients/python
    cd examples/integrations
    export RINGFENCE_ADDRESS=http://127.0.0.1:8001 RINGFENCE_TOKEN=ringfence_…  # docs/integrate.md: a token
    granian --interface asgi --port 8301 fastapi_records:app
    curl -H "X-User: gwen@ace.example" http://127.0.0.1:8301/FOR500

Who is signed in is your project's business; here a header says it, which no real project may believe.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException

from ringfence_client import AsyncRingfence, Decision
from ringfence_client.fastapi import needs

ringfence = AsyncRingfence(
    os.environ.get("RINGFENCE_ADDRESS", "http://127.0.0.1:8001"), os.environ.get("RINGFENCE_TOKEN", "")
)
DOCUMENTS = {
    "FOR500": ["VAT return, third quarter"],
    "VAL001": ["Corporation Tax computation"],
    "MAD012": ["Self Assessment, draft"],
}


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield
    await ringfence.aclose()


app = FastAPI(lifespan=lifespan)


def signed_in(x_user: Annotated[str, Header()] = "") -> str:
    """Believe a header: for this example alone."""
    if not x_user:
        raise HTTPException(401, "Sign in.")
    return x_user


@app.get("/")
async def clients(user: Annotated[str, Depends(signed_in)]) -> dict[str, Any]:
    """The clients with documents that the user may open."""
    return {
        "clients": [
            {"reference": client.reference, "name": client.name}
            async for client in ringfence.visible_clients(user)
            if client.reference in DOCUMENTS
        ]
    }


@app.get("/{reference}")
async def documents(
    reference: str, decision: Annotated[Decision, Depends(needs(ringfence, signed_in))]
) -> dict[str, Any]:
    """One client's documents, and at which level the user has the client."""
    return {"documents": DOCUMENTS.get(reference, []), "level": decision.level}
