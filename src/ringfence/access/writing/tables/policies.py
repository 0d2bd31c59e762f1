"""The firm's own policies, in the tables."""

import msgspec

from ringfence.core import events as e
from ringfence.core.terms import Thing

from .writing import Writing


def policy_set(event: e.PolicySet, to: Writing) -> None:
    said = msgspec.json.encode(event.statements, order="deterministic").decode()
    columns = {"mode": event.mode, "statements": said, **to.new_words(Thing.POLICY, event.policy)}
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
    to.delete("firms_policy", "number = %s", event.policy)
