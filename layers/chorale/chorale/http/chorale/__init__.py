"""Routes of our own resources."""
