"""The one table of status changes: (status, act) -> status, who may, what it needs.

A status never changes by assignment: a use case asks ``transition`` for the row, and the store writes the new status on
the condition that the invoice still has the one that was read. Possible acts, the API's lists of statuses, the diagram
of the docs and the exhaustive test are derived from ``TRANSITIONS``.

Sources: the status texts of the AIFE Swagger "Factures" (traiter/recue, completer, recycler, traiter/factureAValider,
corriger/valideur/facture); code de la commande publique R2193-11 to -13 for the validator. The forward chain (service
fait, mandatement, comptable, comptabilisation, paiement: steps may be skipped, never backwards) is a decision of this
project.

Who issued an invoice never withdraws it; the payment of a works contract is withdrawn by its depositor, as long as the
payer has not acted (works rule 30): the system does it with the act on the works paper.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chorale.domain.errors import ActImpossible, InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.statuses import Status


class Role(StrEnum):
    """The part somebody plays towards one invoice."""

    SYSTEM = "SYSTEM"
    SUPPLIER = "SUPPLIER"
    RECIPIENT = "RECIPIENT"
    VALIDATOR = "VALIDATOR"


class Act(StrEnum):
    """Something done to an invoice that changes its status."""

    REGISTER = "REGISTER"
    ROUTE = "ROUTE"
    DELIVER = "DELIVER"
    ASK_AGREEMENT = "ASK_AGREEMENT"
    AGREE = "AGREE"
    REFUSE_AGREEMENT = "REFUSE_AGREEMENT"
    DISOWN = "DISOWN"
    TAKE_SILENCE_AS_AGREEMENT = "TAKE_SILENCE_AS_AGREEMENT"
    NAME_ANOTHER_VALIDATOR = "NAME_ANOTHER_VALIDATOR"
    COMPLETE = "COMPLETE"
    REROUTE = "REROUTE"
    SUSPEND = "SUSPEND"
    REJECT = "REJECT"
    RETURN = "RETURN"
    CERTIFY_SERVICE = "CERTIFY_SERVICE"
    MANDATE = "MANDATE"
    PASS_TO_ACCOUNTANT = "PASS_TO_ACCOUNTANT"  # noqa: S105 - an act, not a password
    ENTER_IN_ACCOUNTS = "ENTER_IN_ACCOUNTS"
    PAY = "PAY"
    WITHDRAW = "WITHDRAW"


REASON_MAX_LENGTH = 255
COMMENT_MAX_LENGTH = 2000
"""Characters of what a supplier writes when it completes or sends on an invoice."""
MANDATE_NUMBER_MAX_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    source: Status | None
    """None for an invoice that does not exist yet."""
    act: Act
    target: Status
    role: Role
    needs_reason: bool = False
    takes_mandate_number: bool = False
    longest_reason: int = REASON_MAX_LENGTH
    """Characters of the motive or comment."""


def _recipient(act: Act, target: Status, sources: tuple[Status, ...], **needs: bool) -> Iterator[Transition]:
    for source in sources:
        yield Transition(source, act, target, Role.RECIPIENT, **needs)


WITH_THE_RECIPIENT = (Status.MISE_A_DISPOSITION, Status.COMPLETEE)
FORWARD_CHAIN = (
    (Act.CERTIFY_SERVICE, Status.SERVICE_FAIT),
    (Act.MANDATE, Status.MANDATEE),
    (Act.PASS_TO_ACCOUNTANT, Status.MISE_A_DISPOSITION_COMPTABLE),
    (Act.ENTER_IN_ACCOUNTS, Status.COMPTABILISEE),
    (Act.PAY, Status.MISE_EN_PAIEMENT),
)


def _forward_chain() -> Iterator[Transition]:
    reached: tuple[Status, ...] = WITH_THE_RECIPIENT
    for act, target in FORWARD_CHAIN:
        yield from _recipient(act, target, reached, takes_mandate_number=act is Act.MANDATE)
        reached = (*reached, target)


TRANSITIONS: tuple[Transition, ...] = (
    Transition(None, Act.REGISTER, Status.DEPOSEE, Role.SYSTEM),
    Transition(Status.DEPOSEE, Act.ROUTE, Status.EN_COURS_ACHEMINEMENT, Role.SYSTEM),
    Transition(Status.VALIDEE_1, Act.ROUTE, Status.EN_COURS_ACHEMINEMENT, Role.SYSTEM),
    Transition(Status.ABSENCE_VALIDATION_1_HORS_DELAI, Act.ROUTE, Status.EN_COURS_ACHEMINEMENT, Role.SYSTEM),
    Transition(Status.EN_COURS_ACHEMINEMENT, Act.DELIVER, Status.MISE_A_DISPOSITION, Role.SYSTEM),
    Transition(Status.DEPOSEE, Act.ASK_AGREEMENT, Status.A_VALIDER_1, Role.SYSTEM),
    Transition(Status.A_VALIDER_1, Act.AGREE, Status.VALIDEE_1, Role.VALIDATOR),
    Transition(Status.A_VALIDER_1, Act.REFUSE_AGREEMENT, Status.REFUSEE_1, Role.VALIDATOR, needs_reason=True),
    Transition(Status.A_VALIDER_1, Act.DISOWN, Status.ERREUR_FOURNISSEUR_SUR_VALIDEUR, Role.VALIDATOR),
    Transition(Status.A_VALIDER_1, Act.TAKE_SILENCE_AS_AGREEMENT, Status.ABSENCE_VALIDATION_1_HORS_DELAI, Role.SYSTEM),
    Transition(Status.ERREUR_FOURNISSEUR_SUR_VALIDEUR, Act.NAME_ANOTHER_VALIDATOR, Status.A_VALIDER_1, Role.SUPPLIER),
    Transition(Status.SUSPENDUE, Act.COMPLETE, Status.COMPLETEE, Role.SUPPLIER, longest_reason=COMMENT_MAX_LENGTH),
    Transition(Status.A_RECYCLER, Act.REROUTE, Status.DEPOSEE, Role.SUPPLIER, longest_reason=COMMENT_MAX_LENGTH),
    Transition(Status.MISE_A_DISPOSITION, Act.WITHDRAW, Status.ABANDONNEE, Role.SYSTEM),
    Transition(Status.A_RECYCLER, Act.WITHDRAW, Status.ABANDONNEE, Role.SYSTEM),
    *_recipient(Act.SUSPEND, Status.SUSPENDUE, WITH_THE_RECIPIENT, needs_reason=True),
    *_recipient(Act.REJECT, Status.REJETEE, WITH_THE_RECIPIENT, needs_reason=True),
    *_recipient(Act.RETURN, Status.A_RECYCLER, WITH_THE_RECIPIENT),
    *_forward_chain(),
)

_BY_KEY = {(row.source, row.act): row for row in TRANSITIONS}

FOLLOWED_BY = {
    Status.DEPOSEE: Act.ROUTE,
    Status.VALIDEE_1: Act.ROUTE,
    Status.ABSENCE_VALIDATION_1_HORS_DELAI: Act.ROUTE,
    Status.EN_COURS_ACHEMINEMENT: Act.DELIVER,
}
"""What the system does by itself, in one go with what brought the invoice there."""

FREES_ITS_NUMBER = frozenset({Status.REJETEE, Status.REFUSEE_1})
"""Ends after which the supplier issues the invoice again: its number may be used once more."""


def transition(source: Status | None, act: Act) -> Transition:
    """The row for ``act`` on an invoice at ``source``.

    Raises ActImpossible when there is none, with the statuses that the one whose act it is could give instead.
    """
    row = _BY_KEY.get((source, act))
    if row is None:
        now = f"au statut {source.value} ({source.label})" if source else "inexistante"
        possible = [f"{target.value} ({target.label})" for target in possible_targets(source, _role_of(act))]
        raise ActImpossible(
            f"Action impossible : la facture est {now}. Actions possibles pour vous : "
            f"{', '.join(possible) or 'aucune'}.",
            source.value if source else None,
        )
    return row


def _role_of(act: Act) -> Role:
    """Whose act it is: each act is of one role (a test holds the table to it)."""
    return next(row.role for row in TRANSITIONS if row.act is act)


def possible_targets(source: Status | None, role: Role) -> tuple[Status, ...]:
    """Statuses that ``role`` can give to an invoice at ``source``, in the order of the table."""
    return tuple(row.target for row in TRANSITIONS if row.source is source and row.role is role)


def act_to_reach(target: Status, role: Role) -> Act:
    """The act by which ``role`` gives the status ``target``; raises InvalidRequest when there is none."""
    for row in TRANSITIONS:
        if row.target is target and row.role is role:
            return row.act
    raise InvalidRequest(
        f"Le statut {target.value} ne peut pas être posé par ce service. Statuts admis : "
        f"{', '.join(dict.fromkeys(r.target.value for r in TRANSITIONS if r.role is role))}.",
        Field.WANTED_STATUS,
    )


def check_needs(row: Transition, reason: str, mandate_number: str) -> None:
    """Raise InvalidRequest when what ``row`` needs is missing or too long (characters)."""
    if row.needs_reason and not reason.strip():
        raise InvalidRequest(f"Un motif est obligatoire pour le statut {row.target.value}.", Field.REASON)
    if len(reason) > row.longest_reason:
        what, field = (
            ("motif", Field.REASON) if row.longest_reason == REASON_MAX_LENGTH else ("commentaire", Field.COMMENT)
        )
        raise InvalidRequest(f"Le {what} dépasse {row.longest_reason} caractères.", field)
    if len(mandate_number) > MANDATE_NUMBER_MAX_LENGTH:
        raise InvalidRequest(
            f"Le numéro de mandat dépasse {MANDATE_NUMBER_MAX_LENGTH} caractères.", Field.MANDATE_NUMBER
        )
    if mandate_number and not row.takes_mandate_number:
        raise InvalidRequest(
            f"Un numéro de mandat ne s'indique qu'avec le statut {Status.MANDATEE.value}.", Field.MANDATE_NUMBER
        )


def path(source: Status | None, act: Act, awaits_validation: bool = False) -> tuple[Transition, ...]:
    """The row for ``act``, and those that the system goes through after it by itself.

    ``awaits_validation``: whether the invoice goes to its validator once it is registered. Raises ActImpossible.
    """
    row = transition(source, act)
    rows = [row]
    while follower := FOLLOWED_BY.get(row.target):
        if row.target is Status.DEPOSEE and awaits_validation:
            follower = Act.ASK_AGREEMENT
        row = transition(row.target, follower)
        rows.append(row)
    return tuple(rows)


def integration_path(awaits_validation: bool = False) -> tuple[Transition, ...]:
    """The rows that an accepted invoice goes through, from nothing to the recipient's or the validator's list."""
    return path(None, Act.REGISTER, awaits_validation)
