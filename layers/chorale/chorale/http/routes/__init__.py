"""One module per function of the API."""
