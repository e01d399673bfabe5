"""``chorale ops``: what operators do with a deployed stack."""
