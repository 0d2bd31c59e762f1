"""What a list would do: its rows compared with what the firm has, as sentences and as commands."""
