"""Pages for people: templates, forms and views. No access rule is decided here: see `ringfence.access`."""
