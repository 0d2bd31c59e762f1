"""`ringfence ledger …` and `audit pack`: entries shown, exported, published, proved and taken back."""
