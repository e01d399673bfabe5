"""The one exception by which a build stops with a sentence instead of a traceback."""


class BuildError(Exception):
    """Something that a person must correct: the message says what and where."""
