"""Routes of the family structures."""
