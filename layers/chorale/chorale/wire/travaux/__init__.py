"""The family facturesTravaux of the public API."""
