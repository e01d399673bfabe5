"""From a deposited file to its verdict."""
