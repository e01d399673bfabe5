"""What can be done to an invoice at each status.

The tables below are written from the rules as people say them, not from ``TRANSITIONS``: a change of the code that was
not meant fails here.
"""

import pytest
from chorale.domain.errors import ActImpossible, InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.invoices.transitions import (
    FREES_ITS_NUMBER,
    MANDATE_NUMBER_MAX_LENGTH,
    REASON_MAX_LENGTH,
    TRANSITIONS,
    Act,
    Role,
    Transition,
    act_to_reach,
    check_needs,
    integration_path,
    path,
    possible_targets,
    transition,
)
from chorale.domain.statuses import Status

NOTHING = None
"""The place of an invoice that does not exist yet."""

ALLOWED: dict[tuple[str | None, str], str] = {
    # The system registers, routes and delivers, in that order and no other.
    (NOTHING, "REGISTER"): "DEPOSEE",
    ("DEPOSEE", "ROUTE"): "EN_COURS_ACHEMINEMENT",
    ("EN_COURS_ACHEMINEMENT", "DELIVER"): "MISE_A_DISPOSITION",
    # Some invoices go to a validator first, who agrees, refuses, or is the wrong one; silence may agree too.
    ("DEPOSEE", "ASK_AGREEMENT"): "A_VALIDER_1",
    ("A_VALIDER_1", "AGREE"): "VALIDEE_1",
    ("A_VALIDER_1", "REFUSE_AGREEMENT"): "REFUSEE_1",
    ("A_VALIDER_1", "DISOWN"): "ERREUR_FOURNISSEUR_SUR_VALIDEUR",
    ("A_VALIDER_1", "TAKE_SILENCE_AS_AGREEMENT"): "ABSENCE_VALIDATION_1_HORS_DELAI",
    ("VALIDEE_1", "ROUTE"): "EN_COURS_ACHEMINEMENT",
    ("ABSENCE_VALIDATION_1_HORS_DELAI", "ROUTE"): "EN_COURS_ACHEMINEMENT",
    # What came back to the supplier.
    ("ERREUR_FOURNISSEUR_SUR_VALIDEUR", "NAME_ANOTHER_VALIDATOR"): "A_VALIDER_1",
    ("SUSPENDUE", "COMPLETE"): "COMPLETEE",
    # The payment of a works contract is withdrawn with its paper, as long as the payer has not acted.
    ("MISE_A_DISPOSITION", "WITHDRAW"): "ABANDONNEE",
    ("A_RECYCLER", "WITHDRAW"): "ABANDONNEE",
    ("A_RECYCLER", "REROUTE"): "DEPOSEE",
    # The recipient holds it: everything is open.
    ("MISE_A_DISPOSITION", "SUSPEND"): "SUSPENDUE",
    ("MISE_A_DISPOSITION", "REJECT"): "REJETEE",
    ("MISE_A_DISPOSITION", "RETURN"): "A_RECYCLER",
    ("MISE_A_DISPOSITION", "CERTIFY_SERVICE"): "SERVICE_FAIT",
    ("MISE_A_DISPOSITION", "MANDATE"): "MANDATEE",
    ("MISE_A_DISPOSITION", "PASS_TO_ACCOUNTANT"): "MISE_A_DISPOSITION_COMPTABLE",
    ("MISE_A_DISPOSITION", "ENTER_IN_ACCOUNTS"): "COMPTABILISEE",
    ("MISE_A_DISPOSITION", "PAY"): "MISE_EN_PAIEMENT",
    # A completed invoice is back in the recipient's hands: the same.
    ("COMPLETEE", "SUSPEND"): "SUSPENDUE",
    ("COMPLETEE", "REJECT"): "REJETEE",
    ("COMPLETEE", "RETURN"): "A_RECYCLER",
    ("COMPLETEE", "CERTIFY_SERVICE"): "SERVICE_FAIT",
    ("COMPLETEE", "MANDATE"): "MANDATEE",
    ("COMPLETEE", "PASS_TO_ACCOUNTANT"): "MISE_A_DISPOSITION_COMPTABLE",
    ("COMPLETEE", "ENTER_IN_ACCOUNTS"): "COMPTABILISEE",
    ("COMPLETEE", "PAY"): "MISE_EN_PAIEMENT",
    # Then forward only; steps may be skipped.
    ("SERVICE_FAIT", "MANDATE"): "MANDATEE",
    ("SERVICE_FAIT", "PASS_TO_ACCOUNTANT"): "MISE_A_DISPOSITION_COMPTABLE",
    ("SERVICE_FAIT", "ENTER_IN_ACCOUNTS"): "COMPTABILISEE",
    ("SERVICE_FAIT", "PAY"): "MISE_EN_PAIEMENT",
    ("MANDATEE", "PASS_TO_ACCOUNTANT"): "MISE_A_DISPOSITION_COMPTABLE",
    ("MANDATEE", "ENTER_IN_ACCOUNTS"): "COMPTABILISEE",
    ("MANDATEE", "PAY"): "MISE_EN_PAIEMENT",
    ("MISE_A_DISPOSITION_COMPTABLE", "ENTER_IN_ACCOUNTS"): "COMPTABILISEE",
    ("MISE_A_DISPOSITION_COMPTABLE", "PAY"): "MISE_EN_PAIEMENT",
    ("COMPTABILISEE", "PAY"): "MISE_EN_PAIEMENT",
}

