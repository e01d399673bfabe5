"""The payment delay of a works payment: when it starts, its one interruption, when it ends.

Sources: code de la commande publique (CCP) R2192-10 and -11 (30 days; 50 for public health bodies; 60 for public
undertakings), R2192-27 to -29 (one interruption, with reasons and missing pieces, before the payment is ordered; a new
period of 30 days, or what was left if more, once all is received). Days are calendar days of Paris and do not move.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chorale.domain.dates import paris_day
from chorale.domain.errors import ActImpossible


class PayerKind(StrEnum):
    """Kind of payer, for the length of the delay."""

    GENERAL = "ETAT_OU_COLLECTIVITE"
    HEALTH = "ETABLISSEMENT_DE_SANTE"
    UNDERTAKING = "ENTREPRISE_PUBLIQUE"

    @property
    def days(self) -> int:
        """Length of the payment delay, in days."""
        return PAYMENT_DAYS[self]


PAYMENT_DAYS = {PayerKind.GENERAL: 30, PayerKind.HEALTH: 50, PayerKind.UNDERTAKING: 60}
NEW_PERIOD = 30
"""Days of the period that opens once the missing pieces are there, unless more were left (CCP R2192-29)."""


class ClockKind(StrEnum):
    """What is to be paid."""

    PROGRESS = "ACOMPTE"
    BALANCE = "SOLDE"
    SOUS_TRAITANT = "SOUS_TRAITANT"
    REVISION = "REVISION_DES_PRIX"


@dataclass(frozen=True, slots=True)
class PaymentClock:
    """One payment delay. ``started_at`` is the event; its day does not count."""

    kind: ClockKind
    days: int
    started_at: datetime
    first_started_at: datetime
    """When the first attempt started: kept in sight when the paper is sent again."""
    interrupted_at: datetime | None = None
    reason: str = ""
    missing: tuple[str, ...] = ()
    resumed_at: datetime | None = None
    paid_at: datetime | None = None
    ended_at: datetime | None = None
    """When its paper was abandoned, refused or replaced: nothing is owed on it any more."""

    @property
    def is_interrupted(self) -> bool:
        """Whether the delay stands still."""
        return self.interrupted_at is not None and self.resumed_at is None

    @property
    def can_be_interrupted(self) -> bool:
        """Whether it never was, and nothing is paid or given up."""
        return self.interrupted_at is None and self.paid_at is None and self.ended_at is None

    def has_run_out(self, at: datetime) -> bool:
        """Whether its last day is over at ``at``: interest runs, and nothing stops it any more."""
        return self.due_on is not None and paris_day(at) > self.due_on

    @property
    def due_on(self) -> date | None:
        """The last day of the delay, in Paris; None while it is interrupted."""
        end = paris_day(self.started_at) + timedelta(days=self.days)
        if self.interrupted_at is None:
            return end
        if self.resumed_at is None:
            return None
        left = (end - paris_day(self.interrupted_at)).days
        return paris_day(self.resumed_at) + timedelta(days=max(NEW_PERIOD, left))


def start_clock(kind: ClockKind, days: int, started_at: datetime, first: datetime | None = None) -> PaymentClock:
    """A clock of ``days`` that starts; ``first`` is when an earlier attempt of the same payment did."""
    return PaymentClock(kind, days, started_at, first or started_at)


def interrupt_clock(clock: PaymentClock, at: datetime, reason: str, missing: tuple[str, ...]) -> PaymentClock:
    """``clock`` standing still since ``at``; raises ActImpossible the second time (CCP R2192-27)."""
    if clock.paid_at is not None:
        raise ActImpossible("Le paiement est fait : son délai ne s'interrompt plus.")
    if clock.ended_at is not None:
        raise ActImpossible("La pièce est refusée, remplacée ou abandonnée : son délai de paiement est éteint.")
    if clock.interrupted_at is not None:
        raise ActImpossible(
            "Le délai de paiement a déjà été interrompu : il ne peut l'être qu'une fois (CCP R2192-27)."
        )
    if clock.has_run_out(at):
        raise ActImpossible("Le délai de paiement est dépassé : les intérêts courent, il ne s'interrompt plus.")
    return replace(clock, interrupted_at=at, reason=reason, missing=missing)


def resume_clock(clock: PaymentClock, at: datetime) -> PaymentClock:
    """``clock`` running again since ``at``; raises ActImpossible when it is not interrupted."""
    if not clock.is_interrupted:
        raise ActImpossible("Le délai de paiement n'est pas interrompu.")
    return replace(clock, resumed_at=at)


def pay_clock(clock: PaymentClock, at: datetime) -> PaymentClock:
    """``clock`` ended by the payment; the first one counts."""
    return clock if clock.paid_at is not None else replace(clock, paid_at=at)
