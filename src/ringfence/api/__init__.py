"""The management API, `/api/v1`: what pages can do, for the firm's other software. It decides nothing.

Reads ask `access` as pages do; each write is one command of rules.md 7.
"""
