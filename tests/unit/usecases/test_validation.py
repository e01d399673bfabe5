"""A sub-contractor's or co-contractor's invoice: the contractor agrees, refuses, or says nothing."""

from datetime import UTC, datetime

import pytest
from chorale.domain.access.rights import Actor, Right
from chorale.domain.errors import ActImpossible, Forbidden, InvalidRequest, InvoiceNotFound
from chorale.domain.fields import Field
from chorale.domain.invoices.agreement import Decision
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.statuses import Status
from chorale.stores import aws, outbox
from chorale.stores.invoices import recorded as invoices
from chorale.stores.invoices.views import counts
from chorale.usecases.invoices.amend_issued import name_validator
from chorale.usecases.invoices.consult_invoice import consult_history, consult_received, consult_to_validate
from chorale.usecases.invoices.count_indicators import count
from chorale.usecases.invoices.decide_agreement import decide
from chorale.usecases.watch_deadlines import watch

from tests.aws import Hub
from tests.cast import NOW, OTHER_RECIPIENT, OTHER_SUPPLIER, RECIPIENT, SUPPLIER, actor, later, stranger, ubl
from tests.pipeline import INTEGRATION, settle

VALIDATOR = OTHER_SUPPLIER
MIDNIGHT_OF_DAY_15 = datetime(2026, 12, 8, 23, tzinfo=UTC)


def _deposited(hub: Hub, frame: str = "A9", number: str = "ST-1") -> int:
    report = settle(hub, ubl(number, frame=frame, validator=VALIDATOR.identifier))
    [rank] = report.ranks
    assert rank.invoice_id is not None, rank.findings
    return rank.invoice_id


def _now(invoice_id: int) -> InvoiceSummary:
    found = invoices.get(invoice_id)
    assert found is not None
    return found


def _history(invoice_id: int) -> list[tuple[str, datetime]]:
    filed = invoices.get_whole(invoice_id)
    assert filed is not None
    return [(line.status.value, line.at) for line in filed.history]


def _decide(invoice_id: int, decision: Decision = Decision.AGREE, motive: str = "", **more: object) -> Status:
    by = more.get("by", actor(VALIDATOR))
    at = more.get("at", later(days=1))
    assert isinstance(by, Actor)
    assert isinstance(at, datetime)
    return decide(by, invoice_id, decision, motive, "", at)[1]


@pytest.mark.parametrize("frame", ["A9", "A12"])
def test_an_integrated_invoice_waits_for_its_validator(cast: Hub, frame: str) -> None:
    row = _now(_deposited(cast, frame))
    assert row.status is Status.A_VALIDER_1
    assert row.validator is not None
    assert row.validator.id == VALIDATOR.id
    assert row.validation_due == (MIDNIGHT_OF_DAY_15 if frame == "A9" else None)


def test_the_validator_sees_it_the_recipient_does_not_know_of_it(cast: Hub) -> None:
    mine = _deposited(cast)
    assert list(invoices.by_validator(VALIDATOR.id, (None, None), 10)) == [_now(mine)]
    assert list(invoices.by_recipient(RECIPIENT.id, (None, None), 10)) == []
    assert consult_to_validate(actor(VALIDATOR), mine).summary.id == mine
    for read in (consult_received, consult_history):
        with pytest.raises(InvoiceNotFound):
            read(actor(RECIPIENT), mine)


def test_the_agreement_brings_it_to_the_recipient_in_one_go(cast: Hub) -> None:
    mine = _deposited(cast)
    assert _decide(mine) is Status.VALIDEE_1
    row = _now(mine)
    assert (row.status, row.validated_at, row.validation_due) == (Status.MISE_A_DISPOSITION, later(days=1), None)
    assert [status for status, _ in _history(mine)] == [
        "DEPOSEE", "A_VALIDER_1", "VALIDEE_1", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION",
    ]  # fmt: skip
    assert consult_received(actor(RECIPIENT), mine).summary == row
    assert consult_history(actor(VALIDATOR), mine).summary == row, "who agreed may follow it"


def test_a_refusal_says_why_to_the_sub_contractor_and_goes_no_further(cast: Hub) -> None:
    mine = _deposited(cast)
    assert _decide(mine, Decision.REFUSE, "Travaux non faits") is Status.REFUSEE_1
    row = _now(mine)
    assert (row.status, row.status_reason) == (Status.REFUSEE_1, "Autre motif : Travaux non faits")
    assert watch(later(days=40))["silences"] == 0


