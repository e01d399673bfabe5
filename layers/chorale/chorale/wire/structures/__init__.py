"""The family structures of the public API."""
