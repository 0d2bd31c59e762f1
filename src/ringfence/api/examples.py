"""Answers to show in the description, by operation: what the tests of the API were answered."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ANSWERS = Path(__file__).with_name("answers.json")
"""`python -m tools.api_answers` writes it."""


def answers() -> dict[str, Any]:
    """By the id of the operation."""
    found: dict[str, Any] = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return found


def says_more(operation: Mapping[str, Any]) -> bool:
    """Whether it answers more than that a command is done, of which the shape has an example."""
    done = [answer for status, answer in operation["responses"].items() if status < "300"]
    return "#/components/schemas/Done" not in json.dumps(done)
