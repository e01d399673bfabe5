"""Read one invoice: whole from one's own side; an unknown one and another's give the same answer."""

from collections.abc import Callable

import pytest
from chorale.domain.access.rights import Actor, Right
from chorale.domain.errors import Forbidden, InvoiceNotFound
from chorale.domain.invoices.recorded import FiledInvoice
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.invoices.consult_invoice import consult_history, consult_issued, consult_received

from tests.aws import Hub
from tests.cast import OTHER_SUPPLIER, RECIPIENT, SUPPLIER, actor, event_of, filed, rank_of, stranger, summary

Consult = Callable[[Actor, int], FiledInvoice]
EVERY_WAY = [consult_issued, consult_received, consult_history]
MINE = summary().id


@pytest.fixture(autouse=True)
def _filed(hub: Hub) -> None:
    row = summary()
    invoices.file_invoice(filed(row), event_of(row), rank_of(row), (row.supplier.id, row.kind.value))


def _own_side(consult: Consult) -> Actor:
    return actor(RECIPIENT) if consult is consult_received else actor(SUPPLIER)


@pytest.mark.parametrize("consult", EVERY_WAY)
def test_ones_own_invoice_is_read_whole(consult: Consult) -> None:
    assert consult(_own_side(consult), MINE) == filed(summary())


def test_the_history_is_read_from_either_side() -> None:
    for by in (actor(SUPPLIER), actor(RECIPIENT), actor(SUPPLIER, Right.ISSUED), actor(RECIPIENT, Right.RECEIVED)):
        assert len(consult_history(by, MINE).history) == 3


@pytest.mark.parametrize("consult", EVERY_WAY)
@pytest.mark.parametrize("by", [stranger(), actor(OTHER_SUPPLIER), Actor("nobody", "app", {})])
def test_anothers_invoice_is_answered_as_one_that_does_not_exist(consult: Consult, by: Actor) -> None:
    with pytest.raises(InvoiceNotFound) as of_another:
        consult(by, MINE)
    with pytest.raises(InvoiceNotFound) as unknown:
        consult(by, 7)
    assert of_another.value.message.replace(str(MINE), "7") == unknown.value.message


def test_the_other_side_of_an_invoice_is_not_ones_own() -> None:
    with pytest.raises(InvoiceNotFound):
        consult_issued(actor(RECIPIENT), MINE)
    with pytest.raises(InvoiceNotFound):
        consult_received(actor(SUPPLIER), MINE)


@pytest.mark.parametrize(
    ("consult", "by"),
    [
        (consult_issued, actor(SUPPLIER, Right.RECEIVED, Right.WORKS)),
        (consult_received, actor(RECIPIENT, Right.ISSUED)),
        (consult_history, actor(SUPPLIER, Right.RECEIVED)),
        (consult_history, actor(RECIPIENT, Right.ISSUED)),
        (consult_issued, Actor("login", "app", {SUPPLIER.id: frozenset()})),
    ],
)
def test_ones_own_invoice_without_the_right_is_forbidden(consult: Consult, by: Actor) -> None:
    with pytest.raises(Forbidden, match="Habilitation manquante"):
        consult(by, MINE)


def test_an_account_of_both_structures_reads_with_the_right_that_it_has() -> None:
    by = Actor("login", "app", {SUPPLIER.id: frozenset(), RECIPIENT.id: frozenset({Right.RECEIVED})})
    assert consult_received(by, MINE).summary == summary()
    assert consult_history(by, MINE).summary == summary()
    with pytest.raises(Forbidden):
        consult_issued(by, MINE)
