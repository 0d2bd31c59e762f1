"""Writing a firm: what was decided into its tables and its ledger, in the transaction of its command.

Nothing is decided here. Only `ringfence.access` may write tables.
"""
