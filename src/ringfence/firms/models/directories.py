"""The directory from which a firm has its people."""

from django.db import models

from ringfence.firms.fields import SealedField

from .firm import Firm


class FirmDirectory(models.Model):
    """How it is asked, and what became of it the last time (`access.directories`). Times are microseconds."""

    firm = models.OneToOneField(Firm, models.CASCADE, primary_key=True, related_name="+")
    settings = models.JSONField(default=dict)
    """A `lists.directory.directory_settings.DirectorySettings`."""
    password = SealedField(purpose="directory", blank=True, default="")
    trusted = models.CharField(max_length=300, blank=True)
    """The server that the operator named, which may be in any network."""
    hourly = models.BooleanField(default=False)
    last = models.JSONField(default=dict)
    """An `access.directories.LastRun`: numbers and codes, nobody's name."""
    told = models.BooleanField(default=False)
    """Whether administrators were told that it stopped; until it goes on."""
