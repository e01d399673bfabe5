"""The JSON of the public API: its names, formats and oddities. Nothing outside this package knows a wire name."""
