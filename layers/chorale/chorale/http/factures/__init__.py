"""Routes of the family factures."""
