"""How a task says that it could not do its work. No text goes with it: it is kept, and shown as a kind."""


class TryAgain(Exception):
    """What was missing may come back: the task is done again, after pauses that grow."""


class GiveUp(Exception):
    """Doing it again would change nothing: the task stays as failed."""


class ProcessEnded(TryAgain):
    """The process that had taken the task ended before it was done."""