EVERY_STATUS = [NOTHING, *(status.value for status in Status)]
EVERY_ACT = [act.value for act in Act]
EVERY_PAIR = [(status, act) for status in EVERY_STATUS for act in EVERY_ACT]


def _status(code: str | None) -> Status | None:
    return Status(code) if code else None


@pytest.mark.parametrize(("status", "act"), EVERY_PAIR)
def test_every_act_at_every_status_is_allowed_or_refused_as_written(status: str | None, act: str) -> None:
    target = ALLOWED.get((status, act))
    if target is None:
        with pytest.raises(ActImpossible) as refused:
            transition(_status(status), Act(act))
        assert refused.value.status == status
    else:
        assert transition(_status(status), Act(act)).target is Status(target)


def test_the_table_has_one_row_per_allowed_pair_and_no_other() -> None:
    rows = [(row.source.value if row.source else None, row.act.value) for row in TRANSITIONS]
    assert sorted(rows, key=str) == sorted(ALLOWED, key=str)


@pytest.mark.parametrize("status", ["SUSPENDUE", "A_RECYCLER", "REJETEE", "MISE_EN_PAIEMENT"])
def test_the_recipient_can_do_nothing_more_with_an_invoice_that_is_not_in_its_hands(status: str) -> None:
    assert possible_targets(Status(status), Role.RECIPIENT) == ()


@pytest.mark.parametrize(
    ("status", "targets"),
    [
        ("DEPOSEE", []),
        ("EN_COURS_ACHEMINEMENT", []),
        (
            "MISE_A_DISPOSITION",
            [
                "SUSPENDUE", "REJETEE", "A_RECYCLER", "SERVICE_FAIT", "MANDATEE",
                "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT",
            ],
        ),
        (
            "COMPLETEE",
            [
                "SUSPENDUE", "REJETEE", "A_RECYCLER", "SERVICE_FAIT", "MANDATEE",
                "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT",
            ],
        ),
        ("SERVICE_FAIT", ["MANDATEE", "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT"]),
        ("MANDATEE", ["MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT"]),
        ("MISE_A_DISPOSITION_COMPTABLE", ["COMPTABILISEE", "MISE_EN_PAIEMENT"]),
        ("COMPTABILISEE", ["MISE_EN_PAIEMENT"]),
    ],
)  # fmt: skip
def test_what_the_recipient_may_choose_at_each_status(status: str, targets: list[str]) -> None:
    assert [target.value for target in possible_targets(Status(status), Role.RECIPIENT)] == targets


@pytest.mark.parametrize("status", list(Status))
def test_the_supplier_acts_on_what_came_back_and_on_nothing_else(status: Status) -> None:
    came_back = {
        "SUSPENDUE": ("COMPLETEE",),
        "A_RECYCLER": ("DEPOSEE",),
        "ERREUR_FOURNISSEUR_SUR_VALIDEUR": ("A_VALIDER_1",),
    }
    assert possible_targets(status, Role.SUPPLIER) == came_back.get(status.value, ())


