"""What the recipient does with an invoice: ``traiter/recue``."""

from pydantic import AliasChoices, Field

from chorale.domain.dates import paris_day
from chorale.domain.errors import InvalidRequest
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.invoices.transitions import MANDATE_NUMBER_MAX_LENGTH, REASON_MAX_LENGTH, TRANSITIONS, Role
from chorale.domain.statuses import Status
from chorale.wire.base.enums import status_of
from chorale.wire.base.models import Answer, Ask
from chorale.wire.base.values import Day, Integer, Text

GIVEN = tuple(dict.fromkeys(row.target for row in TRANSITIONS if row.role is Role.RECIPIENT))
"""Statuses that a recipient can give, from the table of transitions."""


class TraiterRecueAsk(Ask):
    """The new status of a received invoice."""

    id_facture: Integer = Field(validation_alias=AliasChoices("idFacture", "identifiantFactureCPP"))
    nouveau_statut: Text = Field(json_schema_extra={"enum": [status.value for status in GIVEN]})
    motif: Text = Field(
        default="", description=f"Obligatoire pour SUSPENDUE et REJETEE, {REASON_MAX_LENGTH} caractères."
    )
    numero_dp_mandat: Text = Field(
        "", validation_alias="numeroDPMandat", description=f"Avec MANDATEE, {MANDATE_NUMBER_MAX_LENGTH} caractères."
    )
    id_utilisateur_courant: Integer = Field(default=0, description="Accepté et sans effet.")


def target_of(ask: TraiterRecueAsk) -> Status:
    """The status asked for; raises InvalidRequest for one that no invoice has here."""
    target = status_of(ask.nouveau_statut, "nouveauStatut", GIVEN)
    if target is None:
        raise InvalidRequest(
            f"Le statut {ask.nouveau_statut} ne peut pas être posé par ce service. Statuts admis : "
            f"{', '.join(status.value for status in GIVEN)}.",
            "nouveauStatut",
        )
    return target


class TraiterRecueAnswer(Answer):
    """The invoice at its new status."""

    id_facture: int
    numero_facture: str
    date_traitement: Day
    nouveau_statut: str


def processed(summary: InvoiceSummary) -> TraiterRecueAnswer:
    """The answer to ``traiter/recue``."""
    return TraiterRecueAnswer(
        id_facture=summary.id,
        numero_facture=summary.number,
        date_traitement=paris_day(summary.status_at),
        nouveau_statut=summary.status.value,
    )
