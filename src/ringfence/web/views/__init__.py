"""One module per journey. Views parse, ask `ringfence.access`, and render; they decide nothing."""
