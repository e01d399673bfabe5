"""Routes of the family transverses, and the token."""
