"""A signed checkpoint of a firm's ledger, to a mailbox that the firm named: an outsider's, as a rule."""

from ringfence.access.proof import PublishedCheckpoint
from ringfence.firms.models import Firm
from ringfence.notices.sending import Attached, Recipient, send


def send_checkpoint(checkpoint: PublishedCheckpoint, address: str) -> None:
    """Send it as a file in the firm's language. Raises as `sending.send` does."""
    firm = Firm.objects.get(pk=checkpoint.firm)
    file = Attached(name=checkpoint.name, text=checkpoint.note)
    recipient = Recipient(address=address, language=firm.language, firm=firm.name, attached=(file,))
    send(recipient, "ledger_checkpoint", entry=checkpoint.entry, name=checkpoint.name)
