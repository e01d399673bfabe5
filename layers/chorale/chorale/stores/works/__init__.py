"""Works contracts and billing files."""
