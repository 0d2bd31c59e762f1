"""PyCasbin: every grant a policy in memory, groups and delegations as roles, priority by order.

`Enforcer` reads all policies for each question; `FastEnforcer` reads those of the client alone.
"""

import logging
from collections.abc import Sequence

import casbin
from casbin.model import FastModel

from ringfence.core.terms import Level

from .practice import NEEDED, Practice, Question

MODEL = """
[request_definition]
r = obj, sub, act
[policy_definition]
p = obj, sub, act, eft
[role_definition]
g = _, _
[policy_effect]
e = priority(p.eft) || deny
[matchers]
m = r.obj == p.obj && r.act == p.act && g(r.sub, p.sub)
"""


class PyCasbin:
    """The first policy that fits answers: own grants stand first, then blocked groups, then what allows."""

    cannot = "caps and levels only as further policies and roles: 160,000 policies for 90,000 relations"

    def __init__(self, practice: Practice, *, fast: bool = False) -> None:
        """`fast`: policies are filed by client (`FastEnforcer`)."""
        self.name = "PyCasbin, filed by client" if fast else "PyCasbin"
        logging.getLogger("casbin").setLevel(logging.ERROR)
        model: casbin.Model = FastModel([0]) if fast else casbin.Model()
        model.load_model_from_text(MODEL)
        enforcer = casbin.FastEnforcer(model, cache_key_order=[0]) if fast else casbin.Enforcer(model)
        enforcer.add_policies(_policies(practice))
        enforcer.add_grouping_policies(_roles(practice))
        enforcer.build_role_links()
        self._enforcer = enforcer

    def answers(self, questions: Sequence[Question]) -> list[bool]:
        allows = self._enforcer.enforce
        return [
            bool(allows(f"client:{client}", f"member:{member}", action))
            for member, client, action in questions
        ]


def _policies(practice: Practice) -> list[list[str]]:
    first, second, third = [], [], []
    for (member, client), level in practice.own_grants.items():
        for action, needed in NEEDED.items():
            effect = "allow" if needed <= level < Level.BLOCKED else "deny"
            first.append([f"client:{client}", f"member:{member}", action, effect])
    for (group, client), level in practice.team_grants.items():
        for action, needed in NEEDED.items():
            if level == Level.BLOCKED:
                second.append([f"client:{client}", f"group:{group}", action, "deny"])
            elif level >= needed:
                third.append([f"client:{client}", f"group:{group}", action, "allow"])
                third.append([f"client:{client}", f"passed:{action}:{group}", action, "allow"])
    return first + second + third


def _roles(practice: Practice) -> list[list[str]]:
    found = [[f"member:{member}", f"group:{group}"] for group, member in practice.places]
    for action, needed in NEEDED.items():
        for lead, group in practice.group_of_lead.items():
            found.append([f"reach:{action}:{lead}", f"passed:{action}:{group}"])
        for one in practice.delegations:
            if one.cap >= needed:
                reach = f"reach:{action}:{one.delegator}"
                found.append([f"member:{one.delegate}", reach])
                if one.delegate in practice.group_of_lead:
                    found.append([f"reach:{action}:{one.delegate}", reach])
    return found
