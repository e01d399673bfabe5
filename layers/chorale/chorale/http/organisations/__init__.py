"""Routes of the family organisations."""
