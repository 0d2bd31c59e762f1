"""Application forms written, finalised and removed; they are read with the other documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StrictInt

from ringfence.access.applications import (
    FORM,
    MOST,
    FormFault,
    FormRefused,
    finalise,
    remove_form,
    write_form,
)
from ringfence.access.documents import TITLE, BesideDocument
from ringfence.api.bodies import BodyPart, ServiceKey, example
from ringfence.api.caller import Caller
from ringfence.api.problems import invalid_answer, limit_answer
from ringfence.api.writing_documents import (
    After,
    declare_write,
    engagement_named,
    found_document,
    said_before,
    written_once,
)
from ringfence.wording.saying import gettext as _

ROUTER = Router()
ONE = "/clients/{client}/applications/{document}"
EARLIEST = date(1900, 1, 1)

Product = Annotated[str, Field(strict=True, max_length=TITLE)]
Pence = Annotated[StrictInt, Field(ge=1, le=MOST, description="The commission, in pence.")]
Day = Annotated[date, Field(ge=EARLIEST, description="The day of the form.")]


class NewFormBody(BodyPart):
    """A draft on one of the client's services."""

    model_config = example(service="Life cover", product="Term cover", pence=125_000, day="2026-11-30")

    service: ServiceKey
    product: Product
    pence: Pence
    day: Day


class ChangedFormBody(BodyPart):
    """What a draft says from now on, whole."""

    model_config = example(product="Term cover", pence=130_000, day="2026-11-30", after=1)

    product: Product
    pence: Pence
    day: Day
    after: After


class FinaliseBody(BodyPart):
    """Which draft with which lines is agreed to."""

    model_config = example(after=2, agreed="9b1f0c52d6a04a53")

    after: After
    agreed: Annotated[
        str, Field(strict=True, max_length=64, description="`agreed` of the form as it was read.")
    ]


def application_add(caller: Caller, *, client: int, body: NewFormBody, **headers: Any) -> HttpResponse:
    """A draft, which divides its commission by the client's fee splits; needs Editor of the service."""
    said = {"form": "new", "client": client, "body": body.model_dump(mode="json")}
    if (known := said_before(caller, said, headers, new=True)) is not None:
        return known
    engagement = engagement_named(caller, client, body.service)
    do = partial(write_form, caller.firm, engagement=engagement, **_words(body))
    return _done(caller, do, said, headers, new=True)


def application_change(
    caller: Caller, *, client: int, document: UUID, body: ChangedFormBody, **headers: Any
) -> HttpResponse:
    """A further version of a draft."""
    said = {"form": str(document), "client": client, "body": body.model_dump(mode="json")}
    if (known := said_before(caller, said, headers)) is not None:
        return known
    found_document(caller, client, document, kind=FORM)
    do = partial(write_form, caller.firm, document=document, after=body.after, **_words(body))
    return _done(caller, do, said, headers)


def application_finalise(
    caller: Caller, *, client: int, document: UUID, body: FinaliseBody, **headers: Any
) -> HttpResponse:
    """Freeze a draft with the lines that were read; it cannot be undone."""
    said = {"finalise": str(document), "client": client, "body": body.model_dump()}
    if (known := said_before(caller, said, headers)) is not None:
        return known
    found_document(caller, client, document, kind=FORM)
    do = partial(finalise, caller.firm, document=document, after=body.after, agreed=body.agreed)
    return _done(caller, do, said, headers)


def application_remove(
    caller: Caller, *, client: int, document: UUID, after: int, **headers: Any
) -> HttpResponse:
    """Nobody reads the draft any more; it cannot be undone. A finalised form stays."""
    said = {"form": str(document), "client": client, "remove": after}
    if (known := said_before(caller, said, headers)) is not None:
        return known
    found_document(caller, client, document, kind=FORM)
    do = partial(remove_form, caller.firm, document=document, after=after)
    return _done(caller, do, said, headers, removes=True)


def _words(body: NewFormBody | ChangedFormBody) -> dict[str, Any]:
    return {"product": body.product, "pence": body.pence, "day": body.day}


def _done(
    caller: Caller,
    do: Callable[..., object],
    said: Mapping[str, Any],
    headers: Mapping[str, Any],
    *,
    new: bool = False,
    removes: bool = False,
) -> HttpResponse:
    def written(beside: BesideDocument) -> object:
        return do(member=caller.member, beside=beside)

    try:
        return written_once(caller, written, said, headers, new=new, removes=removes)
    except FormRefused as refused:
        return _refused(refused.fault)


def _refused(fault: FormFault) -> HttpResponse:
    match fault:
        case FormFault.AMOUNT:
            return invalid_answer(f"pence: from 1 to {MOST}.")
        case FormFault.FINAL:
            return limit_answer(
                _("This application form is finalised already. Nothing of it can be changed.")
            )
        case FormFault.NO_LINES:
            return limit_answer(
                _("Nobody has a fee split above zero. Give somebody one before you finalise the form.")
            )
        case FormFault.LINES_CHANGED:
            return limit_answer(
                _("The fee splits are not those of `agreed`: read the form again, and agree to its lines.")
            )


declare_write(
    ROUTER,
    "POST",
    "/clients/{client}/applications",
    application_add,
    "Draft an application form",
    NewFormBody,
    201,
)
declare_write(ROUTER, "PUT", ONE, application_change, "Change a draft", ChangedFormBody)
declare_write(ROUTER, "POST", f"{ONE}/finalise", application_finalise, "Finalise a draft", FinaliseBody)
declare_write(ROUTER, "DELETE", ONE, application_remove, "Remove a draft")
