"""Actors of the journeys: each calls the public API of the running hub with its own technical account."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chorale_cli.client import HubClient
from chorale_local import examples
from chorale_local.demo import connected

from tests.patience import PATIENT

SUPPLIER = "99000007700018"
OTHER_SUPPLIER = "99000001000019"
NO_REQUIREMENT = "12345678200051"
SERVICE_REQUIRED = "12345678200028"
COMMITMENT_REQUIRED = "12345678200036"

_sequence = itertools.count(int(time.time() * 1000) % 10**9)


@dataclass(frozen=True)
class Samples:
    """Invoices of the examples folder, each with a number nobody has used."""

    day: date

    @staticmethod
    def number() -> str:
        return f"J{next(_sequence)}"

    def ubl(self, number: str | None = None, service: str | None = None) -> bytes:
        return examples.fresh(examples.UBL, number or self.number(), self.day, service)

    def cii(self, number: str | None = None) -> bytes:
        return examples.fresh(examples.CII, number or self.number(), self.day)

    def facturx(self, number: str | None = None) -> bytes:
        return examples.facturx_pdf(examples.fresh(examples.FACTURX, number or self.number(), self.day))


@pytest.fixture
def samples() -> Samples:
    """Fresh example invoices."""
    return Samples(examples.today())


@pytest.fixture
def as_structure(hub: Any) -> Callable[[str], HubClient]:
    """A client with the technical account of the structure with this SIRET."""
    return lambda siret: connected(hub.base_url, siret)


@pytest.fixture
def supplier(as_structure: Callable[[str], HubClient]) -> HubClient:
    """The supplier of the examples."""
    return as_structure(SUPPLIER)


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Wait until something asynchronous is true; fail when it does not become so."""

    def wait(holds: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENT
        while not holds():
            assert time.monotonic() < until, f"it did not become true within {PATIENT} seconds"
            time.sleep(0.1)

    return wait


@pytest.fixture
def deposit_and_wait(supplier: HubClient) -> Iterator[Callable[..., dict[str, Any]]]:
    """Deposit a file as the supplier of the examples and return the report of its flux."""

    def deposit(name: str, syntax: str, content: bytes, *, upload: bool = False) -> dict[str, Any]:
        return supplier.wait(supplier.deposit(Path(name), syntax, content, upload=upload))

    yield deposit