@pytest.mark.parametrize("status", list(Status))
def test_the_validator_acts_on_what_was_put_to_it_and_on_nothing_else(status: Status) -> None:
    put_to_it = ("VALIDEE_1", "REFUSEE_1", "ERREUR_FOURNISSEUR_SUR_VALIDEUR")
    assert possible_targets(status, Role.VALIDATOR) == (put_to_it if status is Status.A_VALIDER_1 else ())


OTHER_PARTS = {
    "REGISTER": Role.SYSTEM, "ROUTE": Role.SYSTEM, "DELIVER": Role.SYSTEM, "ASK_AGREEMENT": Role.SYSTEM,
    "TAKE_SILENCE_AS_AGREEMENT": Role.SYSTEM, "AGREE": Role.VALIDATOR, "REFUSE_AGREEMENT": Role.VALIDATOR,
    "DISOWN": Role.VALIDATOR, "NAME_ANOTHER_VALIDATOR": Role.SUPPLIER, "COMPLETE": Role.SUPPLIER,
    "REROUTE": Role.SUPPLIER, "WITHDRAW": Role.SYSTEM,
}  # fmt: skip


@pytest.mark.parametrize("act", list(Act))
def test_each_act_belongs_to_one_part(act: Act) -> None:
    assert {row.role for row in TRANSITIONS if row.act is act} == {OTHER_PARTS.get(act.value, Role.RECIPIENT)}


def test_an_invoice_that_a_validator_must_see_stops_there() -> None:
    assert [row.target.value for row in integration_path(awaits_validation=True)] == ["DEPOSEE", "A_VALIDER_1"]


