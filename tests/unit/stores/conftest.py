"""The stores are tested on moto's tables, made from the template."""

from tests.aws import hub

__all__ = ["hub"]
