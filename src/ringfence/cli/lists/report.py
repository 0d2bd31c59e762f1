"""The report of an import as JSON, for programs; its fields are described in `docs/lists/every-night.md`.

A field that is there stays with its meaning; others may come.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

from ringfence.access import Refused
from ringfence.cli.sentences import problem_text
from ringfence.core.compare.difference import Difference
from ringfence.core.compare.moved import Pairs
from ringfence.lists.faults import RowFault, TableError
from ringfence.lists.files.shape import Aside
from ringfence.lists.plans.gone_plan import (
    GoneClient,
    GoneGrant,
    GoneItem,
    GoneMember,
    GoneOfScope,
    GonePlace,
    GoneService,
)
from ringfence.lists.plans.plan_list import Prepared
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import ReadList
from ringfence.lists.saving import RowsRefused


class Status(StrEnum):
    """How an import ended."""

    SAVED = "saved"
    NOTHING_TO_DO = "nothing_to_do"
    DRY_RUN = "dry_run"
    """There is something to do, and nothing was to be saved."""
    NOT_SAVED = "not_saved"
    """Whoever was asked said no."""
    FAULTS = "faults"
    BRAKED = "braked"
    """More was to be removed than a tenth, or than was said."""


class ImportReport:
    """What is known of one import so far."""

    def __init__(self, kind: ListKind, file: str) -> None:
        self._said: dict[str, Any] = {
            "status": "",
            "kind": kind.value,
            "file": file,
            "passed_over": [],
            "shape": None,
            "read": None,
            "rows": None,
            "counts": [],
            "services_added": [],
            "groups_added": [],
            "gone": [],
            "faults": [],
            "remarks": [],
            "effect": None,
            "version": None,
        }
        self._removes = False

    def unreadable(self, error: TableError) -> None:
        """The file is no list, or nothing that may be taken."""
        self._said["faults"] = [{"row": error.row, "column": "", "code": error.code, "message": str(error)}]

    def not_permitted(self, refused: Refused) -> None:
        """Who imports may not do it at all, whatever the rows say."""
        self._said["faults"] = [
            {"row": None, "column": "", "code": refused.refusal.value, "message": problem_text(refused)}
        ]

    def passed_over(self, names: Sequence[str]) -> None:
        """Newer files of the folder that are no lists."""
        self._said["passed_over"] = list(names)

    def planned(self, read: ReadList, prepared: Prepared) -> None:
        """What the list says and what of it would be done."""
        said = self._said
        said["file"], said["rows"] = read.source.file, read.count
        said["shape"] = read.shape or None
        said["read"] = _how(read)
        said["counts"] = [
            {
                "what": what,
                "added": len(plan.added),
                "changed": len(plan.changed),
                "unchanged": plan.unchanged,
            }
            for what, plan in prepared.plans
        ]
        said["services_added"] = list(prepared.services)
        said["groups_added"] = list(prepared.groups)
        said["gone"] = [_gone(each) for each in prepared.gone]
        said["faults"] = [_fault(each) for each in prepared.faults]
        said["remarks"] = [_fault(each) for each in prepared.remarks]
        self._removes = prepared.whole is not None and prepared.whole.remove

    def effect(self, effect: Difference, breaks: Collection[int] = ()) -> None:
        """Who gains and who loses by it, and which policies of the firm it breaks, by number."""
        self._said["effect"] = {
            "gains": _pairs(effect.gains),
            "loses": _pairs(effect.loses),
            "changes": _pairs(effect.changes),
            "opens": len(effect.opens),
            "closes": len(effect.closes),
            "breaks": sorted(breaks),
        }

    def refused(self, error: RowsRefused) -> None:
        """What the rules do not let be done; of no row where that is removing what is gone."""
        message, code = problem_text(error.refused), error.refused.refusal.value
        self._said["faults"] = [
            {"row": row, "column": "", "code": code, "message": message} for row in error.lines or (None,)
        ]

    def saved_as(self, version: int) -> None:
        """The number of the ledger's last entry with the list in it."""
        self._said["version"] = version

    def ended(self, status: Status) -> dict[str, Any]:
        """The report whole."""
        for each in self._said["gone"]:
            each["removed"] = self._removes and status is Status.SAVED
        return self._said | {"status": status.value}


def _how(read: ReadList) -> dict[str, Any]:
    source = read.source
    return {
        "as": source.kind,
        "encoding": source.encoding or None,
        "guessed": bool(source.doubtful),
        "separator": source.separator or None,
        "sheet": source.sheet or None,
        "header_row": source.header_line,
        "above": [_aside(each) for each in source.above],
        "totals": [_aside(each) for each in source.totals],
        "hidden_rows": list(source.hidden_rows),
        "hidden_rows_left_out": source.without_hidden,
        "hidden_columns": list(source.hidden_columns),
        "not_read": [*source.other_sheets, *source.hidden_sheets],
        "columns": {column.header: column.meaning for column in read.columns.used},
        "not_used": [*read.columns.ignored, *source.unheaded],
    }


def _aside(row: Aside) -> dict[str, Any]:
    return {"row": row.line, "text": row.text}


def _fault(fault: RowFault) -> dict[str, Any]:
    return {"row": fault.line, "column": fault.column, "code": fault.code.value, "message": fault.message}


def _pairs(pairs: Pairs) -> dict[str, int]:
    return {"members": len(pairs), "clients": len(pairs.clients)}


def _gone(gone: GoneOfScope) -> dict[str, Any]:
    return {
        "scope": gone.scope,
        "service": gone.name or None,
        "held": gone.held,
        "count": len(gone.items),
        "removed": False,
        "items": [_item(each) for each in gone.items],
        "stated": gone.stated,
        "stays": [_item(each.who) | {"why": each.why} for each in gone.stays],
    }


def _item(item: GoneItem) -> dict[str, Any]:
    match item:
        case GoneClient():
            return {"reference": item.reference, "name": item.name}
        case GoneService():
            return _item(item.client) | {"service": item.service, "with_client": item.last}
        case GoneMember():
            return {"email": item.email, "name": item.name}
        case GoneGrant():
            service = item.service or None
            level = item.grant.level.word
            return {"who": item.who, "reference": item.reference, "service": service, "level": level}
        case GonePlace():
            return {"email": item.email, "group": item.group_name}
