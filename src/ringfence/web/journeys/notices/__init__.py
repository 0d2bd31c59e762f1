"""What the member was told, newest first, and which of it comes to them by mail."""
