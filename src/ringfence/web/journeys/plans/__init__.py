"""Plans of a client: named documents that Readers read and Editors save, version by version."""
