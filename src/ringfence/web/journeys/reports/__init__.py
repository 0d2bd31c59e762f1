"""Reports: what a firm should look at, because nobody, only one person, or everybody can open it."""
