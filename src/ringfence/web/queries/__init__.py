"""What pages read: names from the tables for numbers that the state has allowed. Nothing is changed here."""
