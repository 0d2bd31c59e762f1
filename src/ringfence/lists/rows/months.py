"""The names of months that lists write, English and Welsh, whole and short."""

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january", "ionawr"),
            ("feb", "february", "chwefror"),
            ("mar", "march", "mawrth"),
            ("apr", "april", "ebrill"),
            ("may", "mai"),
            ("jun", "june", "mehefin"),
            ("jul", "july", "gorffennaf"),
            ("aug", "august", "awst"),
            ("sep", "sept", "september", "medi"),
            ("oct", "october", "hydref"),
            ("nov", "november", "tachwedd"),
            ("dec", "december", "rhagfyr"),
        ),
        start=1,
    )
    for name in names
}
"""Number by name, in small letters."""
