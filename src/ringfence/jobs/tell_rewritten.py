"""Telling whoever manages or audits a firm that its ledger is not what the firm has signed."""

from django.db import transaction

from ringfence.access import firm_state
from ringfence.firms.models import Firm
from ringfence.notices import ledger_rewritten

from .send_notice import tell


def tell_rewritten(firm: int) -> None:
    """Each is told once of the same checkpoint, however often it is found. Raises `StateUnavailable`."""
    with transaction.atomic():
        # Who finds it at the same time waits here, and then finds that all were told.
        Firm.objects.select_for_update().get(pk=firm)
        now = firm_state(firm)
        tell(firm, now.now, ledger_rewritten.told(now))
