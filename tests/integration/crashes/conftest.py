"""Crashes are tried on moto, on a hub of their own each, or on a stage that is set back."""

import os
from collections.abc import Iterator

import pytest
from chorale.stores import keys, outbox
from chorale.usecases.deposits import integrate_flux

from tests.aws import ENVIRONMENT, hub
from tests.integration.crashes import points
from tests.integration.crashes.stage import Stage, staged

__all__ = ["hub"]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables of a function, for tests that make several hubs."""
    set_environment(monkeypatch)


def set_environment(patch: pytest.MonkeyPatch) -> None:
    """Give this process the variables of a function, and none of its own."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        patch.delenv(name)
    for name, value in ENVIRONMENT.items():
        patch.setenv(name, value)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A hub with chunks of two invoices, puts of two events, indexes of one shard: the same calls, fewer times."""
    with pytest.MonkeyPatch.context() as patch:
        set_environment(patch)
        patch.setenv("WORKS_MACHINE", "arn:aws:states:eu-west-3:123456789012:stateMachine:works")
        patch.setattr(integrate_flux, "RANKS_PER_CHUNK", 2)
        patch.setattr(outbox, "ENTRIES_PER_PUT", 2)
        patch.setattr(keys, "DUE_SHARDS", 1)
        patch.setattr(keys, "PENDING_SHARDS", 1)
        with staged() as made:
            yield made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many points were tried, of which kind."""
    if points.TRIED:
        told = ", ".join(f"{number} {kind}" for kind, number in sorted(points.TRIED.items()))
        terminalreporter.write_line(f"crash points: {points.TRIED.total()} ({told})")
