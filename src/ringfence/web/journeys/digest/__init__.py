"""The daily digest: whether one gets it, of which clients, and stopping it by the link in a mail."""
