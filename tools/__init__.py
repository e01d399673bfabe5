"""Commands for developers of the project; nothing here is deployed."""
