"""Crashes are tried on moto, on a hub of their own each."""

import os

import pytest

from tests.aws import ENVIRONMENT, hub

__all__ = ["hub"]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables of a function, for tests that make several hubs."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
