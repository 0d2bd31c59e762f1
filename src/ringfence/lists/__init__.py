"""Lists in and out: CSV and spreadsheets of clients, members, access and places in groups.

In: `files` makes a table of a file, `rows` typed rows of the table, `plans` compares these with what the firm
has and puts the difference into commands, and `saving` saves the commands together. Out: `export` writes
files that come back as nothing to do. Who may do what is not decided here.
"""
