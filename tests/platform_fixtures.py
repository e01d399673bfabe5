"""The hub that journeys and clients talk to: the deployed template on a local platform, once per test session."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from chorale_local import emulator, run
from chorale_local.emulator import Emulator
from chorale_local.seed import cast


@dataclass(frozen=True)
class DeployedHub:
    """A running hub, and its platform's insides for assertions."""

    base_url: str
    emulator: Emulator
    outputs: dict[str, str]
    cast: dict[str, Any] = field(default_factory=cast)

    def client(self, service: str) -> Any:
        """An AWS client of the hub's platform, as its root user."""
        return self.emulator.client(service)


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedHub]:
    """A fresh hub on a port of its own."""
    with run.serving(tmp_path_factory.mktemp("hub"), emulator.free_port(), lambda _line: None) as started:
        yield DeployedHub(started.base_url, started.emulator, started.outputs)


@pytest.fixture(scope="session")
def platform_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the state of a platform that a test starts itself."""
    return tmp_path_factory.mktemp("platform")
