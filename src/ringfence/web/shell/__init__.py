"""What every page stands on: the typed page and its frame, the guard of every route, refusals and errors.

What a browser sent is read here with suspicion. No journey and no query lives here.
"""
