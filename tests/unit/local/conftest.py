"""The local hub's own tools are tested on moto."""

from tests.aws import hub

__all__ = ["hub"]
