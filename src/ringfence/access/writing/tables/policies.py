"""What becomes of the firm's own policies in the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ringfence.core import events as e
from ringfence.core.terms import Thing

from .words import columns_for

if TYPE_CHECKING:
    from .write import Writing


def policy_set(event: e.PolicySet, to: Writing) -> None:
    words = columns_for(Thing.POLICY, to.words.take(Thing.POLICY, event.policy))
    said = msgspec.json.encode(event.statements, order="deterministic").decode()
    columns = {"mode": event.mode, "statements": said, **words}
    row = {"name": "", "name_key": "", "text": "", **columns}
    again = ", ".join(f"{column} = excluded.{column}" for column in columns)
    to.statements.execute(
        f"INSERT INTO firms_policy (firm_id, number, version, {', '.join(row)})"
        f" VALUES (%s, %s, 1, {', '.join(['%s'] * len(row))})"
        f" ON CONFLICT (firm_id, number) DO UPDATE SET version = firms_policy.version + 1, {again}",
        to.firm,
        event.policy,
        *row.values(),
    )


def policy_removed(event: e.PolicyRemoved, to: Writing) -> None:
    to.statements.execute(
        "DELETE FROM firms_policy WHERE firm_id = %s AND number = %s", to.firm, event.policy
    )
