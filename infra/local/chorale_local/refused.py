"""Requests to a local tool that cannot be."""


class Refused(ValueError):
    """What is asked for cannot be: a French sentence says what to change."""
