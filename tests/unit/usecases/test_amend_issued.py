"""What a supplier does with an invoice that came back: send it on, take note of a rejection, use its number again."""

from dataclasses import replace
from typing import Any

import pytest
from chorale.domain.access.rights import Actor, Right
from chorale.domain.errors import ActImpossible, Forbidden, InvalidRequest, InvoiceNotFound
from chorale.domain.fields import Field
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.invoices.requirements import Route
from chorale.domain.statuses import Status
from chorale.formats.reading.members import Member
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.deposits.integrate_invoice import integrate_invoice
from chorale.usecases.invoices.amend_issued import handle_rejections, reroute
from chorale.usecases.invoices.change_status import process_received
from chorale.usecases.invoices.consult_invoice import consult_received
from chorale.usecases.invoices.count_indicators import changes_of

from tests.aws import Hub
from tests.cast import (
    OTHER_RECIPIENT,
    RECIPIENT,
    SERVICE,
    STATE,
    SUPPLIER,
    actor,
    event_of,
    filed,
    flux,
    later,
    rank_of,
    stranger,
    summary,
    ubl,
)
from tests.pipeline import INTEGRATION, settle

MINE = summary().id
BACK = later(hours=1)
AT = later(hours=2)
SUPPLIERS = actor(SUPPLIER)


@pytest.fixture
def returned(cast: Hub) -> Hub:
    """An invoice that its recipient sent back for its routing."""
    _keep(summary())
    process_received(actor(RECIPIENT), MINE, Status.A_RECYCLER, "Mauvais service", "", BACK)
    return cast


def _keep(row: InvoiceSummary) -> None:
    assert invoices.file_invoice(filed(row), event_of(row), rank_of(row), (row.supplier.id, row.kind.value)) is None


def _reroute(by: Actor = SUPPLIERS, comment: str = "", invoice_id: int = MINE, **route: Any) -> InvoiceSummary:
    return reroute(by, invoice_id, Route(**route), comment, AT)


# Sending on


def test_an_invoice_goes_to_another_recipient_and_leaves_the_first(returned: Hub) -> None:
    done = _reroute(recipient=OTHER_RECIPIENT.identifier, service_code=SERVICE.code, comment="Adresse corrigée")
    assert (done.status, done.recipient.id) == (Status.MISE_A_DISPOSITION, OTHER_RECIPIENT.id)
    assert done.service is not None
    assert done.service.code == SERVICE.code
    assert list(invoices.by_recipient(RECIPIENT.id, (None, None), 10)) == []
    assert list(invoices.by_recipient(OTHER_RECIPIENT.id, (None, None), 10)) == [done]
    with pytest.raises(InvoiceNotFound):
        consult_received(actor(RECIPIENT), MINE)
    assert done.number == "F-1", "the number stays"


def test_the_history_tells_the_new_way_and_the_comment(returned: Hub) -> None:
    _reroute(comment="Adresse corrigée")
    kept = invoices.get_whole(MINE)
    assert kept is not None
    assert [(line.version, line.status.value, line.reason, line.by) for line in kept.history[3:]] == [
        (4, "A_RECYCLER", "Mauvais service", actor(RECIPIENT).login),
        (5, "DEPOSEE", "Adresse corrigée", SUPPLIERS.login),
        (6, "EN_COURS_ACHEMINEMENT", "", "SYSTEME"),
        (7, "MISE_A_DISPOSITION", "", "SYSTEME"),
    ]


def test_the_event_says_whose_it_was_and_the_counters_follow(returned: Hub) -> None:
    before = invoices.get(MINE)
    after = _reroute(recipient=OTHER_RECIPIENT.identifier, service_code=SERVICE.code)
    changes = changes_of(invoices.told(before, after))
    assert changes[RECIPIENT.id, "RECEIVED", "A_RECYCLER"] == -1
    assert changes[OTHER_RECIPIENT.id, "RECEIVED", "MISE_A_DISPOSITION"] == 1


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ({"recipient": "99999999999999"}, "99999999999999"),
        ({"recipient": SUPPLIER.identifier}, "entité publique"),
        ({"recipient": OTHER_RECIPIENT.identifier}, "exige un code service"),
        ({"recipient": OTHER_RECIPIENT.identifier, "service_code": "INCONNU"}, "INCONNU"),
        ({"service_code": "FACTURES_PUBLIQUES"}, "réservé"),
        ({"recipient": STATE.identifier, "commitment": "NOTHING"}, "NOTHING"),
    ],
)
def test_the_new_recipients_requirements_are_those_of_a_deposit(
    returned: Hub, route: dict[str, Any], words: str
) -> None:
    before = returned.rows()
    with pytest.raises(InvalidRequest, match=words) as refused:
        _reroute(**route)
    assert refused.value.field == Field.DESTINATION
    assert returned.rows() == before


