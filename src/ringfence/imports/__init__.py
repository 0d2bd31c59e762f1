"""Lists in and out: CSV and spreadsheets of clients, members, access and places in groups.

A file becomes a table (`tables`), its headers fields (`columns`), its rows typed facts (`rows`), and
those a plan against what the firm has (`plan`); `export` writes files that come back as nothing to do.
Who may do what is not decided here.
"""
