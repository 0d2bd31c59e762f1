"""Lists in and out: a file is sent, its columns are named, it is checked, previewed and saved."""
