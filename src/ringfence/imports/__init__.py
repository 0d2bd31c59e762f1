"""Lists in and out: CSV and spreadsheets of clients, members, access and places in groups.

In: a file becomes a table (`tables`), its headers fields (`columns`), its rows typed facts (`rows`), those a
plan against what the firm has (`firm`, `plan…`), a plan commands (`steps`), and these are saved together
(`saving`); `importing` leads through it and `console` shows it. Out: `exporting` reads, `export` writes files
that come back as nothing to do. Who may do what is not decided here.
"""
