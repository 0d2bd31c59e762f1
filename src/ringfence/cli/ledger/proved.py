"""What `ringfence ledger verify` does with a database: firms' ledgers proved, also against checkpoints."""

from collections.abc import Sequence
from pathlib import Path

from ringfence.access import verify
from ringfence.access.proof import keys_of, unlike_ledger
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import find_firm
from ringfence.cli.show import as_json, line
from ringfence.firms.models import Firm
from ringfence.proof.notes import VerifierKey

from .checkpoint_files import head_in, uid_in
from .report import report_record, show_report


def prove_firms(
    firm: str | None, every: bool, checkpoints: Sequence[Path], keys: Sequence[VerifierKey], json: bool
) -> bool:
    """Tell of one firm or of all whether the ledger is whole; true where each of them is.

    Checkpoints are looked at by the keys given, else by those that the database has. Raises `Fault`.
    """
    firms = _firms(firm, every, checkpoints)
    heads = []
    if checkpoints:
        known = keys or [key.verifier for key in keys_of(firms[0].pk)]
        heads = [head_in(path, known) for path in checkpoints]
    reports = [(each, verify(each.pk, beside=True)) for each in firms]
    unlike = [sentence for head in heads if (sentence := unlike_ledger(firms[0], head))]
    if json:
        as_json([{**report_record(each, report), "unlike_checkpoints": unlike} for each, report in reports])
    else:
        for each, report in reports:
            show_report(each, report)
        for sentence in unlike:
            line(f"  REFUSED. {sentence}")
        if heads and not unlike:
            line(f"  It is the ledger of the checkpoint: entries 1 to {max(head.entry for head in heads)}.")
    return not unlike and all(report.whole for _, report in reports)


def _firms(firm: str | None, every: bool, checkpoints: Sequence[Path]) -> list[Firm]:
    if every:
        return list(Firm.objects.order_by("name_key"))
    if firm is not None or not checkpoints:
        return [find_firm(firm)]
    uid = uid_in(checkpoints[0])
    found = next((each for each in Firm.objects.all() if str(each.uid) == uid), None)
    if found is None:
        raise Fault(f"The checkpoint {checkpoints[0]} is of a firm ({uid}) that this database does not have.")
    return [found]
