"""Half-made things of the screens, outside the ledger (rules.md 3): turning control off discards them."""

import uuid
from typing import ClassVar

from django.db import models


def new_note(engagement: int) -> str:
    """The purpose of a new note's draft: one for each engagement."""
    return f"note.on.{engagement}"


def changed_note(document: uuid.UUID) -> str:
    """The purpose of a draft that changes a note: one for each note."""
    return f"note.{document.hex}"


def new_plan(engagement: int) -> str:
    """The purpose of a new plan's draft: one for each engagement."""
    return f"plan.on.{engagement}"


def changed_plan(document: uuid.UUID) -> str:
    """The purpose of a draft that changes a plan: one for each plan."""
    return f"plan.{document.hex}"


class Draft(models.Model):
    """What one member has chosen so far on a journey of several pages."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey("firms.Firm", models.CASCADE, related_name="+", db_index=False)
    member = models.IntegerField()
    purpose = models.CharField(max_length=40)
    """The command that it is to become: ``group.create``; or a document, by its kind and which."""
    values = models.JSONField(default=dict)
    """Answers of the journey by field name."""
    clients = models.BinaryField(default=bytes)
    """A serialised bitmap of engagement or client numbers, as the journey says; empty for none."""
    members = models.BinaryField(default=bytes)
    """A serialised bitmap of member numbers; empty for none."""
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["firm", "member", "purpose"], name="draft_of_member")]
