"""A deposited file and its way to a verdict."""
