"""The agreement that a sub-contractor's or co-contractor's invoice needs before its recipient gets it.

Sources: code de la commande publique R2193-11 to -13 (fifteen days, silence agrees, a later refusal is void); the
status texts and the motives of the AIFE Swagger "Factures" and its service pages. That the mandataire's silence is no
visa, and that the days run again from the correction of a wrong validator, are decisions of this project.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from chorale.domain.dates import PARIS, paris_day, utc
from chorale.domain.directory.structures import Structure
from chorale.domain.errors import InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.findings import Finding, Severity
from chorale.domain.frames import Frame, Validation
from chorale.domain.invoices.transitions import REASON_MAX_LENGTH, Act

SILENCE_AFTER: Mapping[Validation, int | None] = {Validation.AGREEMENT: 15, Validation.VISA: None}
"""Days after which silence counts as agreement; None where it never does."""


def answer_due(frame: Frame, since: datetime) -> datetime | None:
    """The moment (UTC) after which silence agrees to an invoice put to its validator at ``since``; None for never.

    The days are calendar days, counted from the next one to the end of the last one in Paris; no holiday moves them.
    """
    days = SILENCE_AFTER[frame.validation] if frame.validation else None
    if days is None:
        return None
    return utc(datetime.combine(paris_day(since) + timedelta(days=days + 1), time(), PARIS))


class Decision(StrEnum):
    """What a validator decides. The value is ``action`` of the public API."""

    AGREE = "VALIDATION"
    REFUSE = "REFUS"


@dataclass(frozen=True, slots=True)
class Motive:
    """A reason to refuse, from the closed list of the public API."""

    id: int
    code: str
    label: str
    act: Act = Act.REFUSE_AGREEMENT


WRONG_VALIDATOR = Motive(1, "MAUVAIS_VALIDEUR", "Mauvais valideur", Act.DISOWN)
OTHER = Motive(2, "AUTRE", "Autre motif")
MOTIVES: tuple[Motive, ...] = (WRONG_VALIDATOR, OTHER)


def motives_for(frame: Frame | None) -> tuple[Motive, ...]:
    """The motives with which an invoice of ``frame`` can be refused; all of them when no frame is named."""
    return MOTIVES if frame is None or frame.validation else ()


def motive_of(written: str) -> tuple[Motive, str]:
    """The motive that ``written`` names by code, label or number, and what is left as free text.

    A text that names none is itself the reason: the motive is then the other one.
    """
    for motive in MOTIVES:
        if written.casefold() in (motive.code.casefold(), motive.label.casefold(), str(motive.id)):
            return motive, ""
    return OTHER, written


def act_of(decision: Decision, written_motive: str, more: str) -> tuple[Act, str]:
    """The act behind a validator's decision, and the reason that the history keeps.

    Raises InvalidRequest when a refusal does not say why, or says it in more than 255 characters.
    """
    if decision is Decision.AGREE:
        return Act.AGREE, more
    motive, text = motive_of(written_motive.strip())
    details = " ".join(part for part in (text, more.strip()) if part)
    if motive is OTHER and not details:
        raise InvalidRequest(
            f"Un refus doit être motivé : indiquez {Field.REFUSAL_MOTIVE}, et dites dans {Field.REFUSAL_DETAILS} ce "
            f"qui ne va pas quand le motif est {OTHER.code}.",
            Field.REFUSAL_MOTIVE,
        )
    reason = f"{motive.label} : {details}" if details else motive.label
    if len(reason) > REASON_MAX_LENGTH:
        raise InvalidRequest(f"Le motif du refus dépasse {REASON_MAX_LENGTH} caractères.", Field.REFUSAL_DETAILS)
    return motive.act, reason


def validator_findings(written: str, validator: Structure | None, supplier_id: int) -> list[Finding]:
    """What keeps the structure behind ``written`` from validating the supplier's invoice; empty when it can."""
    if validator is None or not validator.active:
        return [
            Finding(
                "CHO-VALIDEUR-INCONNU", Severity.ERROR, "CHORALE",
                f"Le valideur {written} n'est pas une structure active de l'annuaire : indiquez le SIRET du titulaire "
                "ou du mandataire du marché.",
                f"Validator {written} is not an active structure of the directory: give the contractor's SIRET.",
                term="BG-11", value=written, expected="SIRET d'une structure active de l'annuaire",
            )
        ]  # fmt: skip
    if validator.id == supplier_id:
        return [
            Finding(
                "CHO-VALIDEUR-FOURNISSEUR", Severity.ERROR, "CHORALE",
                f"Le valideur {written} est le fournisseur lui-même : indiquez le SIRET du titulaire ou du mandataire "
                "du marché.",
                f"Validator {written} is the supplier itself: give the contractor's SIRET.",
                term="BG-11", value=written, expected="SIRET d'une autre structure",
            )
        ]  # fmt: skip
    return []
