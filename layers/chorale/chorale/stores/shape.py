"""The shape of the rows that the stores keep: whoever goes on with rows of another one would misread them."""

ROWS_SHAPE = 1
"""Raised when this code cannot read rows that are kept: a field is gone, renamed or of another type, a new one has no
default, a key is built otherwise. A new field with a default leaves it as it is: what is absent takes the default."""
