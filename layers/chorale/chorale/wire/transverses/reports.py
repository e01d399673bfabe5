"""What became of a deposit: the platform's two reports, and our complete one."""

import base64
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from pydantic import Field

from chorale.domain.deposits.flux import Flux
from chorale.domain.findings import Finding, IntegrationReport, RankOutcome, is_refused
from chorale.domain.syntaxes import SYNTAX_ROWS
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.values import Instant, Text

Labeller = Callable[[Iterable[Finding]], str]

PARTNER_CODE = "CHORALE"
PARTNER_NAME = "Chorale"
TECHNICAL_NATURE = "ERREUR_TECHNIQUE"


class ConsulterCRAsk(Ask):
    """Which deposit."""

    numero_flux_depot: Text = Field(description="25 caractères, reçu au dépôt.")
    syntaxe_flux: Text = Field(default="", description="Accepté et sans effet.")
    date_depot: Text = Field(default="", description="Accepté et sans effet.")


class ConsulterCRAnswer(Answer):
    """State of a deposit, and its report as a PDF once there is a verdict."""

    numero_flux_depot: str
    etat_courant_flux: str
    date_depot_flux: Instant
    date_heure_etat_courant_flux: Instant
    nom_fichier_flux: str
    code_interface_flux: str
    code_appli_partenaire: str
    designation_partenaire: str
    fichier_cr: str | None = Field(default=None, serialization_alias="fichierCR", description="PDF en base64.")


def report_answer(flux: Flux, pdf: bytes | None) -> ConsulterCRAnswer:
    """The answer to ``consulterCR``; ``pdf`` is None before the verdict."""
    return ConsulterCRAnswer(
        numero_flux_depot=flux.number,
        etat_courant_flux=flux.state.public_code,
        date_depot_flux=flux.deposited_at,
        date_heure_etat_courant_flux=flux.state_at or flux.deposited_at,
        nom_fichier_flux=flux.file_name,
        code_interface_flux=SYNTAX_ROWS[flux.syntax].interface_code,
        code_appli_partenaire=PARTNER_CODE,
        designation_partenaire=PARTNER_NAME,
        fichier_cr=base64.b64encode(pdf).decode() if pdf is not None else None,
    )


class ErreurDP(Part):
    """One refused invoice. Every key is always there: one client reads them without asking."""

    identifiant_fournisseur: str
    identifiant_destinataire: str
    numero_dp: str = Field(serialization_alias="numeroDP")
    libelle_erreur_dp: str = Field(serialization_alias="libelleErreurDP")


class ErreurTechnique(Part):
    """One thing wrong with the file itself."""

    nature_erreur: str
    code_erreur: str
    libelle_erreur: str


class ConsulterCRDetailleAnswer(Answer):
    """State of a deposit, with what was refused."""

    nom_fichier: str
    date_depot_flux: Instant
    code_interface_depot_flux: str
    etat_courant_depot_flux: str
    date_heure_etat_courant_flux: Instant
    liste_erreur_dp: list[ErreurDP] = Field(serialization_alias="listeErreurDP")
    liste_erreur_technique: list[ErreurTechnique]


def detailed_report_answer(flux: Flux, report: IntegrationReport | None, label: Labeller) -> ConsulterCRDetailleAnswer:
    """The answer to ``consulterCRDetaille``; ``label`` shortens findings to the platform's form."""
    return ConsulterCRDetailleAnswer(
        nom_fichier=flux.file_name,
        date_depot_flux=flux.deposited_at,
        code_interface_depot_flux=SYNTAX_ROWS[flux.syntax].interface_code,
        etat_courant_depot_flux=flux.state.public_code,
        date_heure_etat_courant_flux=flux.state_at or flux.deposited_at,
        liste_erreur_dp=_refused(report, label) if report else [],
        liste_erreur_technique=_wrong_with_the_file(report, label) if report else [],
    )


def _refused(report: IntegrationReport, label: Labeller) -> list[ErreurDP]:
    return [
        ErreurDP(
            identifiant_fournisseur=rank.supplier_identifier,
            identifiant_destinataire=rank.recipient_identifier,
            numero_dp=rank.invoice_number,
            libelle_erreur_dp=label(rank.findings),
        )
        for rank in report.ranks
        if rank.outcome is RankOutcome.REFUSED
    ]


def _wrong_with_the_file(report: IntegrationReport, label: Labeller) -> list[ErreurTechnique]:
    return [
        ErreurTechnique(nature_erreur=TECHNICAL_NATURE, code_erreur=finding.code, libelle_erreur=label([finding]))
        for finding in report.findings
        if is_refused([finding])
    ]


class DepotAnswer(Answer):
    """State of a deposit and, once there is a verdict, every finding."""

    KEEPS_NULLS: ClassVar[bool] = True

    numero_flux_depot: str
    etat: str
    etat_libelle: str
    date_depot_flux: Instant
    date_heure_etat_courant_flux: Instant
    nom_fichier: str
    syntaxe_flux: str
    taille: int | None = Field(description="Octets reçus; absent tant que le fichier n'est pas arrivé.")
    sha256: str | None = Field(description="Empreinte calculée à la réception.")
    integrees: int
    refusees: int
    rapport: dict[str, Any] | None = Field(description="Compte rendu complet, null avant le verdict.")


def deposit_answer(flux: Flux, report: dict[str, Any] | None) -> DepotAnswer:
    """The answer of our own resource; ``report`` is the complete report as JSON types."""
    return DepotAnswer(
        numero_flux_depot=flux.number,
        etat=flux.state.public_code,
        etat_libelle=flux.state.label,
        date_depot_flux=flux.deposited_at,
        date_heure_etat_courant_flux=flux.state_at or flux.deposited_at,
        nom_fichier=flux.file_name,
        syntaxe_flux=flux.syntax.value,
        taille=flux.size or None,
        sha256=flux.sha256 or None,
        integrees=flux.integrated,
        refusees=flux.refused,
        rapport=report,
    )
