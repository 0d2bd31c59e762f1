"""What becomes of a policy, told to people at the terminal and as JSON: what holds, and who is to blame."""

from typing import Any

from ringfence.access import FirmNow
from ringfence.access.policing.blame import StatementVerdict, count_seen, first_blamed, verdicts
from ringfence.access.policing.naming import PolicyNames
from ringfence.cli.show import line, table
from ringfence.core.statements import Policy
from ringfence.wording.ways import way_text

Record = dict[str, Any]


def as_record(now: FirmNow, name: str, policy: Policy, sentences: list[str], names: PolicyNames) -> Record:
    """A policy with each of its statements, and the first of what breaks it, in names."""
    found = verdicts(now, policy.statements)
    return {
        "name": name,
        "mode": policy.mode,
        "holds": all(each.holds for each in found),
        "statements": [
            {"says": said, "holds": each.holds, **_blamed(now, each, names)}
            for each, said in zip(found, sentences, strict=True)
        ],
    }


def _blamed(now: FirmNow, verdict: StatementVerdict, names: PolicyNames) -> Record:
    if verdict.holds:
        return {}
    if verdict.members:
        seen = count_seen(now, verdict)
        return {
            "broken_by": len(verdict.members),
            "first": [{"member": names.member_word(member), "clients": count} for member, count in seen],
        }
    pairs = first_blamed(now, verdict, names.known_clients)
    clients = names.client_words({*verdict.clients[:FIRST], *(pair.client for pair in pairs)})
    words = _WayWords(names)
    return {
        "broken_by": len(verdict.clients),
        "clients": [clients.get(client, f"#{client}") for client in verdict.clients[:FIRST]],
        "first": [
            {
                "member": names.member_word(pair.member),
                "client": clients.get(pair.client, f"#{pair.client}"),
                "sees": pair.sees,
                "ways": [way_text(way, words) for way in pair.ways],
            }
            for pair in pairs
        ],
    }


FIRST = 10


class _WayWords:
    """The names of ways of access."""

    def __init__(self, names: PolicyNames) -> None:
        self.member, self.group, self.service = names.member_word, names.group_word, names.service_word


def show_verdicts(record: Record) -> None:
    """Tell people of one policy."""
    holds = "holds" if record["holds"] else "BROKEN"
    line(f"{record['name']} ({record['mode']}): {holds}")
    for each in record["statements"]:
        line(f"  {'-' if each['holds'] else '!'} {each['says']}")
        if not each["holds"]:
            _show_blamed(each)


def _show_blamed(each: Record) -> None:
    if "clients" not in each:
        seen = [(f"    {one['member']}", f"{one['clients']:,}") for one in each["first"]]
        table(("    Member", "Sees"), seen)
        return
    told = {one["client"] for one in each["first"]}
    rows = [
        (
            f"    {one['client']}",
            one["member"],
            ("by " if one["sees"] else "not: ") + ", ".join(one["ways"]),
        )
        for one in each["first"]
    ]
    rows += [(f"    {client}", "nobody", "") for client in each["clients"] if client not in told]
    table(("    Client", "Member", "Way"), rows)
    if (more := each["broken_by"] - len(each["clients"])) > 0:
        line(f"    and {more:,} more")
