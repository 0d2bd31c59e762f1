"""Use of access: what was given and nobody needs, each with the ordinary change that puts it right."""