def test_a_commitment_may_be_all_that_changes(returned: Hub) -> None:
    done = _reroute(recipient=STATE.identifier, commitment="1234567890")
    assert (done.recipient.id, done.commitment) == (STATE.id, "1234567890")


@pytest.mark.parametrize("status", ["MISE_A_DISPOSITION", "SUSPENDUE", "MANDATEE", "REJETEE", "COMPLETEE"])
def test_only_what_was_sent_back_can_be_sent_on(cast: Hub, status: str) -> None:
    _keep(summary(status=Status(status)))
    with pytest.raises(ActImpossible, match=status):
        _reroute()


@pytest.mark.parametrize("by", [stranger(), actor(RECIPIENT)])
def test_only_the_supplier_sends_on(returned: Hub, by: Actor) -> None:
    with pytest.raises(InvoiceNotFound):
        _reroute(by=by)


def test_the_space_of_issued_invoices_is_needed(returned: Hub) -> None:
    with pytest.raises(Forbidden):
        _reroute(by=actor(SUPPLIER, Right.RECEIVED))


# Rejections


def test_a_rejection_that_was_handled_is_marked_and_stays_a_rejection(cast: Hub) -> None:
    rows = [summary(MINE + n, f"F-{n}", rank=n, status=Status.REJETEE) for n in (1, 2, 3)]
    for row in rows:
        _keep(row)
    handle_rejections(SUPPLIERS, [rows[0].id, rows[1].id], AT)
    handle_rejections(SUPPLIERS, [rows[0].id], AT)
    assert [invoices.get(row.id) for row in rows] == [
        replace(rows[0], rejection_handled=True),
        replace(rows[1], rejection_handled=True),
        rows[2],
    ]
    kept = invoices.get_whole(rows[0].id)
    assert kept is not None
    assert [(action.kind.value, action.by, action.at) for action in kept.actions] == [
        ("TRAITEMENT_REJET", SUPPLIERS.login, AT)
    ]
    assert len(kept.history) == 3


def test_one_that_was_not_rejected_leaves_all_of_them_as_they_are(cast: Hub) -> None:
    rejected, other = summary(MINE, status=Status.REJETEE), summary(MINE + 1, "F-2", rank=2)
    _keep(rejected)
    _keep(other)
    with pytest.raises(ActImpossible, match="MISE_A_DISPOSITION"):
        handle_rejections(SUPPLIERS, [rejected.id, other.id], AT)
    assert invoices.get(MINE) == rejected


@pytest.mark.parametrize("by", [stranger(), actor(RECIPIENT)])
def test_another_ones_rejection_is_unknown(cast: Hub, by: Actor) -> None:
    _keep(summary(status=Status.REJETEE))
    with pytest.raises(InvoiceNotFound):
        handle_rejections(by, [MINE], AT)


# The number of a rejected invoice


def _issued(hub: Hub) -> int | None:
    [rank] = settle(hub, ubl("F-1")).ranks
    return rank.invoice_id


def test_the_number_of_a_rejected_invoice_may_be_used_again(cast: Hub) -> None:
    first = _issued(cast)
    assert first is not None
    assert _issued(cast) is None, "taken while the invoice lives"
    process_received(actor(RECIPIENT), first, Status.REJETEE, "Prestation non commandée", "", AT)
    second = _issued(cast)
    assert second not in (None, first)
    assert _issued(cast) is None, "and taken again"


@pytest.mark.parametrize("status", ["SUSPENDUE", "A_RECYCLER", "MISE_EN_PAIEMENT"])
def test_no_other_status_sets_a_number_free(cast: Hub, status: str) -> None:
    first = _issued(cast)
    assert first is not None
    process_received(actor(RECIPIENT), first, Status(status), "motif", "", AT)
    assert _issued(cast) is None


def test_a_file_that_is_integrated_once_more_after_the_rejection_finds_its_own_invoice(cast: Hub) -> None:
    """The queue may give a message twice, days apart: the rejected invoice must not come back to life."""
    member = Member(1, "f.xml", ubl("F-1"))
    first = integrate_invoice(flux(), member, INTEGRATION)
    assert first.invoice_id is not None
    process_received(actor(RECIPIENT), first.invoice_id, Status.REJETEE, "Prestation non commandée", "", AT)
    assert integrate_invoice(flux(), member, AT).invoice_id == first.invoice_id
    assert [row.id for row in list(invoices.by_supplier(SUPPLIER.id, (None, None), 10))] == [first.invoice_id]
