"""The firm's own policies (rules.md 10): for who reads the control side."""

from __future__ import annotations

from ninja import Router

ROUTER = Router()
