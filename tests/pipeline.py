"""A deposit on its way, step by step, as the queues would drive it."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from datetime import datetime

from chorale.domain.access.rights import Actor
from chorale.domain.deposits.flux import Flux
from chorale.domain.findings import IntegrationReport
from chorale.stores.deposits import flux as flux_store
from chorale.usecases.deposits.deposit import deposit_inline
from chorale.usecases.deposits.integrate_flux import integrate_flux
from chorale.usecases.deposits.read_report import read_report
from chorale.usecases.deposits.receive_flux import receive_flux

from tests.aws import Hub
from tests.cast import NOW, SUPPLIER, actor, later

UBL = "IN_DP_E1_UBL_INVOICE"
ARRIVAL, INTEGRATION = later(seconds=1), later(seconds=2)


def tar_gz(members: Mapping[str, bytes]) -> bytes:
    """A tar.gz of ``members``, in their order."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), mtime=0)


def deposit(content: bytes, name: str = "factures.xml", by: Actor | None = None) -> Flux:
    """A file deposited inside a request, by the supplier if nobody else is named."""
    return deposit_inline(by or actor(SUPPLIER), name, UBL, content, False, NOW)


def receive(hub: Hub, flux: Flux, now: datetime = ARRIVAL) -> None:
    """Tell of the file of ``flux``, as S3 does."""
    key = f"incoming/{flux.number}"
    receive_flux(key, hub.version_of(key), now)


def work(hub: Hub, now: datetime = INTEGRATION) -> int:
    """Integrate until the queue is empty; return how many messages that took."""
    done = 0
    while messages := hub.messages():
        for message in messages:
            integrate_flux(message["flux"], message.get("chunk"), now)
            done += 1
    return done


def settle(hub: Hub, content: bytes, name: str = "factures.xml", by: Actor | None = None) -> IntegrationReport:
    """Deposit, receive, integrate; the report."""
    flux = deposit(content, name, by)
    receive(hub, flux)
    work(hub)
    return report_of(flux, by)


def report_of(flux: Flux, by: Actor | None = None) -> IntegrationReport:
    """The report of a flux that has its verdict."""
    _, report = read_report(by or actor(SUPPLIER), flux.number)
    assert report is not None
    return report


def now_of(flux: Flux) -> Flux:
    """The flux as the ledger has it."""
    found = flux_store.get(flux.number)
    assert found is not None
    return found
