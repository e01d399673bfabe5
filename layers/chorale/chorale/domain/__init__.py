"""The rules of the field: pure tables and functions, standard library only."""
