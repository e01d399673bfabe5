"""The routes of the public API, who may call them, and how refusals are answered."""
