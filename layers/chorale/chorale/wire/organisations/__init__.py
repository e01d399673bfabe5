"""The family organisations of the public API."""