def test_a_refusal_without_a_motive_changes_nothing(cast: Hub) -> None:
    mine = _deposited(cast)
    with pytest.raises(InvalidRequest, match="motivé"):
        _decide(mine, Decision.REFUSE)
    assert _now(mine).status is Status.A_VALIDER_1


def test_after_a_refusal_the_number_may_be_used_for_the_corrected_invoice(cast: Hub) -> None:
    first = _deposited(cast)
    _decide(first, Decision.REFUSE, "Travaux non faits")
    assert _deposited(cast) != first


# Silence


def test_silence_agrees_at_the_end_of_the_fifteenth_day_whenever_the_watch_comes_by(cast: Hub) -> None:
    mine = _deposited(cast)
    assert watch(MIDNIGHT_OF_DAY_15)["silences"] == 0
    assert watch(later(days=60))["silences"] == 1
    row = _now(mine)
    assert (row.status, row.status_at) == (Status.MISE_A_DISPOSITION, MIDNIGHT_OF_DAY_15)
    assert _history(mine)[2:] == [
        ("ABSENCE_VALIDATION_1_HORS_DELAI", MIDNIGHT_OF_DAY_15),
        ("EN_COURS_ACHEMINEMENT", MIDNIGHT_OF_DAY_15),
        ("MISE_A_DISPOSITION", MIDNIGHT_OF_DAY_15),
    ]
    assert watch(later(days=61))["silences"] == 0


def test_silence_is_no_visa(cast: Hub) -> None:
    mine = _deposited(cast, "A12")
    assert watch(later(days=60))["silences"] == 0
    assert _now(mine).status is Status.A_VALIDER_1
    assert _decide(mine, at=later(days=61)) is Status.VALIDEE_1


def test_a_refusal_after_the_deadline_is_void_even_before_the_watch_has_come_by(cast: Hub) -> None:
    mine = _deposited(cast)
    with pytest.raises(ActImpossible, match="MISE_A_DISPOSITION"):
        _decide(mine, Decision.REFUSE, "Trop tard", at=later(days=20))
    assert (_now(mine).status, _now(mine).status_at) == (Status.MISE_A_DISPOSITION, MIDNIGHT_OF_DAY_15)


def test_a_decision_in_time_wins_over_the_watch(cast: Hub) -> None:
    mine = _deposited(cast)
    _decide(mine, Decision.REFUSE, "Travaux non faits", at=later(days=15))
    assert watch(later(days=20))["silences"] == 0
    assert _now(mine).status is Status.REFUSEE_1


# The wrong validator


def test_a_wrong_validator_says_so_and_the_sub_contractor_names_another(cast: Hub) -> None:
    mine = _deposited(cast)
    assert _decide(mine, Decision.REFUSE, "MAUVAIS_VALIDEUR") is Status.ERREUR_FOURNISSEUR_SUR_VALIDEUR
    name_validator(actor(SUPPLIER), mine, "SIRET", OTHER_RECIPIENT.identifier, 0, later(days=3))
    row = _now(mine)
    assert row.status is Status.A_VALIDER_1
    assert row.validation_due == datetime(2026, 12, 11, 23, tzinfo=UTC), "the days run again from the correction"
    assert list(invoices.by_validator(VALIDATOR.id, (None, None), 10)) == []
    assert list(invoices.by_validator(OTHER_RECIPIENT.id, (None, None), 10)) == [row]
    with pytest.raises(InvoiceNotFound):
        _decide(mine)
    assert _decide(mine, by=actor(OTHER_RECIPIENT), at=later(days=4)) is Status.VALIDEE_1


def test_the_new_validator_may_be_named_by_its_id(cast: Hub) -> None:
    mine = _deposited(cast)
    _decide(mine, Decision.REFUSE, "MAUVAIS_VALIDEUR")
    name_validator(actor(SUPPLIER), mine, "", "", OTHER_RECIPIENT.id, later(days=3))
    validator = _now(mine).validator
    assert validator is not None
    assert validator.id == OTHER_RECIPIENT.id


@pytest.mark.parametrize(
    ("identifier", "structure_id"), [("00000000000000", 0), ("", 0), ("", 5), (SUPPLIER.identifier, 0)]
)
def test_nobody_or_oneself_is_no_validator(cast: Hub, identifier: str, structure_id: int) -> None:
    mine = _deposited(cast)
    _decide(mine, Decision.REFUSE, "MAUVAIS_VALIDEUR")
    with pytest.raises(InvalidRequest, match="valideur") as refused:
        name_validator(actor(SUPPLIER), mine, "SIRET", identifier, structure_id, later(days=3))
    assert refused.value.field == Field.STRUCTURE_IDENTIFIER


