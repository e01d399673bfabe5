"""The description of the API, for people and for machines: loaded by api_docs and by the build only."""
