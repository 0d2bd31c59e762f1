"""Lists that somebody is bringing in: the file as it was sent, and how far it has got. Outside the ledger."""

from typing import ClassVar

from django.db import models


class ListUpload(models.Model):
    """One file on its way into a firm, until it is saved, taken back or a day old."""

    firm = models.ForeignKey("firms.Firm", models.CASCADE, related_name="+", db_index=False)
    member = models.IntegerField()
    """Who brings it in, and in whose name it is saved."""
    token = models.IntegerField(null=True)
    """With which their software told it to go on last; none where they did on a page."""
    kind = models.CharField(max_length=10)
    """A word of `lists.rows.headers.ListKind`."""
    file = models.CharField(max_length=255)
    """The file's name, as it was sent."""
    size = models.IntegerField()
    """Bytes."""
    stage = models.CharField(max_length=10)
    """A word of `lists.uploads.stages.Stage`."""
    turn = models.IntegerField(default=1)
    """Counts what was asked of the background: what an earlier turn finds is not taken any more."""
    told = models.JSONField(default=dict)
    """What its member said of sheet, columns and the rest: `lists.uploads.stages.Choice`."""
    doing = models.CharField(max_length=20, blank=True)
    """What the background is at, a code of `wording.list_progress`."""
    done = models.IntegerField(default=0)
    count = models.IntegerField(null=True)
    """Rows done, and of how many where that is known."""
    note = models.CharField(max_length=20, blank=True)
    """Why it is shown anew, a code of `wording.list_progress`."""
    version = models.BigIntegerField(default=0)
    """The firm's version that the preview is of; once saved, the ledger's entry."""
    until = models.BigIntegerField(default=0)
    """The instant up to which the preview is true as long as nobody changes the firm."""
    started_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["firm", "member"], name="list_of_member")]


class ListPart(models.Model):
    """What belongs to an upload and is large: the file, its first rows, what is wrong, the preview."""

    firm = models.ForeignKey("firms.Firm", models.CASCADE, related_name="+", db_index=False)
    upload = models.ForeignKey(ListUpload, models.CASCADE, related_name="+")
    name = models.CharField(max_length=10)
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "upload", "name"], name="list_part"),
        ]
