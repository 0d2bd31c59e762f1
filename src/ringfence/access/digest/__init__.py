"""The daily digest, as far as it is asked of a firm: what happened in a day, who is told what of it, when.

What members chose lies beside the ledger (rules.md 7). How a digest is written and sent is for
`ringfence.notices.digest`.
"""
