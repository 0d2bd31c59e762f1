"""Sealing every secret of the database anew by another secret key, and which are sealed by which.

Sealed texts stand in columns of their own kind (`firms.fields.SealedField`), wherever there is one, and in
what allauth keeps of second steps. All is one transaction: killed in the middle, all is as it was.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction

from ringfence.firms.fields import SealedField
from ringfence.firms.sealing import Unsealable, is_sealed, key_id, seal, sealed_by, unseal

from .connection import answering

SECOND_STEP = "second step"
"""The purpose of what allauth keeps, in these words of its JSON."""
_KEYS, _CODES = ("secret", "seed"), "migrated_codes"
Again = Callable[[str, str], str]
"""A sealed text and its purpose become another sealed text."""


class NotAllOpen(ValueError):
    """Some secrets are sealed by a secret key that is not here: how many, by what they are for."""

    def __init__(self, closed: Counter[str]) -> None:
        super().__init__(", ".join(f"{count} of {purpose}" for purpose, count in sorted(closed.items())))


def sealed_columns() -> Iterator[tuple[type[models.Model], SealedField]]:
    """Every column that holds sealed texts, of whichever table."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield model, field


def reseal(secret: str) -> int:
    """Seal all that is not sealed by this secret key anew by it; how many that were.

    Raises `NotAllOpen` with nothing changed, `StateUnavailable`.
    """
    done, closed = 0, Counter[str]()

    def again(sealed: str, purpose: str) -> str:
        nonlocal done
        if sealed_by(sealed) == key_id(secret):
            return sealed
        try:
            text = unseal(sealed, purpose) if is_sealed(sealed) else sealed
        except Unsealable:
            closed[purpose] += 1
            return sealed
        done += 1
        return seal(text, purpose, secret=secret)

    with answering(), transaction.atomic(durable=True):
        for model, field in sealed_columns():
            _column_again(model, field, again)
        for kept in Authenticator.objects.select_for_update().order_by("pk"):
            if (data := _data_again(kept.data, again)) != kept.data:
                Authenticator.objects.filter(pk=kept.pk).update(data=data)
        if closed:
            raise NotAllOpen(closed)
    return done


def count_by_key() -> dict[str, int]:
    """How many secrets are sealed by which secret key, by its `key_id`; changes nothing."""
    counts = Counter[str]()

    def count(sealed: str, _purpose: str) -> str:
        counts[sealed_by(sealed)] += 1
        return sealed

    with answering():
        for model, field in sealed_columns():
            for text in model._base_manager.exclude(**{field.attname: ""}).values_list(
                field.attname, flat=True
            ):
                count(text, field.purpose)
        for data in Authenticator.objects.values_list("data", flat=True):
            _data_again(data, count)
    return dict(counts)


def _column_again(model: type[models.Model], field: SealedField, again: Again) -> None:
    rows = model._base_manager.exclude(**{field.attname: ""}).select_for_update()
    for key, sealed in list(rows.order_by("pk").values_list("pk", field.attname)):
        if (new := again(sealed, field.purpose)) != sealed:
            model._base_manager.filter(pk=key).update(**{field.attname: new})


def _data_again(data: dict[str, object], again: Again) -> dict[str, object]:
    """What allauth keeps of an app or of recovery codes; of a passkey it keeps no secret."""
    new = dict(data)
    for name in _KEYS:
        if isinstance(found := data.get(name), str):
            new[name] = again(found, SECOND_STEP)
    if isinstance(codes := data.get(_CODES), list):
        new[_CODES] = [again(code, SECOND_STEP) for code in codes]
    return new
