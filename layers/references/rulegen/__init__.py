"""Builds the references layer: schemas, code lists and rule sets, from pinned packages. Build time only."""
