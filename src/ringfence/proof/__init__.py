"""Proof for outsiders: the chain of a ledger, signed notes, and the file from which a ledger proves itself.

Bytes in, bytes out, without Django and without a database: whoever checks a firm's ledger has neither.
"""
