"""The local platform twice: with our corrections, and as its authors deliver it."""

from collections.abc import Iterator

import pytest
from chorale_local import emulator
from chorale_local.emulator import Emulator


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    running = emulator.start(tmp_path_factory.mktemp("corrected"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    running = emulator.start(tmp_path_factory.mktemp("untouched"), corrected=False)
    yield running
    running.stop()
