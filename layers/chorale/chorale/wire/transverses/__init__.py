"""The family transverses of the public API."""
