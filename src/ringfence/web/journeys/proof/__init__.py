"""Proof for outsiders: the firm's key, its published checkpoints, and auditor's packs."""
