"""What operators do with a hub: look, take up again, verify, let the first callers in."""
