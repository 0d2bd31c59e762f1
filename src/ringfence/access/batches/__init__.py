"""Many commands at once, all or none: carried out in memory first, then written exactly so."""
