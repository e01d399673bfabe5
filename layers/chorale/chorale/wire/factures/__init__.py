"""The family factures of the public API."""
