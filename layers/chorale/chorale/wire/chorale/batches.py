"""Our additions for machines: a file checked without deposit, the statuses of many invoices."""

import base64
from typing import Any, ClassVar

from pydantic import Field

from chorale.domain.deposits.flux import RANKS_PER_CHUNK
from chorale.domain.findings import IntegrationReport
from chorale.domain.invoices.bulk import AT_MOST, Statuses
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.statuses import FluxState
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.values import Instant, Integer, Text
from chorale.wire.factures.deposit import DeposerFluxAsk


class ControlerAsk(DeposerFluxAsk):
    """The same request as a deposit."""


class ControlerAnswer(Answer):
    """What the deposit of the file would give."""

    KEEPS_NULLS: ClassVar[bool] = True

    conforme: bool = Field(description="Vrai si chaque facture du fichier serait intégrée.")
    etat: str = Field(description="L'état qu'aurait le dépôt.")
    rapport: dict[str, Any] = Field(description=f"Compte rendu complet ; {RANKS_PER_CHUNK} factures au plus.")


def checked(report: IntegrationReport, as_json: dict[str, Any]) -> ControlerAnswer:
    """The answer to a check; ``as_json`` is the report as JSON types."""
    return ControlerAnswer(
        conforme=report.state is FluxState.INTEGRATED, etat=report.state.public_code, rapport=as_json
    )


class StatutsAsk(Ask):
    """Which invoices."""

    identifiants_facture_cpp: list[Integer] = Field(
        default=[], validation_alias="identifiantsFactureCPP", description="De factures émises, reçues ou à valider."
    )
    numeros_facture: list[Text] = Field(
        default=[], description=f"De factures émises. Avec les identifiants : {AT_MOST} au plus."
    )


class StatutFacture(Part):
    """Where one invoice stands."""

    identifiant_facture_cpp: int = Field(serialization_alias="identifiantFactureCPP")
    numero_facture: str
    type_facture: str
    statut: str
    statut_libelle: str
    date_statut: Instant
    motif: str | None = None
    version: int = Field(description="Augmente à chaque changement de statut.")


class StatutsAnswer(Answer):
    """The statuses, and what is unknown to the caller."""

    liste_statuts: list[StatutFacture]
    identifiants_inconnus: list[int]
    numeros_inconnus: list[str]


def statuses_answer(statuses: Statuses) -> StatutsAnswer:
    """The answer to a query of statuses."""
    return StatutsAnswer(
        liste_statuts=[_status(row) for row in statuses.found],
        identifiants_inconnus=list(statuses.unknown_ids),
        numeros_inconnus=list(statuses.unknown_numbers),
    )


def _status(row: InvoiceSummary) -> StatutFacture:
    return StatutFacture(
        identifiant_facture_cpp=row.id,
        numero_facture=row.number,
        type_facture=row.kind.value,
        statut=row.status.value,
        statut_libelle=row.status.label,
        date_statut=row.status_at,
        motif=row.status_reason or None,
        version=row.version,
    )


class CycleDeVieAsk(Ask):
    """Of which deposit."""

    numero_flux_depot: Text = Field(description="25 caractères, reçu au dépôt.")


class CycleDeVieAnswer(Answer):
    """A life-cycle file in the format CPPStatut."""

    nom_fichier: str
    fichier_resultat: str = Field(description="CPPStatut V1.19 (FEN1201A), en base64.")


def life_cycle_answer(name: str, content: bytes) -> CycleDeVieAnswer:
    """The answer with a file."""
    return CycleDeVieAnswer(nom_fichier=name, fichier_resultat=base64.b64encode(content).decode())
