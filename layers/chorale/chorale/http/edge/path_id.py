"""The id in the path of one of our own resources."""

from collections.abc import Callable
from typing import Any

from chorale.http.edge.api import Call

LARGEST_ID = 2**31 - 1


def path_id(call: Call[Any], unknown: Callable[[int], Exception]) -> int:
    """The id of the path; what is no id of ours is an object that does not exist: ``unknown`` says so."""
    written = call.parameters["id"]
    if not (written.isascii() and written.isdigit()) or int(written) > LARGEST_ID:
        raise unknown(0)
    return int(written)
