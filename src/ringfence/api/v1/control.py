"""Access control and the firm's settings (rules.md 3)."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from ninja import Router
from pydantic import BaseModel, Field, create_model

from ringfence.api.caller import Caller
from ringfence.api.routes import read
from ringfence.core.settings import CHANGEABLE
from ringfence.core.terms import Capability

CONTROL = Router()
SETTINGS = Router()


class ControlAnswer(BaseModel):
    """Whether grants are asked at all."""

    control: bool
    was_on: Annotated[bool, Field(description="Whether it has ever been on.")]
    open_to_all: Annotated[int, Field(description="Clients with a part that is everybody's.")]
    clients: Annotated[int, Field(description="How many clients there are.")]


_FIELDS: dict[str, Any] = dict.fromkeys(CHANGEABLE, (bool | int | str, ...))
SettingsAnswer = create_model(
    "Settings", __doc__="The firm's settings by name, with their values.", **_FIELDS
)


@read(
    CONTROL, "/control", ControlAnswer, needs=Capability.READ_CONTROL, summary="Whether access control is on"
)
def control_read(caller: Caller) -> ControlAnswer:
    """For the control side."""
    now = caller.now
    return ControlAnswer(
        control=now.settings.control,
        was_on=now.was_on,
        open_to_all=len(now.clients_of(now.open_to_everybody)),
        clients=len(now.clients),
    )


@read(SETTINGS, "/settings", SettingsAnswer, needs=Capability.READ_CONTROL, summary="The firm's settings")
def settings_read(caller: Caller) -> BaseModel:
    """For the control side."""
    values = msgspec.structs.asdict(caller.now.settings)
    found: BaseModel = SettingsAnswer(**{name: values[name] for name in CHANGEABLE})
    return found
