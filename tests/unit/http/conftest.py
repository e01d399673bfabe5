"""The API on moto: the demo parties, their accounts, and invoices between them, at a clock that stands still."""

from dataclasses import replace

import pytest
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.runtime import clock
from chorale.stores.access import accounts
from chorale.stores.invoices import recorded as invoices

from tests.aws import Hub, hub
from tests.cast import (
    APPLICATION,
    EVERYBODY,
    RECIPIENT,
    SUPPLIER,
    actor,
    event_of,
    filed,
    fill_directory,
    rank_of,
    summary,
)
from tests.unit.http.calling import PASSWORD, SECRET, Caller, Clock, Keep

__all__ = ["hub"]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The hub's clock; it stands at ``NOW`` until a test moves it."""
    held = Clock()
    monkeypatch.setattr(clock, "now", lambda: held.now)
    return held


@pytest.fixture
def world(hub: Hub, at: Clock) -> Hub:
    """Parties in the directory, an application, a technical account with every right for each party."""
    fill_directory()
    accounts.write_application(APPLICATION, SECRET)
    password = accounts.hashed(PASSWORD)
    for structure in EVERYBODY:
        somebody = actor(structure)
        accounts.write_technical_account(accounts.TechnicalAccount(somebody.login, password, dict(somebody.rights)))
    return hub


@pytest.fixture
def supplier(world: Hub) -> Caller:
    """The supplier of the invoices."""
    return Caller(SUPPLIER)


@pytest.fixture
def recipient(world: Hub) -> Caller:
    """Their recipient."""
    return Caller(RECIPIENT)


@pytest.fixture
def keep(world: Hub) -> Keep:
    """Keep an invoice as integrated; ``document`` replaces the ordinary one."""

    def file(
        invoice_id: int = 1_000_000, number: str = "F-1", document: Invoice | None = None, **changes: object
    ) -> InvoiceSummary:
        row = summary(invoice_id, number, **changes)
        whole = filed(row)
        if document:
            whole = replace(whole, document=document)
        taken = invoices.file_invoice(whole, event_of(row), rank_of(row), (row.supplier.id, row.kind.value))
        assert taken is None
        return row

    return file
