"""A firm's ledger: its chain and entries, the past, what is only noted, what is erased, and the proof of it.

The entry of a change is written with the change, in `access.writing`.
"""
