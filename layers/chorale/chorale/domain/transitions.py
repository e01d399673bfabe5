"""The one table of status changes: (status, act) -> status, who may, what it needs.

A status never changes by assignment: a use case asks ``transition`` for the row, and the store writes the new status on
the condition that the invoice still has the one that was read. Possible acts, the API's lists of statuses, the diagram
of the docs and the exhaustive test are derived from ``TRANSITIONS``.

Sources: the status texts of the AIFE Swagger "Factures" (traiter/recue). The forward chain (service fait, mandatement,
comptable, comptabilisation, paiement: steps may be skipped, never backwards) is a decision of this project.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chorale.domain.errors import ActImpossible, InvalidRequest
from chorale.domain.statuses import Status


class Part(StrEnum):
    """The part somebody plays towards one invoice."""

    SYSTEM = "SYSTEM"
    SUPPLIER = "SUPPLIER"
    RECIPIENT = "RECIPIENT"


class Act(StrEnum):
    """Something done to an invoice that changes its status."""

    REGISTER = "REGISTER"
    ROUTE = "ROUTE"
    DELIVER = "DELIVER"
    SUSPEND = "SUSPEND"
    REJECT = "REJECT"
    RETURN = "RETURN"
    CERTIFY_SERVICE = "CERTIFY_SERVICE"
    MANDATE = "MANDATE"
    PASS_TO_ACCOUNTANT = "PASS_TO_ACCOUNTANT"  # noqa: S105 - an act, not a password
    ENTER_IN_ACCOUNTS = "ENTER_IN_ACCOUNTS"
    PAY = "PAY"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    source: Status | None
    """None for an invoice that does not exist yet."""
    act: Act
    target: Status
    part: Part
    needs_reason: bool = False
    takes_mandate_number: bool = False


REASON_MAX_LENGTH = 255
MANDATE_NUMBER_MAX_LENGTH = 50


def _recipient(act: Act, target: Status, sources: tuple[Status, ...], **needs: bool) -> Iterator[Transition]:
    for source in sources:
        yield Transition(source, act, target, Part.RECIPIENT, **needs)


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
    Transition(None, Act.REGISTER, Status.DEPOSEE, Part.SYSTEM),
    Transition(Status.DEPOSEE, Act.ROUTE, Status.EN_COURS_ACHEMINEMENT, Part.SYSTEM),
    Transition(Status.EN_COURS_ACHEMINEMENT, Act.DELIVER, Status.MISE_A_DISPOSITION, Part.SYSTEM),
    *_recipient(Act.SUSPEND, Status.SUSPENDUE, WITH_THE_RECIPIENT, needs_reason=True),
    *_recipient(Act.REJECT, Status.REJETEE, WITH_THE_RECIPIENT, needs_reason=True),
    *_recipient(Act.RETURN, Status.A_RECYCLER, WITH_THE_RECIPIENT),
    *_forward_chain(),
)

_BY_KEY = {(row.source, row.act): row for row in TRANSITIONS}

INTEGRATION_ACTS = (Act.REGISTER, Act.ROUTE, Act.DELIVER)
"""What the system does, in one go, with an invoice that is accepted."""


def transition(source: Status | None, act: Act) -> Transition:
    """The row for ``act`` on an invoice at ``source``; raises ActImpossible when there is none."""
    row = _BY_KEY.get((source, act))
    if row is None:
        now = f"au statut {source.value}" if source else "inexistante"
        raise ActImpossible(
            f"Action impossible : la facture est {now}. Actions possibles depuis ce statut : "
            f"{', '.join(sorted(r.target.value for r in TRANSITIONS if r.source is source)) or 'aucune'}.",
            source.value if source else None,
        )
    return row


def possible_targets(source: Status, part: Part) -> tuple[Status, ...]:
    """Statuses that ``part`` can give to an invoice at ``source``, in the order of the table."""
    return tuple(row.target for row in TRANSITIONS if row.source is source and row.part is part)


def act_to_reach(target: Status, part: Part) -> Act:
    """The act by which ``part`` gives the status ``target``; raises InvalidRequest when there is none."""
    for row in TRANSITIONS:
        if row.target is target and row.part is part:
            return row.act
    raise InvalidRequest(
        f"Le statut {target.value} ne peut pas être posé par ce service. Statuts admis : "
        f"{', '.join(dict.fromkeys(r.target.value for r in TRANSITIONS if r.part is part))}.",
        "nouveauStatut",
    )


def check_needs(row: Transition, reason: str, mandate_number: str) -> None:
    """Raise InvalidRequest when what ``row`` needs is missing or too long (characters)."""
    if row.needs_reason and not reason.strip():
        raise InvalidRequest(f"Un motif est obligatoire pour le statut {row.target.value}.", "motif")
    if len(reason) > REASON_MAX_LENGTH:
        raise InvalidRequest(f"Le motif dépasse {REASON_MAX_LENGTH} caractères.", "motif")
    if len(mandate_number) > MANDATE_NUMBER_MAX_LENGTH:
        raise InvalidRequest(f"Le numéro de mandat dépasse {MANDATE_NUMBER_MAX_LENGTH} caractères.", "numeroDPMandat")
    if mandate_number and not row.takes_mandate_number:
        raise InvalidRequest(
            f"Un numéro de mandat ne s'indique qu'avec le statut {Status.MANDATEE.value}.", "numeroDPMandat"
        )


def integration_path() -> tuple[Transition, ...]:
    """The rows that an accepted invoice goes through, from nothing to the recipient's list."""
    source: Status | None = None
    path = []
    for act in INTEGRATION_ACTS:
        row = transition(source, act)
        path.append(row)
        source = row.target
    return tuple(path)
