"""Use cases are tested on moto, with the demo parties in the directory."""

import pytest

from tests.aws import Hub, hub
from tests.cast import fill_directory

__all__ = ["hub"]


@pytest.fixture
def cast(hub: Hub) -> Hub:
    """The hub, with the parties in its directory."""
    fill_directory()
    return hub
