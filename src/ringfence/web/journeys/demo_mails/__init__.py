"""The mails of the demonstration, which sends none: only there, since they hold people's links."""