def test_a_validator_that_did_not_say_so_is_not_replaced(cast: Hub) -> None:
    mine = _deposited(cast)
    with pytest.raises(ActImpossible, match="A_VALIDER_1"):
        name_validator(actor(SUPPLIER), mine, "SIRET", OTHER_RECIPIENT.identifier, 0, later(days=3))


# Who may


@pytest.mark.parametrize("by", [stranger(), actor(SUPPLIER), actor(RECIPIENT), Actor("nobody", "app", {})])
def test_only_the_validators_account_decides(cast: Hub, by: Actor) -> None:
    mine = _deposited(cast)
    with pytest.raises(InvoiceNotFound):
        _decide(mine, by=by)
    with pytest.raises(InvoiceNotFound):
        consult_to_validate(by, mine)


def test_the_space_of_the_invoices_to_validate_is_needed(cast: Hub) -> None:
    mine = _deposited(cast)
    with pytest.raises(Forbidden, match="FACTURES_A_VALIDER"):
        _decide(mine, by=actor(VALIDATOR, Right.ISSUED, Right.RECEIVED))


@pytest.mark.parametrize("by", [stranger(), actor(VALIDATOR), actor(RECIPIENT)])
def test_only_the_supplier_names_another_validator(cast: Hub, by: Actor) -> None:
    mine = _deposited(cast)
    _decide(mine, Decision.REFUSE, "MAUVAIS_VALIDEUR")
    with pytest.raises(InvoiceNotFound):
        name_validator(by, mine, "SIRET", OTHER_RECIPIENT.identifier, 0, later(days=3))


def test_an_invoice_without_validator_is_nobodys_to_validate(cast: Hub) -> None:
    [rank] = settle(cast, ubl("F-1")).ranks
    assert rank.invoice_id is not None
    for by in (actor(SUPPLIER), actor(RECIPIENT), actor(VALIDATOR)):
        with pytest.raises(InvoiceNotFound):
            _decide(rank.invoice_id, by=by)


# At integration


@pytest.mark.parametrize(
    ("validator", "code"),
    [
        ("", "CHO-VALIDEUR-ABSENT"),
        ("99000009200013", "CHO-VALIDEUR-INCONNU"),
        (SUPPLIER.identifier, "CHO-VALIDEUR-FOURNISSEUR"),
    ],
)
def test_an_invoice_whose_validator_cannot_be_found_is_refused(cast: Hub, validator: str, code: str) -> None:
    [rank] = settle(cast, ubl("ST-1", frame="A9", validator=validator)).ranks
    assert rank.invoice_id is None
    assert code in [finding.code for finding in rank.findings]


def test_a_validator_named_in_an_ordinary_invoice_is_left_aside(cast: Hub) -> None:
    [rank] = settle(cast, ubl("F-1", validator=VALIDATOR.identifier)).ranks
    assert rank.invoice_id is not None
    assert (_now(rank.invoice_id).validator, _now(rank.invoice_id).status) == (None, Status.MISE_A_DISPOSITION)


# What it does to the counters


def _counted(hub: Hub) -> None:
    rows = [row for row in hub.rows().values() if row.get("event", {}).get("type") == "InvoiceStatusChanged"]
    events = [outbox.from_row(aws.to_item(row))[1] for row in rows]
    count(events, NOW)


def test_counters_follow_it_from_the_validator_to_the_recipient(cast: Hub) -> None:
    mine = _deposited(cast)
    _decide(mine, Decision.REFUSE, "MAUVAIS_VALIDEUR")
    name_validator(actor(SUPPLIER), mine, "SIRET", OTHER_RECIPIENT.identifier, 0, later(days=3))
    _decide(mine, by=actor(OTHER_RECIPIENT), at=later(days=4))
    _counted(cast)

    def held(structure_id: int) -> dict[tuple[str, str], int]:
        return {key: number for key, number in counts(structure_id).items() if number}

    assert held(SUPPLIER.id) == {("ISSUED", "MISE_A_DISPOSITION"): 1}
    assert held(VALIDATOR.id) == {}
    assert held(OTHER_RECIPIENT.id) == {("TO_VALIDATE", "MISE_A_DISPOSITION"): 1}
    assert held(RECIPIENT.id) == {("RECEIVED", "MISE_A_DISPOSITION"): 1}
    assert _now(mine).deposited_at <= INTEGRATION
