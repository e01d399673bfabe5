"""How long a test waits for something that the hub does by itself."""

PATIENT = 300
"""Seconds: far more than a busy machine needs; a test that waits that long has found a fault, not a slow computer."""
