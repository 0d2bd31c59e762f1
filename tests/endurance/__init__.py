"""The real processes under a mixed load while one after the other is killed: no answer may be wrong.

`python -m tests.endurance sqlite: --seconds 3600` is an hour of it; the suite has three minutes
(`test_endurance.py`). Every answer is held against a replay of the ledger when all is over (`replaying.py`).
"""
