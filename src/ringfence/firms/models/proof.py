"""What a firm proves to outsiders with: keys that sign, checkpoints that were published, auditors' packs."""

from django.db import models

from ringfence.firms.fields import SealedField, of_firm


class FirmKey(models.Model):
    """A key by which a firm signs (`access.proof.keys`). Public halves are kept for ever."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.IntegerField()
    """From 1 for each firm; the highest is the present one."""
    name = models.CharField(max_length=300)
    """What stands in its signatures, and in the first line of checkpoints: the origin of the ledger."""
    public = models.BinaryField()
    seed = SealedField(purpose="ledger key", blank=True)
    """The secret half, sealed; empty once another key has taken its place."""
    made_at = models.BigIntegerField()
    """The instant from which it signs, microseconds since 1970 UTC."""


class Publishing(models.Model):
    """How a firm's checkpoints are published (`access.proof.publishing`); no row for never."""

    firm = models.OneToOneField("firms.Firm", models.CASCADE, related_name="+", primary_key=True)
    hours = models.IntegerField()
    """Every how many hours; 0 where nobody publishes by the clock."""
    folder = models.BooleanField(default=False)
    """Whether into the operator's folder."""
    mails = models.JSONField(default=list)
    """The mailboxes that they are sent to, of outsiders as a rule."""
    address = models.TextField(blank=True)
    """Where they are sent over HTTPS; empty for nowhere."""
    looked_at = models.BigIntegerField(default=0)
    """When the clock last saw to it, microseconds since 1970 UTC."""


class SignedCheckpoint(models.Model):
    """A checkpoint of a ledger that was signed, and how far it got. What was published once is kept."""

    pk = models.CompositePrimaryKey("firm_id", "entry")
    firm = of_firm()
    entry = models.BigIntegerField()
    """The number of the last entry that it proves."""
    key = models.IntegerField()
    made_at = models.BigIntegerField()
    note = models.TextField()
    """The signed note, as it is published."""
    stamp = models.BinaryField(default=bytes)
    """The answer of an authority for time stamps (RFC 3161) about the note; empty for none."""
    sent = models.JSONField(default=dict)
    """By each way of publishing, what came of it: empty text for sent, else why not."""


class AuditPack(models.Model):
    """An auditor's pack: being made, or there to be taken until it lapses (`lists.pack`)."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.IntegerField()
    member = models.IntegerField()
    """Who asked for it; 0 for the command line."""
    asked = models.JSONField()
    """`access.proof.packs.PackAsked`, all of it."""
    state = models.CharField(max_length=10)
    """A word of `access.proof.packs.PackState`."""
    doing = models.CharField(max_length=20, blank=True)
    """Which part is being written."""
    done = models.IntegerField(default=0)
    count = models.IntegerField(default=0)
    """Parts written, of how many."""
    entry = models.BigIntegerField(default=0)
    """The last entry of the ledger that is in it."""
    size = models.BigIntegerField(default=0)
    """Bytes of the whole file."""
    made_at = models.BigIntegerField()
    """When it was asked for, microseconds since 1970 UTC."""
    changed_at = models.BigIntegerField()
    """When its state last changed."""


class AuditPackPart(models.Model):
    """A piece of a pack's file; all of them in order are the file."""

    pk = models.CompositePrimaryKey("firm_id", "pack", "part")
    firm = of_firm()
    pack = models.IntegerField()
    part = models.IntegerField()
    content = models.BinaryField()
