"""The recipient treats an invoice that it received."""

from dataclasses import replace

import pytest
from chorale.domain.access.rights import Actor, Right
from chorale.domain.errors import ActImpossible, Forbidden, InvalidRequest, InvoiceNotFound
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.statuses import Status
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.invoices.change_status import process_received

from tests.aws import Hub
from tests.cast import OTHER_RECIPIENT, RECIPIENT, SUPPLIER, actor, event_of, filed, later, rank_of, stranger, summary

MINE = summary().id
AT = later(minutes=10)


@pytest.fixture(autouse=True)
def _filed(hub: Hub) -> Hub:
    row = summary()
    invoices.file_invoice(filed(row), event_of(row), rank_of(row), (row.supplier.id, row.kind.value))
    return hub


def _process(
    target: str, reason: str = "", mandate: str = "", by: Actor | None = None, invoice_id: int = MINE
) -> InvoiceSummary:
    return process_received(by or actor(RECIPIENT), invoice_id, Status(target), reason, mandate, AT)


@pytest.mark.parametrize(
    ("target", "reason", "mandate"),
    [
        ("SUSPENDUE", "Il manque le bon de livraison", ""),
        ("REJETEE", "Prestation non commandée", ""),
        ("A_RECYCLER", "", ""),
        ("A_RECYCLER", "Mauvais service", ""),
        ("SERVICE_FAIT", "", ""),
        ("MANDATEE", "", ""),
        ("MANDATEE", "", "M-2026-42"),
        ("MISE_A_DISPOSITION_COMPTABLE", "", ""),
        ("COMPTABILISEE", "", ""),
        ("MISE_EN_PAIEMENT", "", ""),
    ],
)
def test_each_status_that_the_recipient_can_give(target: str, reason: str, mandate: str) -> None:
    done = _process(target, reason, mandate)
    assert (done.status.value, done.status_at, done.status_reason, done.mandate_number) == (target, AT, reason, mandate)
    kept = invoices.get_whole(MINE)
    assert kept is not None
    assert kept.summary == done
    last = kept.history[-1]
    assert (last.status.value, last.at, last.reason, last.by) == (target, AT, reason, actor(RECIPIENT).login)
    assert [line.version for line in kept.history] == [1, 2, 3, 4]


def test_the_whole_chain_to_payment_with_its_history_and_events(_filed: Hub) -> None:
    chain = ["SERVICE_FAIT", "MANDATEE", "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT"]
    for target in chain:
        _process(target, mandate="M-1" if target == "MANDATEE" else "")
    kept = invoices.get_whole(MINE)
    assert kept is not None
    assert [line.status.value for line in kept.history][3:] == chain
    assert kept.summary.mandate_number == "M-1", "the mandate stays with the invoice"
    events = [row["event"] for key, row in sorted(_filed.rows().items()) if key[1].startswith("EVT#")]
    assert [(event.get("source", ""), event["target"]) for event in events] == [
        ("", "MISE_A_DISPOSITION"),
        *zip(["MISE_A_DISPOSITION", *chain], chain, strict=False),
    ]


@pytest.mark.parametrize("target", ["SUSPENDUE", "REJETEE"])
@pytest.mark.parametrize("reason", ["", " "])
def test_suspending_and_rejecting_without_a_reason_is_refused(_filed: Hub, target: str, reason: str) -> None:
    before = _filed.rows()
    with pytest.raises(InvalidRequest, match="motif"):
        _process(target, reason)
    assert _filed.rows() == before


@pytest.mark.parametrize("target", ["DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION", "COMPLETEE"])
def test_a_status_that_is_not_the_recipients_to_give(_filed: Hub, target: str) -> None:
    before = _filed.rows()
    with pytest.raises(InvalidRequest, match="ne peut pas être posé"):
        _process(target)
    assert _filed.rows() == before


def test_an_act_that_the_status_does_not_allow_tells_the_current_status(_filed: Hub) -> None:
    _process("MANDATEE")
    before = _filed.rows()
    with pytest.raises(ActImpossible) as refused:
        _process("SERVICE_FAIT")
    assert refused.value.status == "MANDATEE"
    assert _filed.rows() == before


def test_the_same_act_again_is_refused_and_changes_nothing(_filed: Hub) -> None:
    """A client that lost the answer learns from the refusal that its act was done."""
    _process("SUSPENDUE", "Il manque une pièce")
    before = _filed.rows()
    with pytest.raises(ActImpossible) as refused:
        _process("SUSPENDUE", "Il manque une pièce")
    assert refused.value.status == "SUSPENDUE"
    assert _filed.rows() == before


@pytest.mark.parametrize("by", [stranger(), actor(SUPPLIER), actor(OTHER_RECIPIENT), Actor("nobody", "app", {})])
def test_anothers_invoice_is_answered_as_one_that_does_not_exist(_filed: Hub, by: Actor) -> None:
    with pytest.raises(InvoiceNotFound) as of_another:
        _process("SERVICE_FAIT", by=by)
    with pytest.raises(InvoiceNotFound) as unknown:
        _process("SERVICE_FAIT", by=by, invoice_id=7)
    assert of_another.value.message.replace(str(MINE), "7") == unknown.value.message


def test_ones_own_invoice_without_the_right_is_forbidden(_filed: Hub) -> None:
    before = _filed.rows()
    with pytest.raises(Forbidden):
        _process("SERVICE_FAIT", by=actor(RECIPIENT, Right.ISSUED))
    assert _filed.rows() == before


def test_of_two_who_act_at_once_one_wins_and_the_other_gets_the_current_status(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both have read the invoice before either wrote."""
    stale = invoices.get(MINE)
    _process("MANDATEE")
    monkeypatch.setattr(invoices, "get", lambda _: stale)
    with pytest.raises(ActImpossible, match="vient de passer au statut MANDATEE") as lost:
        _process("REJETEE", "Prestation non commandée")
    assert lost.value.status == "MANDATEE"


def test_the_loser_changes_nothing(_filed: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = invoices.get(MINE)
    won = _process("MANDATEE")
    before = _filed.rows()
    with monkeypatch.context() as raced, pytest.raises(ActImpossible):
        raced.setattr(invoices, "get", lambda _: stale)
        _process("MISE_EN_PAIEMENT")
    assert _filed.rows() == before
    assert invoices.get(MINE) == won


def test_a_completed_invoice_can_be_treated_again() -> None:
    row = summary(1_000_009, "F-9", rank=9, status=Status.COMPLETEE)
    invoices.file_invoice(filed(row), event_of(row), rank_of(row), (row.supplier.id, row.kind.value))
    done = _process("SERVICE_FAIT", invoice_id=row.id)
    assert done == replace(row, status=Status.SERVICE_FAIT, status_at=AT, version=4)