@pytest.mark.parametrize(
    ("status", "act", "reached"),
    [
        ("A_VALIDER_1", "AGREE", ["VALIDEE_1", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"]),
        (
            "A_VALIDER_1",
            "TAKE_SILENCE_AS_AGREEMENT",
            ["ABSENCE_VALIDATION_1_HORS_DELAI", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"],
        ),
        ("A_VALIDER_1", "REFUSE_AGREEMENT", ["REFUSEE_1"]),
        ("A_RECYCLER", "REROUTE", ["DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"]),
        ("SUSPENDUE", "COMPLETE", ["COMPLETEE"]),
        ("MISE_A_DISPOSITION", "MANDATE", ["MANDATEE"]),
    ],
)
def test_the_system_takes_an_invoice_as_far_as_it_can_by_itself(status: str, act: str, reached: list[str]) -> None:
    assert [row.target.value for row in path(Status(status), Act(act))] == reached


@pytest.mark.parametrize("status", list(Status))
def test_a_number_is_free_again_after_a_rejection_or_a_refusal_only(status: Status) -> None:
    assert (status in FREES_ITS_NUMBER) is (status.value in {"REJETEE", "REFUSEE_1"})


@pytest.mark.parametrize("status", sorted(FREES_ITS_NUMBER))
def test_nothing_ever_comes_back_to_an_invoice_whose_number_is_free(status: Status) -> None:
    assert not [row for row in TRANSITIONS if row.source is status]


def test_an_accepted_invoice_goes_from_nothing_to_the_recipients_list() -> None:
    assert [row.target.value for row in integration_path()] == [
        "DEPOSEE",
        "EN_COURS_ACHEMINEMENT",
        "MISE_A_DISPOSITION",
    ]


# From a wanted status to the act


@pytest.mark.parametrize(
    ("wanted", "act"),
    [
        ("SUSPENDUE", "SUSPEND"),
        ("REJETEE", "REJECT"),
        ("A_RECYCLER", "RETURN"),
        ("SERVICE_FAIT", "CERTIFY_SERVICE"),
        ("MANDATEE", "MANDATE"),
        ("MISE_A_DISPOSITION_COMPTABLE", "PASS_TO_ACCOUNTANT"),
        ("COMPTABILISEE", "ENTER_IN_ACCOUNTS"),
        ("MISE_EN_PAIEMENT", "PAY"),
    ],
)
def test_the_recipient_names_the_status_that_it_wants(wanted: str, act: str) -> None:
    assert act_to_reach(Status(wanted), Role.RECIPIENT) is Act(act)


@pytest.mark.parametrize("wanted", ["DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION", "COMPLETEE"])
def test_a_status_that_is_not_the_recipients_to_give_is_an_invalid_request(wanted: str) -> None:
    with pytest.raises(InvalidRequest, match="MISE_EN_PAIEMENT") as refused:
        act_to_reach(Status(wanted), Role.RECIPIENT)
    assert refused.value.field == Field.WANTED_STATUS
    assert wanted in refused.value.message


def test_the_refusal_says_where_the_invoice_is_and_what_can_be_done() -> None:
    with pytest.raises(ActImpossible) as refused:
        transition(Status.MANDATEE, Act.SUSPEND)
    assert "au statut MANDATEE (Mandatée)" in refused.value.message
    assert refused.value.message.endswith(
        "Actions possibles pour vous : MISE_A_DISPOSITION_COMPTABLE (Mise à disposition du comptable), "
        "COMPTABILISEE (Comptabilisée), MISE_EN_PAIEMENT (Mise en paiement)."
    )


@pytest.mark.parametrize(
    ("status", "act", "said"),
    [
        (Status.SUSPENDUE, Act.MANDATE, "aucune."),
        (Status.SUSPENDUE, Act.REROUTE, "COMPLETEE (Complétée)."),
        (Status.MISE_A_DISPOSITION, Act.COMPLETE, "aucune."),
        (Status.A_VALIDER_1, Act.PAY, "aucune."),
        (Status.MISE_EN_PAIEMENT, Act.PAY, "aucune."),
    ],
)
def test_the_refusal_names_only_what_the_same_party_can_do(status: Status, act: Act, said: str) -> None:
    with pytest.raises(ActImpossible) as refused:
        transition(status, act)
    assert refused.value.message.endswith(f"Actions possibles pour vous : {said}")


def test_each_act_is_of_one_role() -> None:
    for act in Act:
        assert len({row.role for row in TRANSITIONS if row.act is act}) == 1


# What an act needs

NEED_A_REASON = {"SUSPEND", "REJECT", "REFUSE_AGREEMENT"}
COMMENTED = {"COMPLETE", "REROUTE"}


@pytest.mark.parametrize("source", ["MISE_A_DISPOSITION", "COMPLETEE"])
@pytest.mark.parametrize("act", ["SUSPEND", "REJECT"])
@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_suspending_and_rejecting_need_a_reason(source: str, act: str, reason: str) -> None:
    row = transition(Status(source), Act(act))
    with pytest.raises(InvalidRequest, match="motif") as refused:
        check_needs(row, reason, "")
    assert refused.value.field == Field.REASON
    assert check_needs(row, "Montant erroné", "") is None


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.act.value not in NEED_A_REASON])
def test_no_other_act_needs_a_reason(row: Transition) -> None:
    assert check_needs(row, "", "") is None


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.act.value in COMMENTED])
def test_a_supplier_comments_in_2000_characters(row: Transition) -> None:
    assert check_needs(row, "é" * 2000, "") is None
    with pytest.raises(InvalidRequest, match="commentaire dépasse 2000") as refused:
        check_needs(row, "é" * 2001, "")
    assert refused.value.field == Field.COMMENT


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.act.value not in COMMENTED])
def test_a_reason_is_at_most_255_characters_for_every_act(row: Transition) -> None:
    assert REASON_MAX_LENGTH == 255
    assert check_needs(row, "é" * 255, "") is None
    with pytest.raises(InvalidRequest, match="255"):
        check_needs(row, "é" * 256, "")


@pytest.mark.parametrize("row", TRANSITIONS)
def test_a_mandate_number_goes_with_mandatee_only(row: Transition) -> None:
    if row.target is Status.MANDATEE:
        assert check_needs(row, "", "M-2026-1") is None
    else:
        with pytest.raises(InvalidRequest, match="MANDATEE") as refused:
            check_needs(row, "un motif", "M-2026-1")
        assert refused.value.field == Field.MANDATE_NUMBER


def test_a_mandate_number_is_optional_and_at_most_50_characters() -> None:
    row = transition(Status.SERVICE_FAIT, Act.MANDATE)
    assert MANDATE_NUMBER_MAX_LENGTH == 50
    assert check_needs(row, "", "") is None
    assert check_needs(row, "", "9" * 50) is None
    with pytest.raises(InvalidRequest, match="50"):
        check_needs(row, "", "9" * 51)
