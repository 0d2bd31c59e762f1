"""What pages and the API list: names from the tables for numbers that the state has allowed."""
