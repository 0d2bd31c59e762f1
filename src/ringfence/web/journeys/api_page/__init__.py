"""The page about the API: made on the server from its description, without any script."""
