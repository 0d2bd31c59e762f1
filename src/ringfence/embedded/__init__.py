"""Django's way to the embedded database: SQLite, let go of where its file moved or could not be written."""
